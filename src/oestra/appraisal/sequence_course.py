"""The same patients through several orders of therapies, with the same chance.

Orders that begin alike share what they begin with: it is followed once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from oestra.appraisal.sequence_line import (
    Here,
    LineCourse,
    take_line,
    untreated,
)
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.course.death import background_death
from oestra.history.cohort import Cohort
from oestra.trial.candidates import candidates
from oestra.trial.case_mix import weigh
from oestra.trial.design import TrialDesign
from oestra.trial.eligibility import screen
from oestra.trial.two_alleles import cohort_of
from oestra.trial.weighted_enrollment import enroll_weighted

__all__ = ["Begun", "Lived", "begin", "live_orders"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """How n patients lived through one order.

    Parameters
    ----------
    lines : tuple of LineCourse
        Line by line, those who began each.
    death : ndarray, shape (n,)
        Day of death, ``inf`` for after the horizon.
    """

    lines: tuple[LineCourse, ...]
    death: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """The n patients of a profile before the first line.

    Parameters
    ----------
    here : Here
        Who they are.
    weight : ndarray, shape (n,)
        Their weights, adding up to one.
    effective_size : float
        Effective number of patients behind the weights.
    """

    here: Here
    weight: Array
    effective_size: float


def begin(design: TrialDesign, cohort: Cohort, *, seed: int, most: int) -> Begun:
    """Return the patients of a profile before the first line.

    Parameters
    ----------
    design : TrialDesign
        Who they are.
    cohort : Cohort
        The population.
    seed : int
        Seed of all chance.
    most : int
        About how many patients to follow, where more are of the profile.

    Returns
    -------
    Begun
        Those whom `oestra.trial.observe` follows with the same seed.

    Raises
    ------
    InputError
        If nobody in the population is of the profile.
    """
    streams = Streams(seed).spawn(Stream.CALIBRATION)
    cohort = cohort_of(design, cohort)
    decisions = candidates(design, cohort)
    enrolled = enroll_weighted(
        design,
        decisions,
        weigh(design, decisions, screen(design, decisions).rows),
        {"ITT"},
        most=most,
        streams=streams,
    )
    arm = design.arm_ids[0]
    members, weight = enrolled.members[arm], enrolled.weight[arm]
    rows = members.row
    own = replace(
        cohort,
        decisions=cohort.decisions.iloc[rows].reset_index(drop=True),
        y=cohort.y[rows],
        log_cells=cohort.log_cells[rows],
    )
    # That of the first line of the trial.
    luck = streams.spawn(design.id, Stream.COURSE)
    ids = own.decisions["patient"].to_numpy()
    here = Here(
        cohort=own,
        number=members.patient,
        place=np.arange(len(rows)),
        start=np.zeros(len(rows)),
        other_death=background_death(ids, cohort.parameters, luck),
    )
    return Begun(
        here=here,
        weight=weight / weight.sum(),
        effective_size=enrolled.effective_size,
    )


def live_orders(
    design: TrialDesign,
    orders: Sequence[tuple[str, ...]],
    begun: Begun,
    *,
    seed: int,
) -> tuple[Lived, ...]:
    """Let the patients of a profile live through every order.

    Parameters
    ----------
    design : TrialDesign
        How they are scanned, and for how long.
    orders : sequence of tuple of str
        Regimens of each, the first that is taken first.
    begun : Begun
        The patients.
    seed : int
        Seed of all chance, the same for every order.

    Returns
    -------
    tuple of Lived
        Order by order; those that begin with the same lines are the same up to where
        they part.
    """
    first = Streams(seed).spawn(Stream.CALIBRATION, design.id)
    known: dict[tuple[str, ...], tuple[LineCourse | None, Here]] = {
        (): (None, begun.here)
    }
    ends: dict[tuple[str, ...], Array] = {}

    def reach(taken: tuple[str, ...]) -> None:
        """Follow the last of some lines, unless it was followed before."""
        if taken in known:
            return
        number = len(taken)
        luck = first if number == 1 else first.spawn(Stream.LATER, number)
        here = known[taken[:-1]][1]
        if len(here.place):
            known[taken] = take_line(here, taken[-1], design, luck)
        else:
            known[taken] = (_nobody(), here)

    def lived(order: tuple[str, ...]) -> Lived:
        lines: list[LineCourse] = []
        death = np.full(len(begun.weight), np.inf)
        for count in range(1, len(order) + 1):
            reach(order[:count])
            line = known[order[:count]][0]
            if line is not None:
                lines.append(line)
                death[line.place] = np.minimum(death[line.place], line.death)
        left = known[order][1]
        if order not in ends:
            rest = first.spawn(Stream.LATER, 0)
            ends[order] = (
                untreated(left, design.cut_days, rest)
                if len(left.place)
                else np.zeros(0)
            )
        death[left.place] = ends[order]
        return Lived(lines=tuple(lines), death=death)

    return tuple(lived(order) for order in orders)


def _nobody() -> LineCourse:
    """Return a line that nobody lived to."""
    none, whole = np.zeros(0), np.zeros(0, dtype=np.int64)
    return LineCourse(
        place=whole, start=none, end=none, why=whole, leading=whole, death=none
    )
