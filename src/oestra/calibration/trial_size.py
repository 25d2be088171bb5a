"""How many patients a fit simulates, unless asked otherwise."""

__all__ = ["MOST", "PATIENTS"]

PATIENTS = 1200
"""Lives that are simulated for each parameter set."""
MOST = 600
"""Patients followed in a trial, and of each stratum half as many."""
