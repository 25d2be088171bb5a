"""ADSL: one row a patient."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.cdisc.dictionary import Variable
from oestra.cdisc.tables import Column, Words
from oestra.evidence.vocabulary import Endpoint as Word
from oestra.history.cohort import SECOND_ALLELE
from oestra.trial.analysis import TimeToEvent
from oestra.trial.design import TrialDesign
from oestra.trial.endpoints import ENDPOINTS
from oestra.trial.harmed import COMPLETED, ENDS
from oestra.trial.second_progression import TREATED
from oestra.trial.statistic import Share
from oestra.trial.tables.plan import plain_words
from oestra.trial.tables.source import REFERENCE, Source, study_day
from oestra.trial.two_readings import OTHER

__all__ = ["adsl"]

_REASONS: Mapping[str, str] = dict(
    zip(
        (*ENDS, COMPLETED),
        (
            *("ADVERSE EVENT", "PROGRESSIVE DISEASE", "DEATH"),
            *("WITHDRAWAL BY SUBJECT", "", "COMPLETED"),
        ),
        strict=True,
    )
)
_TIMES = ("pfs", "ttp", "pfs2", TREATED, f"{OTHER}pfs", f"{OTHER}ttp")
"""Times whose days and deaths are known of patients, as columns begin."""
_SUBGROUP = re.compile(r"SUBG?\d+FL")
_STATUS = {"": "ONGOING", "COMPLETED": "COMPLETED"}
_SETTINGS = {"de_novo": "DE NOVO METASTATIC"}


def _from_population(one: Variable, baseline: pd.DataFrame) -> Column:
    """Return a column of the population, missing where it does not tell."""
    if one.column not in baseline:
        empty = Words.same("", len(baseline))
        return empty if one.type == "text" else np.full(len(baseline), np.nan)
    given = baseline[one.column]
    if one.column == "esr1_allele" and SECOND_ALLELE in baseline:
        second = baseline[SECOND_ALLELE]
        given = given.mask(second != "wild type", given + "+" + second)
    if one.codelist == "NY":
        return Words.flag(given.to_numpy(dtype=bool))
    if one.type != "text":
        return given.to_numpy(dtype=float)
    found = Words.of(given.to_numpy(dtype=object))
    told = _SETTINGS if one.name == "SETTING" else {}
    return Words(
        [told.get(word, word.upper().replace("_", " ")) for word in found.words],
        found.code,
    )


def _strata(source: Source) -> dict[str, Any]:
    """Return what the patients were stratified by, in words."""
    design, enrolled = source.design, source.done.enrolled
    count = len(design.strata)
    columns: dict[str, Any] = {}
    for place, text in enumerate(design.strata):
        met = (enrolled.stratum >> (count - 1 - place)) & 1
        words = [plain_words(text, met=False), plain_words(text)]
        columns[f"STRAT{place + 1}D"] = Words.same(words[1], source.size)
        columns[f"STRAT{place + 1}R"] = Words(words, met)
    groups = list(design.groups) or [""]
    columns["COHORT"] = Words(groups, enrolled.group)
    named = _combinations(design, groups)
    code = enrolled.group * 2**count + enrolled.stratum
    columns["STRATAR"] = Words(named, code)
    columns["STRATARN"] = source.patients["stratum"].to_numpy()
    return columns


def _combinations(design: TrialDesign, groups: list[str]) -> list[str]:
    """Return the words of every group and stratum, in order of their numbers."""
    found = [[group] if group else [] for group in groups]
    for text in design.strata:
        both = [plain_words(text, met=False), plain_words(text)]
        found = [[*known, words] for known in found for words in both]
    return ["; ".join(words) for words in found]


def _death(source: Source) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return who is known to have died, and the last day each is known of."""
    table = source.patients
    if TimeToEvent.OS in source.design.endpoints:
        died = table["os_event"].to_numpy(dtype=bool)
        return died, table["os_day"].to_numpy()
    death = np.full(source.size, np.inf)
    last = np.maximum(_treated(source), _scanned(source))
    for time in _TIMES:
        if f"{time}_day" not in table:
            continue
        day = table[f"{time}_day"].to_numpy(dtype=float)
        dead = (table[f"{time}_reason"] == "death").to_numpy()
        event = table[f"{time}_event"].eq(True).to_numpy()  # noqa: FBT003 - or missing
        death = np.where(event & dead, np.fmin(death, day), death)
        last = np.fmax(last, day)
    died = np.isfinite(death)
    return died, np.where(died, death, last)


