"""What if a patient took another regimen at one of her lines."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.appraisal.drug_levels import Level, drug_levels
from oestra.appraisal.line_followed import CRITERIA, LineFollowed, follow_line
from oestra.core.errors import InputError, shown
from oestra.core.finite import finite
from oestra.core.stream import Stream
from oestra.core.terms import Site
from oestra.drugs.ovarian_suppression import suppresses
from oestra.drugs.regimen import Regimen
from oestra.history.lived import Lived
from oestra.history.patient import SETTINGS, PatientCourse, course_of
from oestra.trial.adverse_event import draw_events
from oestra.trial.assumption import assumptions
from oestra.trial.lesion import diameter
from oestra.trial.plasma import copies_read
from oestra.trial.recist import best_response
from oestra.trial.response_code import Code
from oestra.tumor.burden import log_total
from oestra.tumor.clone import Clone

__all__ = ["WhatIf", "taken_at", "what_if"]

Array = NDArray[np.float64]
_WORDS = {Code.NON_CR_NON_PD: "non-CR/non-PD"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """One patient on one regimen from one of her lines on; days from its start.

    Parameters
    ----------
    patient, seed, line : int
        Who, of which population, and which metastatic line.
    start_day : float
        Day since diagnosis on which the line is chosen.
    taken, regimen : str
        What practice gave her there, empty where her life ends before; what she takes
        here.
    cells : DataFrame
        ``day`` and the cells of each clone until the line ends.
    lesions : tuple of dict
        ``site``, ``target`` and ``diameter_mm`` on these days.
    visits : DataFrame
        ``day``, ``sum_mm``, ``change_percent``, ``response``, ``new_lesion``,
        ``esr1_percent`` and ``esr1_copies``, the baseline first.
    levels : tuple of Level
        Drugs on their targets.
    events : DataFrame
        Adverse events while she takes the drugs.
    best : str
        Best response.
    progression_day, death_day, stop_day, reduce_day : float
        First scan that reads progression, death, and when harm stops the drugs or
        lowers their doses; ``inf`` for never.
    end_day : float
        When the line ends.
    ended_by : str
        Why.
    """

    patient: int
    seed: int
    line: int
    start_day: float
    taken: str
    regimen: str
    cells: pd.DataFrame
    lesions: tuple[dict[str, Any], ...]
    visits: pd.DataFrame
    levels: tuple[Level, ...]
    events: pd.DataFrame
    best: str
    progression_day: float
    death_day: float
    stop_day: float
    reduce_day: float
    end_day: float
    ended_by: str

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """What happened, as tables by name."""
        lesions = [
            {
                "lesion": i + 1,
                "site": one["site"],
                "target": one["target"],
                "day": day,
                "diameter_mm": size,
            }
            for i, one in enumerate(self.lesions)
            for day, size in zip(self.cells["day"], one["diameter_mm"], strict=True)
        ]
        levels = [
            {"drug": one.drug, "target": one.target, "day": day, "of_steady_state": x}
            for one in self.levels
            for day, x in zip(one.day, one.of_steady_state, strict=True)
        ]
        return {
            "visits": self.visits,
            "cells": self.cells,
            "lesions": pd.DataFrame(lesions),
            "levels": pd.DataFrame(levels),
            "events": self.events,
        }

    def to_json_dict(self) -> dict[str, Any]:
        """Return all of it as JSON can hold it."""
        return {
            "patient": self.patient,
            "seed": self.seed,
            "line": self.line,
            "start_day": self.start_day,
            "taken": self.taken,
            "regimen": self.regimen,
            "criteria": str(CRITERIA),
            "best_response": self.best,
            "progression_day": finite(self.progression_day),
            "end_day": self.end_day,
            "ended_by": self.ended_by,
            "death_day": finite(self.death_day),
            "stop_day": finite(self.stop_day),
            "reduce_day": finite(self.reduce_day),
            "visits": _records(self.visits),
            "lesions": list(self.lesions),
            "cells": self.cells.to_dict(orient="list"),
            "levels": [one.to_json_dict() for one in self.levels],
            "events": _records(self.events),
        }


def _known(value: Any) -> Any:
    """Return a value of a table as JSON can hold it."""
    return finite(value) if isinstance(value, float) else value


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows = table.to_dict(orient="records")
    return [{str(name): _known(value) for name, value in row.items()} for row in rows]


def taken_at(course: PatientCourse, line: int) -> str:
    """Return what practice gave at a metastatic line, empty where it gave none."""
    if line >= len(SETTINGS):
        return ""
    found = [one.regimen for one in course.lines if one.setting == SETTINGS[line]]
    return found[0] if found else ""


def what_if(lived: Lived, line: int, regimen: str = "") -> WhatIf:
    """Follow a patient on a regimen from one of her metastatic lines on.

    Parameters
    ----------
    lived : Lived
        Her life.
    line : int
        Which line, 1 for the first for metastases.
    regimen : str
        Drugs, doses and days; what practice gave her there by default.

    Returns
    -------
    WhatIf
        Until she dies.

    Raises
    ------
    InputError
        If she does not come to that line, or the regimen cannot be read or given.
    """
    course, cohort = course_of(lived), lived.at_lines
    _check_line(course, line, len(cohort.decisions))
    taken = taken_at(course, line)
    given = _read(regimen.strip() or taken, line, lived)
    found = follow_line(cohort, line - 1, given)
    patient = np.array([course.patient])
    return WhatIf(
        patient=course.patient,
        seed=course.seed,
        line=line,
        start_day=course.happenings[line - 1].day,
        taken=taken,
        regimen=str(given),
        cells=_cells(found),
        lesions=_lesions(found),
        visits=_visits(found, patient, lived, line),
        levels=_levels(found),
        events=_events(found, patient),
        best=_best(found),
        progression_day=found.progression_day,
        death_day=found.death_day,
        stop_day=_before(float(found.leaving.stop_day[0]), found.end_day),
        reduce_day=_before(float(found.leaving.reduce_day[0]), _treated(found)),
        end_day=found.end_day,
        ended_by=found.ended_by,
    )


def _check_line(course: PatientCourse, line: int, lines: int) -> None:
    who = f"Patient {course.patient} of seed {course.seed}"
    if not lines:
        raise InputError(f"{who} has no metastases, so no line to choose at.")
    if not 1 <= line <= lines:
        raise InputError(f"{who} comes to lines 1 to {lines}, got {line}.")


def _read(text: str, line: int, lived: Lived) -> Regimen:
    if not text:
        raise InputError(
            f"Practice gives her nothing at line {line}; name a regimen, such as "
            "'fulvestrant 500 mg on days 1, 15, 29 then every 28 days'."
        )
    found = Regimen.parse(text, lived.parameters.library)
    if suppresses(found):
        raise InputError(
            f"{shown(text)} silences ovaries, and patients here are postmenopausal; "
            "leave that drug out."
        )
    return found


def _before(day: float, end: float) -> float:
    return day if day < end else np.inf


def _treated(found: LineFollowed) -> float:
    """Return the day on which she takes no more of the drugs."""
    return min(found.end_day, float(found.leaving.stop_day[0]))


def _shown(found: LineFollowed) -> NDArray[np.bool_]:
    return found.course.days <= found.end_day


def _cells(found: LineFollowed) -> pd.DataFrame:
    shown_days = _shown(found)
    number = np.exp(found.course.clone_log_cells[0][:, shown_days].astype(float))
    table = pd.DataFrame({c.name.lower(): number[c] for c in Clone})
    table.insert(0, "day", found.course.days[shown_days])
    return table


def _lesions(found: LineFollowed) -> tuple[dict[str, Any], ...]:
    course, measured = found.course, found.reading.measured
    size = diameter(course.log_volume[0][:, _shown(found)].astype(float))
    target = np.zeros(len(size), bool) if measured is None else measured.target[0]
    return tuple(
        {
            "site": str(list(Site)[int(code)]),
            "target": bool(target[i]),
            "measurable": bool(course.measurable[0, i]),
            "diameter_mm": size[i].tolist(),
        }
        for i, code in enumerate(course.site[0])
        if code >= 0
    )


def _visits(
    found: LineFollowed, patient: NDArray[np.int64], lived: Lived, line: int
) -> pd.DataFrame:
    """Return the baseline and the scans until the line ends."""
    day = np.append(0.0, found.visits.day[0])
    kept = day <= found.end_day
    at = np.searchsorted(found.course.days, day[kept])
    clones = found.course.clone_log_cells[0][:, at].astype(float)
    mutant = clones[Clone.ESR1_MUTANT]
    total = log_total(clones.T)
    with np.errstate(invalid="ignore"):
        share = np.nan_to_num(100.0 * np.exp(mutant - total))
    copies = copies_read(
        mutant[None, :],
        patient,
        streams=lived.at_lines.streams,
        assumptions=assumptions(),
        stream=Stream.PLASMA.of(f"line {line}"),
    )[0]
    sums = np.append(found.reading.baseline, found.reading.target[0])
    change = np.append(0.0, found.assessment.change_percent[0])
    if not found.assessment.measurable[0]:
        sums, change = np.full(len(day), np.nan), np.full(len(day), np.nan)
    words = ["baseline", *map(_word, found.assessment.response[0])]
    new = np.append(False, found.reading.new_lesion[0])
    return pd.DataFrame(
        {
            "day": day[kept],
            "sum_mm": sums[kept],
            "change_percent": change[kept],
            "response": np.array(words)[kept],
            "new_lesion": new[kept],
            "esr1_percent": share,
            "esr1_copies": copies.astype(int),
        }
    )


def _word(code: int) -> str:
    known = Code(int(code))
    return _WORDS.get(known, known.name)


def _levels(found: LineFollowed) -> tuple[Level, ...]:
    library = found.parameters.library
    return drug_levels(found.regimen, found.subject, _treated(found), library)


def _events(found: LineFollowed, patient: NDArray[np.int64]) -> pd.DataFrame:
    events = draw_events(
        found.rates,
        found.leaving,
        patient,
        until=np.array([found.end_day]),
        cut=np.array([min(found.end_day, found.death_day)]),
        streams=found.streams,
        known=assumptions(),
    )
    named = ["drug", "term", "grade", "onset_day", "end_day", "action"]
    return events.sort_values("onset_day", ignore_index=True).reindex(columns=named)


def _best(found: LineFollowed) -> str:
    seen = found.visits.day[0] <= found.end_day
    best = best_response(
        found.assessment.response[:, seen],
        found.visits.day[:, seen],
        confirmation_weeks=None,
        otherwise=found.assessment.neither,
    )
    return _word(best.code[0])
