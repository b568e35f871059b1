"""Mistakes planted after the cases of vectors 1.1.0 were frozen: seven after public code, the others by people who had
not seen the cases."""
