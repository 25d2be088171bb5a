"""What the options of ``oestra cell`` put into a dish, and how it is read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from oestra.core.errors import InputError

if TYPE_CHECKING:
    from oestra.core.library import Library
    from oestra.core.parameter_set import ParameterSet
    from oestra.culture.cell_result import CellResult
    from oestra.culture.combination import Combination
    from oestra.culture.dose_response import DoseResponse
    from oestra.culture.doses import DoseSeries
    from oestra.culture.experiment import Culture
    from oestra.culture.schedule import Schedule

__all__ = ["Dish", "run_combination", "run_courses", "run_dose_response"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dish:
    """Cells and what they are given, as the options say it."""

    line: str
    set: tuple[str, ...]
    medium: str
    pretreat: tuple[str, ...]
    knockdown: tuple[str, ...]
    overexpress: tuple[str, ...]
    confluence: str
    drug: str
    days: float | None
    sets: tuple[ParameterSet, ...]

    @property
    def library(self) -> Library:
        """Whose cells and drugs."""
        return self.sets[0].library

    def cells(self, parameters: ParameterSet | None = None) -> Culture:
        """Return the cells as their experiment starts, with the first set if none."""
        from oestra.culture.experiment import prepare

        return prepare(
            self.line,
            set=self.set,
            medium=self.medium,
            pretreat=self.pretreat,
            knockdown=self.knockdown,
            overexpress=self.overexpress,
            confluence=self.confluence,
            parameters=parameters or self.sets[0],
        )

    def background(self, *series: DoseSeries) -> tuple[Schedule, float]:
        """Return what all doses are given, and for how long."""
        from oestra.culture.experiment import check_agreement
        from oestra.culture.medium import Condition
        from oestra.culture.reading_days import length_of
        from oestra.culture.schedule import constant, parse_schedule

        library = self.library
        given = parse_schedule(self.drug, library)
        medium = parse_schedule(self.medium, library, drugs=False)
        for one in series:
            check_agreement(medium, constant(one.condition(0.0, Condition())))
        check_agreement(medium, given)
        return given, length_of(self.days, medium, given)


def run_dose_response(dish: Dish, text: str, readouts: tuple[str, ...]) -> DoseResponse:
    """Read every dose of a series, as its text says, with bands for many sets."""
    from oestra.culture.dose_response import dose_response
    from oestra.culture.doses import parse_series
    from oestra.culture.ensemble import with_dose_bands

    series = parse_series(text, dish.library)
    given, days = dish.background(series)

    def run(one: ParameterSet) -> DoseResponse:
        return dose_response(
            dish.cells(one), series, background=given, days=days, readouts=readouts
        )

    if len(dish.sets) == 1:
        return run(dish.sets[0])
    return with_dose_bands(run, dish.sets)


def run_combination(dish: Dish, text: str, readout: str) -> Combination:
    """Read all pairs of doses of two series, as their text says."""
    from oestra.culture.combination import combination
    from oestra.culture.doses import parse_matrix

    pair = parse_matrix(text, dish.library)
    given, days = dish.background(*pair)
    return combination(
        dish.cells(), *pair, background=given, days=days, readout=readout
    )


def run_courses(
    dish: Dish,
    readouts: tuple[str, ...],
    points: int,
    at: str | None,
    mix: tuple[str, ...],
) -> CellResult:
    """Read courses over time, with bands where there are many sets."""
    from oestra.culture.ensemble import with_bands
    from oestra.culture.experiment import run_cell

    run = partial(
        run_cell,
        dish.line,
        set=dish.set,
        medium=dish.medium,
        pretreat=dish.pretreat,
        knockdown=dish.knockdown,
        overexpress=dish.overexpress,
        mix=mix,
        confluence=dish.confluence,
        drug=dish.drug,
        days=dish.days,
        readouts=readouts,
        points=points,
        at=None if at is None else _days(at),
    )
    if len(dish.sets) == 1:
        return run(parameters=dish.sets[0])
    return with_bands(lambda one: run(parameters=one), dish.sets)


def _days(text: str) -> list[float]:
    """Read days that are joined by commas."""
    try:
        return [float(word) for word in text.split(",")]
    except ValueError:
        raise InputError(
            f"Days of readings such as 7,14,21 are needed, got {text!r}."
        ) from None
