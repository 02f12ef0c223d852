"""Answer what stands where, what is late and why, without a browser."""

__version__ = "0.2.0"
