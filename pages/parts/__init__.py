"""Hold what the screens share."""
