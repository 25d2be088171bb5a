"""Dishes and how many cells they hold, as they ship."""
