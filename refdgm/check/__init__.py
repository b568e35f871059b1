"""Checking somebody else's code: vectors → candidate → compare → diagnose → report."""

from refdgm.check.candidate.entry import candidate

__all__ = ["candidate"]
