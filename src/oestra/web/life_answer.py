"""Answers of the view of one life."""

import shlex
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from oestra.appraisal.known_regimens import known_doses, known_regimens
from oestra.appraisal.what_if import what_if
from oestra.core.disclaimer import DISCLAIMER
from oestra.core.library import library_of
from oestra.core.parameter_set import ParameterSet
from oestra.core.units import DAYS_PER_MONTH, DAYS_PER_YEAR
from oestra.history.lived import Lived, live
from oestra.history.patient import course_of
from oestra.model.fit_remarks import fit_remarks
from oestra.model.parameters import best_parameters
from oestra.report.clone_label import clone_label

__all__ = ["life", "line", "regimens"]


@lru_cache(maxsize=16)
def _lived(number: int, seed: int, parameters: ParameterSet) -> Lived:
    return live(number, seed=seed, parameters=parameters)


def life(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the life of one patient, as ``oestra patient --json`` prints it."""
    number, seed = given["number"], given["seed"]
    lived = _lived(number, seed, best_parameters(library_of()))
    return {
        **_named(course_of(lived).to_json_dict()),
        "choices": len(lived.at_lines.decisions),
        "days_per_year": DAYS_PER_YEAR,
        "days_per_month": DAYS_PER_MONTH,
        "command": f"oestra patient --seed {seed} --number {number}",
        "fit": next(fit_remarks(), ""),
        "disclaimer": DISCLAIMER,
    }


def _named(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record of cells with the names of their clones for people."""
    names = (name for name in record["cells"] if name != "day")
    return {**record, "clones": {name: clone_label(name) for name in names}}


def regimens(_given: Mapping[str, Any]) -> dict[str, Any]:
    """Return regimens of practice and trials of the library, and each drug as given."""
    library = library_of()
    return {
        "regimens": known_regimens(library),
        "doses": [asdict(one) for one in known_doses(library)],
    }


def line(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a patient on a regimen from one of her lines on."""
    number, seed, place = given["number"], given["seed"], given["line"]
    found = what_if(
        _lived(number, seed, best_parameters(library_of())), place, given["regimen"]
    )
    words = ["oestra", "patient", "--seed", str(seed), "--number", str(number)]
    words += ["--line", str(place), "--regimen", found.regimen]
    return {
        **_named(found.to_json_dict()),
        "days_per_month": DAYS_PER_MONTH,
        "days_per_year": DAYS_PER_YEAR,
        "command": shlex.join(words),
        "disclaimer": DISCLAIMER,
    }
