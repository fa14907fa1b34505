"""Files in the formats of others -> values, row by row: ESCO, O*NET, CASE, MOOChub, course tables.

A row that cannot be used is a `Finding` with file, line and reason, and the rows after it are read all the
same. Only a file that is no such file at all raises MalformedInputError.
"""
