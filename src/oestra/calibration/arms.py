"""Every eligible patient of the pool, followed under every arm of a trial."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.core.units import DAYS_PER_MONTH
from oestra.course.events import Course, Follow
from oestra.drugs.regimen import Regimen
from oestra.follow.treatment import run_course
from oestra.history.cohort import Cohort
from oestra.trial.analysis import Analysis
from oestra.trial.assumption import assumptions
from oestra.trial.case_mix import Weighted, effective_sample_size, weigh
from oestra.trial.conduct import run_arm
from oestra.trial.criterion import evaluate
from oestra.trial.design import Arm, TrialDesign
from oestra.trial.eligibility import screen
from oestra.trial.enroll import Enrollment
from oestra.trial.setting import FollowArm, Setting

__all__ = ["Observed", "observe_arms"]

_ROUNDS = 12
_DECISIONS = 8
"""More than the decisions of one patient: a patient's key is hers alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """The weighted patients of a trial under each arm.

    Parameters
    ----------
    arms : mapping of str to DataFrame
        Patients by arm, with their endpoints.
    weight : mapping of str to ndarray
        Their weights.
    strata : mapping of str to mapping of str to ndarray of bool
        Members of each stratum by arm; ``"ITT"`` is everybody.
    effective_size : float
        Effective number of patients behind the weights.
    analysis : Analysis
        Rules of the trial by which patients are counted.
    """

    arms: Mapping[str, pd.DataFrame]
    weight: Mapping[str, NDArray[np.float64]]
    strata: Mapping[str, Mapping[str, NDArray[np.bool_]]]
    effective_size: float
    analysis: Analysis = field(default_factory=Analysis)


def _members(design: TrialDesign, table: pd.DataFrame) -> dict[str, NDArray[np.bool_]]:
    found = {"ITT": np.ones(len(table), dtype=bool)}
    for name, group in design.groups.items():
        found[name] = evaluate(group.where, table, design.definitions)
    for name, text in design.subgroups.items():
        found[name] = evaluate(text, table, design.definitions)
    return found


def _may_take(
    design: TrialDesign, arm: str, members: Mapping[str, NDArray[np.bool_]]
) -> NDArray[np.bool_]:
    """Tell who is in a group that is randomized to an arm."""
    able = np.zeros(len(members["ITT"]), dtype=bool)
    if not design.groups:
        return ~able
    for name, group in design.groups.items():
        if arm in group.n:
            able |= members[name]
    return able


def _take(
    design: TrialDesign,
    cohort: Cohort,
    whole: Weighted,
    strata: Collection[str],
    *,
    most: int,
    seed: int,
) -> Weighted:
    """Keep few patients, each with a chance that follows her weight.

    Those who are kept count by their weight over that chance, so that no estimate is
    biased and hardly any patient is followed for nothing. Every stratum that is asked
    for has its own places.
    """
    table = cohort.decisions.iloc[whole.rows]
    members = _members(design, table)
    wanted = {name if name in members else "ITT" for name in strata} | {"ITT"}
    places = most if len(wanted) == 1 else most / 2
    chance = np.zeros(len(table))
    for name in sorted(wanted):
        chance = np.maximum(chance, _chance(whole.weight * members[name], places))
    # In halves, so that a small change of weights changes nobody's place.
    with np.errstate(divide="ignore"):
        chance = np.where(chance > 0, 2.0 ** np.round(np.log2(chance)), 0.0)
    level = (
        Streams(seed)
        .spawn(Stream.CALIBRATION, Stream.KEPT)
        .uniform(Stream.PATIENT, table["patient"].to_numpy(), 4)[
            np.arange(len(table)), np.minimum(table["prior_lines"].to_numpy(), 3)
        ]
    )
    kept = level < chance
    weight = whole.weight[kept] / chance[kept]
    return replace(
        whole,
        rows=whole.rows[kept],
        weight=weight / weight.sum(),
        effective_size=effective_sample_size(weight),
    )


def _chance(weight: NDArray[np.float64], most: float) -> NDArray[np.float64]:
    """Return chances proportional to weights, at most 1, that add up to a number."""
    members = weight > 0
    if members.sum() <= most:
        return members.astype(float)
    chance = np.zeros_like(weight)
    for _ in range(_ROUNDS):
        sure = chance >= 1.0
        left = most - sure.sum()
        rest = np.where(sure, 0.0, weight)
        chance = np.where(sure, 1.0, np.minimum(left * rest / rest.sum(), 1.0))
    return chance


def _once(cohort: Cohort, growth_effect: float) -> FollowArm:
    """Return what treats patients once and lets chance meet their courses each time."""
    known: dict[tuple[bytes, bytes], Course] = {}

    def follow(
        rows: NDArray[np.int64],
        regimen: Regimen,
        *,
        days: NDArray[np.float64],
        streams: Streams,
        **rest: Any,
    ) -> Follow:
        key = rows.tobytes(), days.tobytes()
        if key not in known:
            rest["log_growth_effect"] = growth_effect
            known[key] = run_course(
                cohort, rows, regimen, days=days, streams=streams, **rest
            )
        return known[key].realize(streams)

    return follow


def _follow(
    design: TrialDesign,
    arm: Arm,
    enrolled: Enrollment,
    setting: Setting,
    streams: Streams,
    draws: int,
) -> pd.DataFrame:
    """Follow patients under an arm, each draw of luck after the other.

    Intervals between scans that may be share the draws.
    """
    intervals = design.visits.candidates
    members = np.flatnonzero(enrolled.arm == design.arm_ids.index(arm.id))
    found = []
    for luck in range(draws):
        interval = intervals[luck % len(intervals)]
        met = replace(setting, luck=luck)
        # Each time somebody else's day of entry: it is by chance, and ends follow-up.
        entry = enrolled.entry_day.copy()
        entry[members] = np.roll(entry[members], luck * len(members) // draws)
        here = replace(enrolled, entry_day=entry)
        table = run_arm(design, arm, here, met, streams, interval)[0]
        found.append(table.sort_values("patient").assign(interval_weeks=interval))
    return pd.concat(found, ignore_index=True)


def observe_arms(  # noqa: PLR0913
    design: TrialDesign,
    cohort: Cohort,
    strata: Collection[str],
    *,
    seed: int,
    most: int,
    draws: int = 1,
    growth_effect: float = 0.0,
) -> Observed:
    """Follow the eligible patients of a pool under every arm.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    cohort : Cohort
        The pool.
    strata : collection of str
        Strata whose endpoints are asked for.
    seed : int
        Seed of chance on trial, the same for all parameter sets.
    most : int
        About how many patients to follow, where more are eligible.
    draws : int
        How often chance meets the course of each patient, at least once an interval
        that may be between scans; she counts for less each time, and entry, new
        lesions, symptoms and scans come on other days.
    growth_effect : float
        Log factor on the pace of all tumors of the trial.

    Returns
    -------
    Observed
        Patients, weights and strata.
    """
    draws = max(draws, len(design.visits.candidates))
    rows = screen(design, cohort.decisions).rows
    whole = weigh(design, cohort.decisions, rows)
    weighted = _take(design, cohort, whole, strata, most=most, seed=seed)
    table = cohort.decisions.iloc[weighted.rows]
    members = _members(design, table)
    streams = Streams(seed).spawn(Stream.CALIBRATION, design.id)
    line = table["prior_lines"].to_numpy() + (table["setting"] == "primary") * 4
    key = table["patient"].to_numpy() * _DECISIONS + line.to_numpy(dtype=np.int64)
    size = int(key.max()) + 1 if len(key) else 0
    row = np.zeros(size, dtype=np.int64)
    row[key] = weighted.rows
    everybody = Enrollment(
        row=row,
        entry_day=streams.uniform(Stream.ENTRY, np.arange(size))[:, 0]
        * (design.accrual_months * DAYS_PER_MONTH),
        stratum=np.zeros(size, dtype=np.int64),
        arm=np.full(size, -1, dtype=np.int64),
        group=np.zeros(size, dtype=np.int64),
    )
    arms, weight, inside = {}, {}, {}
    for arm in design.arms:
        able = _may_take(design, arm.id, members)
        place = np.full(size, -1, dtype=np.int64)
        place[key[able]] = design.arm_ids.index(arm.id)
        setting = Setting(
            decisions=cohort.decisions,
            weighted=weighted,
            follow=_once(cohort, growth_effect),
            assumptions=assumptions(),
            library=cohort.parameters.library,
        )
        arms[arm.id] = _follow(
            design, arm, replace(everybody, arm=place), setting, streams, draws
        )
        order = np.argsort(key[able], kind="stable")
        weight[arm.id] = np.tile(weighted.weight[able][order] / draws, draws)
        inside[arm.id] = {
            name: np.tile(who[able][order], draws) for name, who in members.items()
        }
    return Observed(
        arms=arms,
        weight=weight,
        strata=inside,
        effective_size=weighted.effective_size,
        analysis=design.analysis,
    )
