"""Enrolling one trial at random: who, in what order, into which arm.

The other way to enroll is everybody, weighted: `oestra.trial.weighted_enrollment`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.core.units import DAYS_PER_MONTH
from oestra.trial.case_mix import Weighted
from oestra.trial.criterion import evaluate
from oestra.trial.design import Group, TrialDesign
from oestra.trial.members import Members
from oestra.trial.randomize import fixed_numbers, permuted_blocks

__all__ = ["Enrollment", "arm_numbers", "block_size", "check_groups", "enroll"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrollment:
    """The patients of one trial, numbered in order of entry within their group.

    Parameters
    ----------
    row : ndarray of int64, shape (n,)
        Row of the decisions table.
    entry_day : ndarray of float64, shape (n,)
        Day of randomization, from the opening of the trial.
    stratum : ndarray of int64, shape (n,)
        Randomization stratum.
    arm : ndarray of int64, shape (n,)
        Arm number.
    group : ndarray of int64, shape (n,)
        Group enrolled apart, 0 where there is only one.
    """

    row: NDArray[np.int64]
    entry_day: NDArray[np.float64]
    stratum: NDArray[np.int64]
    arm: NDArray[np.int64]
    group: NDArray[np.int64]

    def members(self, number: int) -> Members:
        """Return the patients of an arm by its number."""
        patient = np.flatnonzero(self.arm == number)
        return Members(
            patient=patient, row=self.row[patient], entry_day=self.entry_day[patient]
        )


def _sizes(design: TrialDesign, patients: int | None) -> list[tuple[Group | None, int]]:
    planned = sum(arm.n for arm in design.arms)
    scale = 1.0 if patients is None else patients / planned
    if not design.groups:
        return [(None, round(planned * scale))]
    return [
        (group, max(1, round(sum(group.n.values()) * scale)))
        for group in design.groups.values()
    ]


def _counts(design: TrialDesign, group: Group | None, n: int) -> list[int] | None:
    """Return how many patients each arm takes where the file says so, n in all.

    Patients enrolled apart keep the numbers of their group, and so do arms that are
    only compared or whose numbers shall be exact; else randomization decides.
    """
    if group is not None:
        wanted = [group.n.get(arm.id, 0) for arm in design.arms]
    elif design.exact_numbers or not design.randomized:
        wanted = [arm.n for arm in design.arms]
    else:
        return None
    if sum(wanted) == n:
        return wanted
    ends = np.round(np.cumsum(wanted) * n / sum(wanted)).astype(int)
    return [int(count) for count in np.diff(ends, prepend=0)]


def block_size(design: TrialDesign) -> int:
    """Return how many patients a block of randomization has.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    """
    weights = [arm.allocation for arm in design.arms]
    if design.block_size is not None and design.block_size % sum(weights) == 0:
        return design.block_size
    return 2 * sum(weights)


def _randomized(
    design: TrialDesign,
    counts: list[int] | None,
    stratum: NDArray[np.int64],
    streams: Streams,
) -> NDArray[np.int64]:
    """Return the arm number of each patient of a group, in order of entry."""
    weights = [arm.allocation for arm in design.arms]
    if counts is None:
        return permuted_blocks(stratum, weights, block_size(design), streams)
    return fixed_numbers(stratum, counts, block_size(design), streams)


def arm_numbers(
    design: TrialDesign, stratum: NDArray[np.int64], streams: Streams
) -> NDArray[np.int64]:
    """Randomize patients by permuted blocks, as the design says.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    stratum : ndarray of int64, shape (n,)
        Stratum of each, in order of entry.
    streams : Streams
        Source of chance.

    Returns
    -------
    ndarray of int64, shape (n,)
        Number of the arm of each.
    """
    return _randomized(design, None, stratum, streams)


def _strata(design: TrialDesign, table: pd.DataFrame) -> NDArray[np.int64]:
    number = np.zeros(len(table), dtype=np.int64)
    for index, text in enumerate(design.strata):
        where = f"{design.id}, stratum {index + 1}"
        number = 2 * number + evaluate(text, table, design.definitions, where=where)
    return number


def _sample(
    weight: NDArray[np.float64], n: int, name: str, streams: Streams
) -> NDArray[np.int64]:
    level = streams.uniform(Stream.ENROLL.of(name), np.arange(n))[:, 0]
    edges = np.cumsum(weight) / weight.sum()
    found = np.searchsorted(edges, level, side="right")
    return np.minimum(found, weight.size - 1)


def check_groups(design: TrialDesign, eligible: pd.DataFrame) -> None:
    """Refuse groups enrolled apart that share patients.

    A group of all patients, ``where: true``, stands for those whose marker is not
    known, and may.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    eligible : DataFrame
        The decisions of eligible patients.

    Raises
    ------
    InputError
        If an eligible patient belongs to two groups; names them.
    """
    taken = np.zeros(len(eligible), dtype=np.int64)
    names = [name for name, one in design.groups.items() if one.where.strip() != "true"]
    for number, name in enumerate(names, start=1):
        where = f"{design.id}, group {name}"
        able = evaluate(
            design.groups[name].where, eligible, design.definitions, where=where
        )
        shared = able & (taken > 0)
        if shared.any():
            other = names[int(taken[shared][0]) - 1]
            raise InputError(
                f"The groups {other!r} and {name!r} of {design.id} share patients; "
                "groups are enrolled apart."
            )
        taken[able] = number


def enroll(
    design: TrialDesign,
    decisions: pd.DataFrame,
    weighted: Weighted,
    *,
    streams: Streams,
    patients: int | None = None,
) -> Enrollment:
    """Draw the patients of one trial from the weighted population.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    decisions : DataFrame
        All enrollment opportunities.
    weighted : Weighted
        The eligible ones with their weights.
    streams : Streams
        Source of sampling, entry times and randomization.
    patients : int, optional
        Number of patients, the published one by default.

    Returns
    -------
    Enrollment
        Patients with arm, stratum and entry.

    Raises
    ------
    InputError
        If a group of the design has no eligible patients.
    """
    table = decisions.iloc[weighted.rows]
    parts: list[Enrollment] = []
    for index, (group, n) in enumerate(_sizes(design, patients)):
        able = np.ones(len(table), dtype=bool)
        if group is not None:
            able = evaluate(group.where, table, design.definitions)
        if not able.any():
            raise InputError(
                f"No eligible patient of {design.id} meets {group.where!r}."
                if group
                else f"Nobody is eligible for {design.id}."
            )
        place = np.flatnonzero(able)
        chosen = place[_sample(weighted.weight[able], n, str(index), streams)]
        rows = weighted.rows[chosen]
        stratum = _strata(design, decisions.iloc[rows])
        inner = streams.spawn(Stream.RANDOMIZE, index)
        entry = np.sort(streams.uniform(Stream.ENTRY.of(index), np.arange(n))[:, 0])
        parts.append(
            Enrollment(
                row=rows,
                entry_day=entry * design.accrual_months * DAYS_PER_MONTH,
                stratum=stratum,
                arm=_randomized(design, _counts(design, group, n), stratum, inner),
                group=np.full(n, index),
            )
        )
    return Enrollment(
        row=np.concatenate([part.row for part in parts]),
        entry_day=np.concatenate([part.entry_day for part in parts]),
        stratum=np.concatenate([part.stratum for part in parts]),
        arm=np.concatenate([part.arm for part in parts]),
        group=np.concatenate([part.group for part in parts]),
    )
