"""Enrolling every eligible patient under every arm she may take, weighted.

The other way to enroll is at random, as a trial does: `oestra.trial.enroll`. Where more
are eligible than shall be followed, few are sampled, each with a probability
proportional to her weight, and count by the inverse of that probability [1]_.

References
----------
.. [1] Horvitz DG, Thompson DJ (1952). A generalization of sampling without replacement
   from a finite universe. J Am Stat Assoc 47:663-685.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.core.units import DAYS_PER_MONTH
from oestra.trial.case_mix import Weighted, effective_patients
from oestra.trial.design import TrialDesign
from oestra.trial.members import Members
from oestra.trial.subgroup import group_members, subgroup_members

__all__ = ["WeightedEnrollment", "enroll_weighted"]

_ROUNDS = 12
_DECISIONS = 8
"""More than the decisions of one patient: a decision's number is its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedEnrollment:
    """The patients under each arm, the same in all that they may take.

    Parameters
    ----------
    members : mapping of str to Members
        Patients by arm.
    weight : mapping of str to ndarray, shape (n,)
        Their weights, by arm.
    strata : mapping of str to mapping of str to ndarray of bool, shape (n,)
        Members of each stratum by arm; ``"ITT"`` is everybody.
    effective_size : float
        Effective number of patients behind the weights.
    """

    members: Mapping[str, Members]
    weight: Mapping[str, NDArray[np.float64]]
    strata: Mapping[str, Mapping[str, NDArray[np.bool_]]]
    effective_size: float


def _strata(design: TrialDesign, table: pd.DataFrame) -> dict[str, NDArray[np.bool_]]:
    everybody = {"ITT": np.ones(len(table), dtype=bool)}
    groups = group_members(design, table)
    return everybody | groups | subgroup_members(design, table)


def _may_take(
    design: TrialDesign, arm: str, strata: Mapping[str, NDArray[np.bool_]]
) -> NDArray[np.bool_]:
    """Tell who is in a group that is randomized to an arm."""
    if not design.groups:
        return strata["ITT"]
    able = np.zeros_like(strata["ITT"])
    for name, group in design.groups.items():
        if arm in group.n:
            able |= strata[name]
    return able


def _sample(
    design: TrialDesign,
    decisions: pd.DataFrame,
    whole: Weighted,
    strata: Collection[str],
    *,
    most: int,
    streams: Streams,
) -> Weighted:
    """Sample few patients, each with a probability that follows her weight.

    Those sampled count by their weight over that probability, so that no estimate is
    biased and hardly any patient is followed for nothing. Every stratum that is asked
    for has its own places.
    """
    table = decisions.iloc[whole.rows]
    members = _strata(design, table)
    wanted = {name if name in members else "ITT" for name in strata} | {"ITT"}
    places = most if len(wanted) == 1 else most / 2
    chance = np.zeros(len(table))
    for name in sorted(wanted):
        chance = np.maximum(chance, _probability(whole.weight * members[name], places))
    # In halves, so that a small change of weights changes nobody's place.
    with np.errstate(divide="ignore"):
        chance = np.where(chance > 0, 2.0 ** np.round(np.log2(chance)), 0.0)
    level = streams.spawn(Stream.KEPT).uniform(
        Stream.PATIENT, table["patient"].to_numpy(), 4
    )[np.arange(len(table)), np.minimum(table["prior_lines"].to_numpy(), 3)]
    sampled = level < chance
    weight = whole.weight[sampled] / chance[sampled]
    return replace(
        whole,
        rows=whole.rows[sampled],
        weight=weight / weight.sum(),
        effective_size=effective_patients(table[sampled], weight),
    )


def _probability(weight: NDArray[np.float64], most: float) -> NDArray[np.float64]:
    """Return probabilities proportional to weights, at most 1, that add up to most."""
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


def _everybody(
    design: TrialDesign, table: pd.DataFrame, rows: NDArray[np.int64], streams: Streams
) -> Members:
    """Return all decisions, numbered by patient and line whoever else is enrolled."""
    line = table["prior_lines"].to_numpy() + (table["setting"] == "primary") * 4
    number = table["patient"].to_numpy() * _DECISIONS + line.to_numpy(dtype=np.int64)
    entry = streams.spawn(design.id).uniform(Stream.ENTRY, number)[:, 0]
    return Members(
        patient=number,
        row=rows,
        entry_day=entry * (design.accrual_months * DAYS_PER_MONTH),
    )


def enroll_weighted(
    design: TrialDesign,
    decisions: pd.DataFrame,
    weighted: Weighted,
    strata: Collection[str],
    *,
    most: int,
    streams: Streams,
) -> WeightedEnrollment:
    """Enroll the weighted population under every arm.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    decisions : DataFrame
        All enrollment opportunities.
    weighted : Weighted
        The eligible ones with their weights.
    strata : collection of str
        Strata whose endpoints are asked for.
    most : int
        About how many patients to follow, where more are eligible.
    streams : Streams
        Source of sampling and entry times.

    Returns
    -------
    WeightedEnrollment
        Patients, weights and strata of each arm.
    """
    sampled = _sample(design, decisions, weighted, strata, most=most, streams=streams)
    table = decisions.iloc[sampled.rows]
    inside = _strata(design, table)
    everybody = _everybody(design, table, sampled.rows, streams)
    order = np.argsort(everybody.patient, kind="stable")
    places = {
        arm: order[_may_take(design, arm, inside)[order]] for arm in design.arm_ids
    }
    return WeightedEnrollment(
        members={
            arm: Members(
                patient=everybody.patient[place],
                row=everybody.row[place],
                entry_day=everybody.entry_day[place],
            )
            for arm, place in places.items()
        },
        weight={arm: sampled.weight[place] for arm, place in places.items()},
        strata={
            arm: {name: who[place] for name, who in inside.items()}
            for arm, place in places.items()
        },
        effective_size=sampled.effective_size,
    )
