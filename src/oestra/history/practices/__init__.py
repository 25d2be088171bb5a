"""Practice outside trials, as it ships."""
