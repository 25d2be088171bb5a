"""Rows of the review, one a file."""
