"""How many patients a fit simulates, unless asked otherwise."""

import math

__all__ = ["COHORTS", "MOST", "NOISE", "PAIRS", "PATIENTS", "noise"]

PATIENTS = 1200
"""Lives that are simulated for each parameter set."""
MOST = 600
"""Patients followed in a trial, and of each stratum half as many."""
COHORTS = 6
"""Populations of so many patients that a fit is of: residuals of two differ by 0.65
standard errors of the published numbers, and a fit to one alone bends to its chance."""
PAIRS = 64
"""Pairs of opposite moves, each in a population of its own, that measure slopes."""
NOISE = 0.15
"""Error of the change of a residual within one: few patients change sides."""


def noise(patients: int) -> float:
    """Return the error of the change of a residual, by patients of all populations."""
    return NOISE * math.sqrt(PATIENTS / patients)
