"""Measurements on cell lines, repeated in the culture room."""
