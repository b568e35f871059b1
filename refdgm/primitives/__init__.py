"""The pieces that every family uses."""
