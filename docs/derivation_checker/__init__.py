"""What a derivation page is, what it may use, and what it is held against."""
