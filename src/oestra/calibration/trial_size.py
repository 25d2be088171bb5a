"""How many patients a fit simulates, unless asked otherwise."""

import math

__all__ = ["MOST", "NOISE", "PATIENTS", "noise"]

PATIENTS = 1200
"""Lives that are simulated for each parameter set."""
MOST = 600
"""Patients followed in a trial, and of each stratum half as many."""
NOISE = 0.15
"""Error of a residual with as many: populations are finite, and few change sides."""


def noise(patients: int) -> float:
    """Return the error of a residual that a number of simulated patients leaves."""
    return NOISE * math.sqrt(PATIENTS / patients)
