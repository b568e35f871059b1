"""Flows in continuous time: traces of Jacobians, and log-densities along a velocity."""
