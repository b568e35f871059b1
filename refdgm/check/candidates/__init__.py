"""Whoever is asked: what a module declares, and how its functions are called and differentiated."""
