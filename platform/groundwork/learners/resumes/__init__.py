"""CVs that programs export: one module per format, all giving a `Resume`, and that written out as a text."""
