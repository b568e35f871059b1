"""Checking somebody else's code: vectors → candidate → compare → diagnose → report."""

from refdgm.check.candidates import candidate

__all__ = ["candidate"]
