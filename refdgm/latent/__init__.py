"""Discrete latents and their relaxations."""
