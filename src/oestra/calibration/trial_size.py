"""How large a trial of the fit is, unless asked otherwise."""

__all__ = ["MOST"]

MOST = 3000
"""Patients followed in a trial by default, and of each stratum half as many."""
