"""What a reference declares of its arguments and results, as data."""
