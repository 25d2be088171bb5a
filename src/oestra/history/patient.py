"""One patient's life: therapies, clones and what was found, from diagnosis on."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.library import Library, library_of
from oestra.core.parameter_set import ParameterSet
from oestra.core.units import DAYS_PER_MONTH
from oestra.history.lines import Decisions
from oestra.history.lived import Lived, live
from oestra.history.observation import Observation
from oestra.history.therapies import Practice, practice
from oestra.model.parameters import best_parameters
from oestra.tumor.clone import Clone

__all__ = [
    "SETTINGS",
    "Happening",
    "PatientCourse",
    "TherapyLine",
    "course_of",
    "follow_patient",
]

Array = NDArray[np.float64]
SETTINGS = ("adjuvant", "first line", "second line", "third line")
"""Of therapies, by the number of metastatic lines begun."""
_FOUND = {
    "de_novo": "metastatic at diagnosis",
    "relapse": "relapse",
    "progression": "progression",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TherapyLine:
    """A regimen, its setting, and its first and last day since diagnosis."""

    regimen: str
    setting: str
    start_day: float
    end_day: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something found on a day since diagnosis."""

    day: float
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientCourse:
    """The life of one virtual patient.

    Parameters
    ----------
    patient, seed : int
        Her number, and the seed of the population.
    traits : dict
        What she and her tumor are like at diagnosis.
    days : ndarray, shape (t,)
        Days since diagnosis.
    log_cells : ndarray, shape (t, clones)
        Natural log of cells of each clone of `Clone`, ``-inf`` for none.
    lines : tuple of TherapyLine
        Therapies in order.
    happenings : tuple of Happening
        Metastases at diagnosis, relapse, progressions.
    visits : ndarray, shape (v,)
        Days on which metastatic disease was assessed.
    """

    patient: int
    seed: int
    traits: dict[str, Any]
    days: Array
    log_cells: Array
    lines: tuple[TherapyLine, ...]
    happenings: tuple[Happening, ...]
    visits: Array

    @property
    def cells(self) -> pd.DataFrame:
        """Cells of each clone, one row a day."""
        names = [clone.name.lower() for clone in Clone]
        table = pd.DataFrame(np.exp(self.log_cells), columns=pd.Index(names))
        table.insert(0, "day", self.days)
        return table

    def to_json_dict(self) -> dict[str, Any]:
        """Return the life as JSON can hold it."""
        return {
            "patient": self.patient,
            "seed": self.seed,
            "traits": self.traits,
            "lines": [
                {
                    "regimen": line.regimen,
                    "setting": line.setting,
                    "start_day": line.start_day,
                    "end_day": line.end_day,
                }
                for line in self.lines
            ],
            "happenings": [{"day": h.day, "name": h.name} for h in self.happenings],
            "visits": self.visits.tolist(),
            "cells": self.cells.to_dict(orient="list"),
        }


def follow_patient(
    patient: int = 0,
    *,
    seed: int = 1,
    parameters: ParameterSet | None = None,
    library: Library | None = None,
) -> PatientCourse:
    """Simulate one patient from diagnosis to cure or her last line.

    Parameters
    ----------
    patient : int
        Her number in the population.
    seed : int
        Seed of the population.
    parameters : ParameterSet, optional
        The model's parameters, which know their library; the best set by default.
    library : Library, optional
        Whose cell and practice, where no parameters are given; by default that of the
        package, of installed packages and of ``OESTRA_LIBRARY``.

    Returns
    -------
    PatientCourse
        Her life.
    """
    p = parameters or best_parameters(library or library_of())
    return course_of(live(patient, seed=seed, parameters=p))


def course_of(lived: Lived) -> PatientCourse:
    """Tell a life that was simulated.

    Parameters
    ----------
    lived : Lived
        From `oestra.history.lived.live`.

    Returns
    -------
    PatientCourse
        What happened in it.
    """
    seen = lived.seen
    days = np.concatenate([observation.day for observation in seen])
    log_cells = np.concatenate([observation.log_cells for observation in seen])
    line = np.concatenate([observation.line for observation in seen])
    if days[0] > 0:
        # She was diagnosed on day 0; until now the cells slept.
        days = np.insert(days, 0, 0.0)
        log_cells = np.concatenate([log_cells[:1], log_cells])
        line = np.insert(line, 0, 0)
    return PatientCourse(
        patient=lived.patient,
        seed=lived.seed,
        traits={str(k): _plain(v) for k, v in lived.covariates.iloc[0].items()},
        days=days,
        log_cells=log_cells,
        lines=_lines(seen, practice(lived.parameters.library)),
        happenings=_happenings(lived.found),
        visits=days[line > 0],
    )


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _lines(seen: Sequence[Observation], known: Practice) -> tuple[TherapyLine, ...]:
    """Join the periods in which the same therapy was taken."""
    found: list[TherapyLine] = []
    for before, after in pairwise(seen):
        code, setting = int(after.given[0]), SETTINGS[int(after.line[0])]
        if not code:
            continue
        start, end = float(before.day[0]), float(after.day[0])
        regimen = str(known.regimens[code])
        last = found[-1] if found else None
        if last and (last.regimen, last.setting) == (regimen, setting):
            start = found.pop().start_day
        found.append(
            TherapyLine(regimen=regimen, setting=setting, start_day=start, end_day=end)
        )
    return tuple(found)


def _happenings(found: Decisions) -> tuple[Happening, ...]:
    """Read from the decisions of decision what was found when."""
    day, facts = 0.0, found.facts
    listed: list[Happening] = []
    for index, setting in enumerate(facts["setting"]):
        if setting not in _FOUND:
            continue
        if setting == "relapse":
            day = float(facts["disease_free_months"][index]) * DAYS_PER_MONTH
        elif setting == "progression":
            day += float(facts["last_therapy_months"][index]) * DAYS_PER_MONTH
        listed.append(Happening(day=day, name=_FOUND[str(setting)]))
    return tuple(listed)
