"""The registry of endpoints: one record each, read by all that name an endpoint.

A new endpoint is a word of the evidence (`oestra.evidence.vocabulary`) and an entry
here with what is counted of each patient; trials, fit, claims and reports follow.
"""

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from oestra.core.errors import unknown_name
from oestra.evidence.vocabulary import Endpoint as Word
from oestra.trial.analysis import Analysis, Denominator, Ki67Biopsy, TimeToEvent
from oestra.trial.endpoint_kinds import KINDS, TIMES
from oestra.trial.endpoint_record import Endpoint
from oestra.trial.recist import Code
from oestra.trial.scale import LOG, LOG_CHANGE, LOGIT
from oestra.trial.statistic import (
    ArmStatistic,
    Change,
    Counted,
    HazardRatio,
    Landmark,
    Median,
    Pairs,
    Share,
    Times,
    event_times,
)

__all__ = [
    "ENDPOINTS",
    "HAZARD_RATIO",
    "LANDMARK",
    "LOG_KINDS",
    "arm_statistics",
    "find_endpoint",
    "median_of",
]


def _count(column: str, table: pd.DataFrame, _analysis: Analysis) -> Counted:
    met = table[column].to_numpy(dtype=bool)
    return Counted(met, np.ones(met.size, dtype=bool))


def _best_at_least(worst: Code, table: pd.DataFrame, _analysis: Analysis) -> Counted:
    met = table["best_response"].to_numpy() >= worst
    return Counted(met, np.ones(met.size, dtype=bool))


def _response(table: pd.DataFrame, analysis: Analysis) -> Counted:
    everybody = _best_at_least(Code.PR, table, analysis)
    if analysis.response_denominator is Denominator.MEASURABLE:
        return Counted(everybody.met, table["has_targets"].to_numpy(dtype=bool))
    return everybody


def _since_response(table: pd.DataFrame) -> Times:
    """Return the times from the first response to progression or death."""
    start, end = table["response_day"].to_numpy(), event_times(table, TimeToEvent.PFS)
    responded = np.isfinite(start)
    lasted = end.day - np.where(responded, start, 0.0)
    return Times(np.maximum(lasted, 0.0), end.event, responded)


def _pairs(marker: str, table: pd.DataFrame) -> Pairs:
    before = table[f"{marker}_before"].to_numpy()
    after = table[f"{marker}_after"].to_numpy()
    both = np.isfinite(before) & np.isfinite(after) & (before > 0)
    return Pairs(before, after, both)


def _ki67_response(table: pd.DataFrame, analysis: Analysis) -> Counted:
    biopsy = analysis.ki67 or Ki67Biopsy(day=1)
    pairs = _pairs("ki67", table)
    return Counted(pairs.after < biopsy.response_below_percent, pairs.among)


def _metabolic_response(table: pd.DataFrame, analysis: Analysis) -> Counted:
    pairs = _pairs("uptake", table)
    assert analysis.metabolic is not None  # noqa: S101 - it applies only then
    fall = analysis.metabolic.response_fall_percent
    return Counted(pairs.after <= pairs.before * (1 - fall / 100), pairs.among)


def _takes_biopsy(analysis: Analysis) -> bool:
    return analysis.ki67 is not None


def _scans_uptake(analysis: Analysis) -> bool:
    return analysis.metabolic is not None


def _reports(time: TimeToEvent, analysis: Analysis) -> bool:
    return time in (analysis.primary, *analysis.secondary)


def _median(word: Word, time: TimeToEvent) -> Endpoint:
    return Endpoint(
        word=word,
        label=f"median {TIMES[time].short}",
        title=f"median {TIMES[time].long}",
        scale=LOG,
        statistic=Median(times=partial(event_times, time=time)),
        applies=partial(_reports, time),
    )


HAZARD_RATIO = Endpoint(
    word=Word.HAZARD_RATIO,
    label="hazard ratio",
    title="hazard ratio",
    scale=LOG,
    statistic=HazardRatio(),
    lower_is_better=True,
    decimals=2,
)
"""Of two arms in a time to an event."""

LANDMARK = Endpoint(
    word=Word.LANDMARK,
    label="event-free",
    title="free of progression",
    scale=LOGIT,
    statistic=Landmark(),
)
"""At each of the months that a trial names."""

