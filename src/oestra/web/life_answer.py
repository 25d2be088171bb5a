"""Answers of the view of one life."""

from collections.abc import Mapping
from typing import Any

from oestra.core.disclaimer import DISCLAIMER
from oestra.core.library import library_of
from oestra.core.units import DAYS_PER_MONTH, DAYS_PER_YEAR
from oestra.history.patient import follow_patient
from oestra.model.fit_remarks import fit_remarks
from oestra.model.parameters import best_parameters

__all__ = ["life"]


def life(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the life of one patient, as ``oestra patient --json`` prints it."""
    number, seed = given["number"], given["seed"]
    course = follow_patient(number, seed=seed, parameters=best_parameters(library_of()))
    return {
        **course.to_json_dict(),
        "days_per_year": DAYS_PER_YEAR,
        "days_per_month": DAYS_PER_MONTH,
        "command": f"oestra patient --seed {seed} --number {number}",
        "fit": next(fit_remarks(), ""),
        "disclaimer": DISCLAIMER,
    }