def _treated(source: Source) -> NDArray[np.float64]:
    """Return the last day on which each was treated, or had an event of harm."""
    every, events = np.arange(source.size), source.done.events
    last = source.done.ends.set_index("patient").loc[every, "end_day"]
    for name in ("onset_day", "end_day"):
        day = events[name].astype(float)
        seen = day.where(np.isfinite(day)).groupby(events["patient"]).max()
        last = last.combine(seen.reindex(every), np.fmax)
    return last.to_numpy(dtype=float)


def _cut(source: Source) -> NDArray[np.float64]:
    """Return the date of the data cut: one for all, but for an end of treatment."""
    entry, cut = (
        source.patients[f"{name}_day"].to_numpy() for name in ("entry", "cut")
    )
    date = REFERENCE + np.floor(source.design.cut_days)
    whole = entry + cut > source.design.cut_days - 1e-6
    return np.where(whole, date, source.dated(np.arange(source.size), cut))


def _scanned(source: Source) -> NDArray[np.float64]:
    """Return the day of the last scan of each, evaluable or not; 0 before any."""
    last = np.zeros(source.size)
    for one in source.done.scans:
        day = np.where(one.scanned, one.assessment.schedule.day, 0.0)
        last[one.patient] = day.max(axis=1, initial=0.0)
    return last


def _ending(source: Source) -> dict[str, Any]:
    every = np.arange(source.size)
    ends = source.done.ends.set_index("patient").loc[every]
    why = Words.of(ends["end_reason"].to_numpy(dtype=object))
    reasons = Words([_REASONS[word] for word in why.words], why.code)
    day = ends["end_day"].to_numpy(dtype=float)
    status = [_STATUS.get(reason, "DISCONTINUED") for reason in reasons.words]
    died, last = _death(source)
    return {
        "TRTEDT": source.dated(every, day),
        "TRTEDY": study_day(day),
        "DCUTDT": _cut(source),
        "EOTSTT": Words(status, reasons.code),
        "DCTREAS": reasons,
        "DTHFL": Words.flag(died),
        "DTHDT": np.where(died, source.dated(every, last), np.nan),
        "LSTALVDT": source.dated(every, last),
    }


def adsl(source: Source) -> dict[str, Any]:
    """Return the columns of ADSL.

    Parameters
    ----------
    source : Source
        The replicate.
    """
    design, table, size = source.design, source.patients, source.size
    every = np.arange(size)
    label, code = source.labels(every), source.arm + 1
    response = ENDPOINTS[Word.ORR].statistic
    assert isinstance(response, Share)  # noqa: S101 - the registry says so
    variables = source.known.datasets["ADSL"].variables
    subgroups = zip(
        (one.name for one in variables if _SUBGROUP.fullmatch(one.name)),
        design.subgroups,
        strict=True,
    )
    return (
        source.identity(every)
        | {
            "SUBJID": Words([f"{n + 1:05d}" for n in range(size)], every),
            "ARM": label,
            "ARMCD": Words(design.arm_ids, source.arm),
            **{"TRT01P": label, "TRT01PN": code, "TRT01A": label, "TRT01AN": code},
            "ITTFL": Words.same("Y", size),
            "SAFFL": Words.same("Y", size),
            "RSPEFL": Words.flag(response.count(table, design.analysis).among),
            "MEASFL": Words.flag(table["has_targets"].to_numpy(dtype=bool)),
            "RANDDT": source.randomized,
            "ENTRYDAY": source.done.enrolled.entry_day,
            "TRTSDT": source.randomized,
            "AGE": np.floor(source.baseline["age_years"].to_numpy()),
            "AGEU": Words.same("YEARS", size),
            "SEX": Words.same("F", size),
            "KI67B": table["ki67_before"].to_numpy(),
            "KI67T": table["ki67_after"].to_numpy(),
            "FDGB": table["uptake_before"].to_numpy(),
            "FDGT": table["uptake_after"].to_numpy(),
        }
        | {column: Words.flag(source.members[name]) for column, name in subgroups}
        | _strata(source)
        | _ending(source)
        | {v.name: _from_population(v, source.baseline) for v in variables if v.column}
    )
