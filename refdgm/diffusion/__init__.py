"""Diffusion models and guidance."""
