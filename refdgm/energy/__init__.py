"""Energies: unnormalised laws, their scores, and what they leave to be known of Z."""
