"""Sera and named media, as they ship."""
