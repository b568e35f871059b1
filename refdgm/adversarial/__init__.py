"""Adversarial networks: what discriminators and generators are trained with, and the game that they play."""
