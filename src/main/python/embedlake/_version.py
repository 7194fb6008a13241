"""The version of this package, which is that of the jar it works with."""

__version__ = "0.1.0"
