"""The version of the code; the vectors have one of their own, told in their index."""

__version__ = "0.1.0"
