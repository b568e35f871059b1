"""The references run in ball arithmetic: certified numbers and certified derivatives.

Needs python-flint. ``balls`` is an array type and namespace of balls, ``enclose`` runs a reference and its
textbook definition on it and compares.
"""
