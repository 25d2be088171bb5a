"""Cell lines, one a file."""
