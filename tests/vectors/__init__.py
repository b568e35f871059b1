"""The reference vectors: the reader that trusts nothing, and the files that are shipped."""
