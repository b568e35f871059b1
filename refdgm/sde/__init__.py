"""Stochastic differential equations and their samplers."""
