"""The command `refdgm`."""
