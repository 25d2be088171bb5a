"""How large the pool of simulated patients is, and its seed, unless asked otherwise."""

__all__ = ["COHORT_PATIENTS", "COHORT_SEED"]

COHORT_PATIENTS = 4_000
"""Patients whose lives are simulated for the pool."""
COHORT_SEED = 20_141
"""Seed of their lives."""
