"""An answer against the right one: how far it may be off, and whether it is."""
