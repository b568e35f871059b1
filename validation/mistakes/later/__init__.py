"""Mistakes planted after the cases of vectors 1.1.0 were frozen, by people who had not seen them."""
