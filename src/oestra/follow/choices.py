"""What patients may still take when the therapy of a trial has ended."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.library import package_files
from oestra.core.parameter_set import ParameterSet
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.core.table import read_quantities
from oestra.drugs.regimen import Regimen
from oestra.history.cohort import Cohort
from oestra.history.practice import (
    Eligible,
    eligible,
    line_choice,
    may_have,
    odds_among,
)
from oestra.history.therapies import Practice, practice

__all__ = ["Choices", "Crossing", "choices", "later_practice"]

Flags = NDArray[np.bool_]
Rows = NDArray[np.int64]


@cache
def later_practice() -> ParameterSet:
    """Return the assumptions about practice after a trial."""
    return ParameterSet.of(read_quantities(package_files("oestra.follow.assumptions")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """What some patients of an arm take first after its therapy.

    Parameters
    ----------
    regimen : Regimen
        The drugs.
    share : float
        Share of patients, 0 to 1; the others never take the drugs that only this
        regimen brings.
    """

    regimen: Regimen
    share: float


@dataclass(kw_only=True)
class Choices:
    """What is left for k patients; lines that begin are struck out.

    Parameters
    ----------
    cohort : Cohort
        Shares of practice and chance of the patients' own lives.
    practice : Practice
        Its therapies.
    luck : Streams
        Chance on trial.
    year : float
        Calendar year whose practice it is.
    c : DataFrame, k rows
        Traits, indexed by patient number.
    regimens : tuple of Regimen
        Therapies by code: those of practice, the first of which is none, then
        chemotherapy without and with trastuzumab, then what crossover gives, if any.
    barred : ndarray of bool, shape (k, regimens)
        Therapies that failed lately or are not to be had.
    crosses, willing : ndarray of bool, shape (k,)
        Who crosses over, and who takes chemotherapy.
    endocrine, chemotherapy : ndarray of int, shape (k,)
        Endocrine lines for metastatic disease so far; chemotherapies since the trial.
    failing : dict of frozenset of str to ndarray of int
        What `bar` has found so far: codes by drugs.
    """

    cohort: Cohort
    practice: Practice
    luck: Streams
    year: float
    c: pd.DataFrame
    regimens: tuple[Regimen, ...]
    barred: Flags
    crosses: Flags
    willing: Flags
    endocrine: Rows
    chemotherapy: Rows
    failing: dict[frozenset[str], Rows] = field(default_factory=dict)

    @property
    def _places(self) -> tuple[int, int, int]:
        """Codes of chemotherapy, of that for HER2-positive patients, of crossover."""
        first = len(self.practice.names)
        return first, first + 1, first + 2

    @cached_property
    def ids(self) -> Rows:
        """Patient numbers, shape (k,)."""
        return self.c.index.to_numpy()

    @cached_property
    def _eligible(self) -> Eligible:
        return eligible(self.c, self.cohort.parameters, self.cohort.streams)

    @property
    def possible(self) -> Flags:
        """What each may still take, shape (k, regimens).

        What failed alone may be given again where little is left, as `line_odds` has
        it, and what is no endocrine therapy is not chosen by what is struck out.
        """
        count = len(self.practice.names)
        found = np.ones(self.barred.shape, dtype=bool)
        found[:, :count] = ~self.barred[:, :count] | self.practice.alone
        return found

    def begin(self, rows: Rows, line: int) -> Rows:
        """Choose the next line of some patients and strike it out.

        Parameters
        ----------
        rows : ndarray of int, shape (m,)
            Which patients.
        line : int
            Number of the line since the trial, 1 for the first.

        Returns
        -------
        ndarray of int, shape (m,)
            Codes; 0 where nothing is left.
        """
        known, count = later_practice(), len(self.practice.names)
        chemo, chemo_her2, crossover = self._places
        barred, endocrine = self.barred[rows], self.endocrine[rows]
        crosses = self.crosses[rows] & (line == 1)
        hormonal = ~crosses & ~barred[:, 1:count].all(axis=1)
        hormonal &= endocrine < known["later_endocrine_lines"]
        toxic = self.willing[rows] & ~crosses & ~hormonal
        toxic &= self.chemotherapy[rows] < known["later_chemotherapy_lines"]
        code = np.where(crosses, crossover, 0)
        code[toxic] = np.where(barred[toxic, chemo_her2], chemo, chemo_her2)
        code[hormonal] = self._endocrine(rows[hormonal], line)
        self.endocrine[rows] += crosses | hormonal
        self.chemotherapy[rows] += toxic
        for taken in np.unique(code[code > 0]):
            self.bar(rows[code == taken], set(self.regimens[taken].drugs))
        return code

    def _endocrine(self, rows: Rows, line: int) -> Rows:
        """Choose an endocrine therapy for some patients, shape (m,)."""
        odds = odds_among(
            self.practice,
            self.barred[rows, : len(self.practice.names)],
            # What follows a trial is never the first line of metastatic disease.
            line + 1,
            np.array([self.year]),
            self._eligible.some(rows),
        )
        return line_choice(odds, self.ids[rows], line + 1, self.luck)

    def bar(self, rows: Rows, drugs: AbstractSet[str]) -> None:
        """Strike out, for some patients, all that holds one of some drugs.

        Drugs of one class fail together. The chemotherapy stands for all of them and
        is never struck out.
        """
        self.barred[np.ix_(rows, self._failing_with(frozenset(drugs)))] = True

    def _failing_with(self, drugs: frozenset[str]) -> Rows:
        """Return the codes of all that holds one of some drugs, or one of its class."""
        if drugs not in self.failing:
            known = self.practice.class_of_drug
            classes = {known[name] for name in drugs if name in known}
            same = {name for name, kind in known.items() if kind in classes}
            every = (drugs | same) - set(self.practice.chemotherapy[0].drugs)
            holding = [not every.isdisjoint(regimen.drugs) for regimen in self.regimens]
            self.failing[drugs] = np.flatnonzero(holding)
        return self.failing[drugs]


def _failed_before(here: pd.DataFrame, known: Practice, recent_months: float) -> Flags:
    """Tell what had failed lately when the trial began, (k, therapies)."""
    adjuvant = here["adjuvant_therapy"]
    recent = here["months_since_adjuvant"] < recent_months
    last = here["last_therapy"].where(here["last_therapy_setting"] == "metastatic")

    def failed(name: str) -> Flags:
        # Where the adjuvant therapy was another, the drug was taken for metastases.
        own = (adjuvant != name) | recent | (last == name)
        return np.asarray(here[f"prior_{name}"] & own, dtype=bool)

    found = {
        name: failed(name)
        if name in ("nonsteroidal_ai", "tamoxifen")
        else here[f"prior_{name}"].to_numpy(dtype=bool)
        for name in known.every_class
    }
    nothing = np.zeros(len(here), dtype=bool)
    return np.column_stack(
        [
            np.any(
                [nothing, *(found.get(name, nothing) for name in one.classes)], axis=0
            )
            for one in known.therapies
        ]
    )


def _not_to_be_had(c: pd.DataFrame, known: Practice, year: float) -> Flags:
    """Tell which therapies a patient may not have, or nobody that year."""
    given = known.odds(2, np.array([year]))[0] > 0
    return ~may_have(c, known) | (~known.alone & ~given)


def choices(
    cohort: Cohort,
    rows: Rows,
    regimen: Regimen,
    crossing: Crossing | None,
    luck: Streams,
    year: float,
) -> Choices:
    """Return what patients may take after a trial.

    Parameters
    ----------
    cohort : Cohort
        The pool.
    rows : ndarray of int, shape (k,)
        Decision points at which the patients were randomized.
    regimen : Regimen
        What they took on trial.
    crossing : Crossing or None
        What some of them take next, if that is known.
    luck : Streams
        Chance on trial.
    year : float
        Calendar year whose practice it is.

    Returns
    -------
    Choices
        For the same patients.
    """
    known, plan = later_practice(), practice(cohort.parameters.library)
    here, c = cohort.decisions.iloc[rows], cohort.patients(rows)
    endocrine_count = len(plan.names)
    u = luck.uniform(Stream.AFTER_TRIAL, c.index.to_numpy(), 3)
    crosses = u[:, 0] < (crossing.share if crossing else 0.0)
    added = (crossing.regimen,) if crossing else ()
    her2 = here["her2_positive"].to_numpy(dtype=bool)
    regimens = (*plan.regimens, *plan.chemotherapy, *added)
    barred = np.zeros((len(rows), len(regimens)), dtype=bool)
    barred[:, :endocrine_count] = _failed_before(
        here, plan, 12.0 * cohort.parameters["recent_therapy_years"]
    )
    barred[:, :endocrine_count] |= _not_to_be_had(c, plan, year)
    barred[:, endocrine_count + 1] = ~her2 | (
        u[:, 2] >= known["later_trastuzumab_share"]
    )
    found = Choices(
        cohort=cohort,
        practice=plan,
        luck=luck,
        year=year,
        c=c,
        regimens=regimens,
        barred=barred,
        crosses=crosses,
        willing=u[:, 1] < known["later_chemotherapy_share"],
        endocrine=here["prior_lines"].to_numpy(dtype=np.int64) + 1,
        chemotherapy=np.zeros(len(rows), dtype=np.int64),
    )
    found.bar(np.arange(len(rows)), set(regimen.drugs))
    if crossing:
        only = set(crossing.regimen.drugs) - set(regimen.drugs)
        found.bar(np.flatnonzero(~crosses), only)
    return found
