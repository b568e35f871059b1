"""Stable kernels by name: the first line of each is the textbook expression, the rest how it stays in range."""
