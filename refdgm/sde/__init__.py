"""Stochastic differential equations and samplers, their noise an argument."""
