"""Campaigns of many independent tasks, here or on a cluster: `python -m validation.cluster`."""
