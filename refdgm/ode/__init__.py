"""Ordinary differential equations and their adjoints."""
