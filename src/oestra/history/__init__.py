"""Patients before any trial: onset, practice, earlier lines, and the pool of them."""
