"""Answer what stands where, what is late and why, without a browser."""

__version__ = "0.1.0"
