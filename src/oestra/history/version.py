"""The version of the simulation of histories: ``python -m oestra.history.version``.

A pool of patients belongs to the code that simulated it. Code is known by its syntax,
so that comments and docstrings change nothing. Code that was rewritten without a change
of results keeps the version and its pools: run this module after an edit. It simulates
a few patients anew, keeps the version where they live as before, and raises it where
they do not. Code that was edited and not declared stands for itself: pools simulated
with other code are not used.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from oestra.core.library import SHIPPED, Library
from oestra.core.parameter_set import ParameterSet
from oestra.core.source_code import code_digest, module_closure, text_digest
from oestra.course.assemble import alterations_of_patients
from oestra.drugs.fingerprint import acting_parts
from oestra.history.cohort import Cohort, simulate_cohort
from oestra.history.therapies import practice
from oestra.model.parameters import prior_parameters
from oestra.network.digest import structure_digest

__all__ = [
    "Declared",
    "data_parts",
    "declare",
    "declared",
    "simulation_version",
    "used_parameters",
]

_ROOT = "oestra.history.cohort"
_FILE = "version.json"
_PATIENTS, _SEED = 48, 11
_TOLERANCE = 1e-6
"""Relative; processors differ in last bits, and changes of the model in more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The version that was declared last.

    Parameters
    ----------
    version : int
        Raised whenever the same data give other patients.
    modules : tuple of str
        Modules that the simulation runs.
    text, code : str
        Hashes of their files, and of what they do.
    data : str
        Hash of the data that the golden patients were simulated from.
    golden : dict of str to float
        What is known of a few patients, from the files' own parameters.
    parameters : tuple of str
        Names of the parameters that the simulation reads.
    """

    version: int
    modules: tuple[str, ...]
    text: str
    code: str
    data: str
    golden: dict[str, float]
    parameters: tuple[str, ...]


@cache
def declared() -> Declared:
    """Return the version that ships."""
    text = files("oestra.history").joinpath(_FILE).read_text("utf-8")
    known = json.loads(text)
    for name in ("modules", "parameters"):
        known[name] = tuple(known[name])
    return Declared(**known)


@cache
def simulation_version() -> str:
    """Return the version of the code: a number as declared, else its own hash."""
    known = declared()
    if text_digest(known.modules) == known.text:
        return str(known.version)
    modules = module_closure([_ROOT])
    code = code_digest(modules)
    return str(known.version) if code == known.code else code


def data_parts(library: Library = SHIPPED) -> tuple[object, ...]:
    """Return the data that histories depend on, parameters aside.

    Parameters
    ----------
    library : Library
        Its pathways, alterations, practice, and the drugs that practice gives.

    Returns
    -------
    tuple
        Equal for libraries in which patients live alike.
    """
    known = practice(library)
    regimens = known.regimens
    given = [c.drug for regimen in regimens for c in regimen.components]
    alterations = [
        (one.gene, one.name, sorted(one.set.items()), sorted(one.scale.items()))
        for one in alterations_of_patients(library)
    ]
    therapies = [
        (name, kind, str(regimen), float(odds))
        for name, kind, regimen, odds in zip(
            known.names, known.classes, regimens, known.later_odds, strict=True
        )
    ]
    return (
        structure_digest(library),
        alterations,
        therapies,
        acting_parts((m for drug in given for m in drug.moieties), harm=False),
    )


def used_parameters(parameters: ParameterSet) -> tuple[tuple[str, float], ...]:
    """Return the parameters that histories depend on, with their values."""
    names = set(declared().parameters) | _own_names(parameters)
    return tuple((name, parameters[name]) for name in sorted(names & set(parameters)))


def _own_names(parameters: ParameterSet) -> set[str]:
    """Return parameters that own pathways bring: the cell reads all of its own."""
    return set(parameters) - set(prior_parameters())


@dataclass(frozen=True, slots=True)
class _Watched(ParameterSet):
    """A parameter set that notes what is read from it."""

    def __getitem__(self, name: str) -> float:
        _READ.add(name)
        return ParameterSet.__getitem__(self, name)

    def __hash__(self) -> int:
        return ParameterSet.__hash__(self)

    def replace(self, **values: float) -> "ParameterSet":
        found = ParameterSet.replace(self, **values)
        return _Watched(found.values_by_name, found.library)


_READ: set[str] = set()


def _golden(cohort: Cohort) -> dict[str, float]:
    """Reduce patients to numbers that any change of their lives moves."""
    told = cohort.decisions.select_dtypes("number")
    alive = np.isfinite(cohort.log_cells)
    found = {f"decisions/{name}": float(told[name].sum()) for name in told}
    found["decisions"] = float(len(told))
    found["log_cells"] = float(cohort.log_cells[alive].sum())
    found["clones"] = float(alive.sum())
    states = np.abs(cohort.y.astype(float)).sum(axis=(0, 1))
    return found | {f"state/{i}": float(value) for i, value in enumerate(states)}


def golden_patients() -> tuple[dict[str, float], tuple[str, ...]]:
    """Simulate the golden patients.

    Returns
    -------
    dict of str to float
        What is known of them.
    tuple of str
        Names of the parameters that were read.
    """
    prior = prior_parameters()
    _READ.clear()
    watched = _Watched(prior.values_by_name, prior.library)
    cohort = simulate_cohort(_PATIENTS, watched, seed=_SEED, workers=1, enriched=True)
    return _golden(cohort), tuple(sorted(_READ))


def differences(found: dict[str, float], known: dict[str, float]) -> list[str]:
    """Name what differs between golden patients, beyond last bits."""
    return [
        name
        for name in sorted(found.keys() | known.keys())
        if not np.isclose(
            found.get(name, np.nan),
            known.get(name, np.nan),
            rtol=_TOLERANCE,
            atol=_TOLERANCE,
        )
    ]


def data_digest() -> str:
    """Return a hash of the data the golden patients are simulated from."""
    prior = prior_parameters()
    parts = data_parts(), tuple(prior.items())
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def declare(path: Path | None = None) -> dict[str, Any]:
    """Declare the code as it stands, and raise the version if results changed.

    Parameters
    ----------
    path : Path, optional
        The file; by default the one the package reads.

    Returns
    -------
    dict
        The record that was written, and what changed.
    """
    target = path or Path(str(files("oestra.history"))) / _FILE
    old = declared() if target.is_file() else None
    modules = module_closure([_ROOT])
    golden, read = golden_patients()
    data, code = data_digest(), code_digest(modules)
    changed = differences(golden, old.golden) if old else []
    version = old.version if old else 1
    # Other data change the golden patients by themselves; other code may besides.
    if old is not None and code != old.code and (changed or data != old.data):
        version += 1
    record = {
        "version": version,
        "modules": list(modules),
        "text": text_digest(modules),
        "code": code,
        "data": data,
        "golden": golden,
        "parameters": list(read),
    }
    target.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    declared.cache_clear()
    simulation_version.cache_clear()
    return {**record, "changed": changed}


if __name__ == "__main__":
    written = declare()
    print(f"version {written['version']}; changed: {written['changed'] or 'nothing'}")  # noqa: T201
