"""The version of this package, for what is stored and printed."""

__all__ = ["__version__"]

__version__ = "0.1.0"
