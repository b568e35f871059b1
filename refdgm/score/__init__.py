"""Score matching."""
