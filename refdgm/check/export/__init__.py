"""Questions, right answers and how far an answer may be off, as files for other languages."""