_ENTRIES = (
    _median(Word.PFS_MEDIAN, TimeToEvent.PFS),
    HAZARD_RATIO,
    _median(Word.TTP_MEDIAN, TimeToEvent.TTP),
    Endpoint(
        word=Word.ORR,
        label="ORR",
        title="objective response",
        scale=LOGIT,
        statistic=Share(count=_response, nobody="no patients with measurable disease"),
        flag="RESPFL",
    ),
    Endpoint(
        word=Word.CBR,
        label="CBR",
        title="clinical benefit",
        scale=LOGIT,
        statistic=Share(count=partial(_count, "benefit")),
        flag="CBRFL",
    ),
    Endpoint(
        word=Word.DISEASE_CONTROL,
        label="DCR",
        title="disease control",
        scale=LOGIT,
        statistic=Share(count=partial(_best_at_least, Code.SD)),
        flag="DCRFL",
    ),
    LANDMARK,
    Endpoint(
        word=Word.KI67_CHANGE,
        label="Ki67 change",
        title="change of Ki67",
        scale=LOG_CHANGE,
        statistic=Change(pairs=partial(_pairs, "ki67"), nobody="no pair of biopsies"),
        applies=_takes_biopsy,
        lower_is_better=True,
    ),
    Endpoint(
        word=Word.KI67_RESPONSE,
        label="Ki67 response",
        title="Ki67 response",
        scale=LOGIT,
        statistic=Share(count=_ki67_response, nobody="no pair of biopsies"),
        applies=_takes_biopsy,
    ),
    Endpoint(
        word=Word.METABOLIC_RESPONSE,
        label="metabolic response",
        title="metabolic response",
        scale=LOGIT,
        statistic=Share(count=_metabolic_response, nobody="no pair of scans"),
        applies=_scans_uptake,
    ),
    _median(Word.OS_MEDIAN, TimeToEvent.OS),
    _median(Word.PFS2_MEDIAN, TimeToEvent.PFS2),
    Endpoint(
        word=Word.DISCONTINUATION,
        label="discontinuation",
        title="discontinuation for harm",
        scale=LOGIT,
        statistic=Share(count=partial(_count, "stopped_for_harm")),
        lower_is_better=True,
        flag="DCTHARM",
    ),
    Endpoint(
        word=Word.DOSE_REDUCTION,
        label="dose reduction",
        title="dose reduction for harm",
        scale=LOGIT,
        statistic=Share(count=partial(_count, "reduced_for_harm")),
        lower_is_better=True,
        flag="DOSEREDN",
    ),
    Endpoint(
        word=Word.RESPONSE_DURATION_MEDIAN,
        label="response lasts",
        title="median duration of response",
        scale=LOG,
        statistic=Median(times=_since_response, nobody="no responses"),
    ),
    Endpoint(
        word=Word.STABLE_DISEASE,
        label="stable disease",
        title="stable disease",
        scale=LOGIT,
        missing="publications differ in how long stable disease must last",
    ),
    Endpoint(
        word=Word.TREATMENT_DURATION_MEDIAN,
        label="median time on treatment",
        title="median time on treatment",
        scale=LOG,
        missing="the last day of treatment is not kept",
    ),
    Endpoint(
        word=Word.ADVERSE_EVENT,
        label="adverse event",
        title="adverse event",
        scale=LOGIT,
        lower_is_better=True,
        missing="adverse events are counted by what they do to treatment only",
    ),
    Endpoint(
        word=Word.DEATHS,
        label="deaths",
        title="deaths",
        scale=LOGIT,
        lower_is_better=True,
        missing="survival is reported as a median and a hazard ratio",
    ),
    Endpoint(
        word=Word.CROSSOVER,
        label="crossover",
        title="crossover",
        scale=LOGIT,
        missing="the share that crosses over is given to a trial, not found by it",
    ),
    Endpoint(
        word=Word.ODDS_RATIO,
        label="odds ratio",
        title="odds ratio",
        scale=LOG,
        decimals=2,
        missing="arms are compared by hazard ratios",
    ),
)

ENDPOINTS: Mapping[str, Endpoint] = {one.name: one for one in _ENTRIES}
"""Every endpoint by name, in the order in which results show them."""

LOG_KINDS = tuple(
    kind
    for kind in KINDS
    if any(one.statistic and one.kind == kind for one in _ENTRIES)
    and all(one.scale is LOG for one in _ENTRIES if one.kind == kind)
)
"""Kinds of endpoints of which ratios are compared."""


def find_endpoint(name: str) -> Endpoint:
    """Return an endpoint by its name.

    Raises
    ------
    InputError
        If there is none.
    """
    if name not in ENDPOINTS:
        raise unknown_name("endpoint", name, ENDPOINTS, where="trial/endpoints.py")
    return ENDPOINTS[name]


def median_of(time: TimeToEvent | str) -> Endpoint:
    """Return the median of a time to an event."""
    return find_endpoint(f"{TimeToEvent(time).value}_median_months")


def arm_statistics(analysis: Analysis) -> dict[str, ArmStatistic]:
    """Return what is computed of each arm of a trial, by the name of the endpoint.

    Parameters
    ----------
    analysis : Analysis
        How the trial is analyzed.
    """
    return {
        one.name: one.statistic
        for one in ENDPOINTS.values()
        if isinstance(one.statistic, ArmStatistic) and one.applies(analysis)
    }
