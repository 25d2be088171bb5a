"""Claims, one a file."""
