"""Text as the engine reads it: folding, tokens of English and Chinese, and the removal of contact details."""
