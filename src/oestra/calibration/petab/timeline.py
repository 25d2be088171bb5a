"""Dishes as periods of PEtab: all that the cells lived through, one after the other.

Day 0 is that of the treatment of the dish that is read. Before it, in this order: the
reference cell comes to rest, and with it what relative quantities are relative to; the
line comes to rest in its own medium, where its paces are set; the control dish, if
there is one, from its pretreatment on; and the pretreatment of the dish itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from oestra.calibration.petab.surroundings import Surroundings, identifier
from oestra.calibration.petab.written import Capture, Dish
from oestra.culture.medium import Condition
from oestra.culture.schedule import parse_schedule, parse_steps
from oestra.network.cell_line import CellLine, find_line

__all__ = [
    "FROM_REST",
    "KEEP_REST",
    "KEEP_START",
    "REFERENCE_CELL",
    "START",
    "Period",
    "captured",
    "line_condition",
    "pace_condition",
    "timeline",
]

REFERENCE_CELL, KEEP_REST, FROM_REST = "reference_cell", "keep_rest", "from_rest"
START, KEEP_START = "start", "keep_start"
_REFERENCE_DAYS, _REST_DAYS = 3000.0, 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Conditions that are set at one time.

    Parameters
    ----------
    day : float
        When.
    conditions : tuple of str
        Their names.
    """

    day: float
    conditions: tuple[str, ...]


def line_condition(line: CellLine) -> str:
    """Return the condition that makes the cells those of a line."""
    return f"line_{identifier(line.id)}"


def pace_condition(line: CellLine) -> str:
    """Return the condition that sets the paces of a line at rest."""
    return f"paces_{identifier(line.id)}"


def captured(capture: Capture) -> str:
    """Return the condition that keeps a value."""
    return f"keep_{capture.parameter}"


@dataclass(slots=True)
class _Clock:
    """Periods as they are lived through; the first is on day 0."""

    now: float
    periods: dict[float, list[str]]

    def set(self, *conditions: str) -> None:
        self.periods.setdefault(self.now, []).extend(conditions)


def timeline(
    dish: Dish,
    control: Dish | None,
    captures: Iterable[Capture],
    around: Surroundings,
) -> tuple[Period, ...]:
    """Return the periods of a dish, those of its control before.

    Parameters
    ----------
    dish : Dish
        The dish that is read.
    control : Dish, optional
        The dish it is compared with, of the same line.
    captures : iterable of Capture
        What is kept.
    around : Surroundings
        Where its media are added.

    Returns
    -------
    tuple of Period
        In order of time.
    """
    line = find_line(dish.setting.line, around.common.library)
    own = {name: level.value for name, level in line.medium.items()}
    clock, kept = _Clock(0.0, {}), list(captures)
    clock.set(REFERENCE_CELL)
    clock.now += _REFERENCE_DAYS
    clock.set(line_condition(line), around.of(Condition(substances=own), {}))
    clock.now += _REST_DAYS
    clock.set(pace_condition(line))
    if control is not None:
        clock.set(KEEP_REST)
        _prepare(clock, control, own, around)
        clock.set(START)
        seen = [one for one in kept if one.dish == "control"]
        _keep(clock, seen)
        clock.now += max(one.days for one in seen)
        clock.set(FROM_REST)
    _prepare(clock, dish, own, around)
    clock.set(START, *([KEEP_START] if control is None else []))
    day_0 = clock.now
    _keep(clock, [one for one in kept if one.dish == "treated"])
    return tuple(
        Period(day=round(now - day_0, 9), conditions=tuple(dict.fromkeys(names)))
        for now, names in sorted(clock.periods.items())
    )


def _prepare(
    clock: _Clock, dish: Dish, own: dict[str, float], around: Surroundings
) -> None:
    """Take cells through a pretreatment into their arm."""
    library = around.common.library
    medium = parse_schedule(dish.setting.medium, library, drugs=False).on(0.0)
    full = {**own, **medium.substances}
    for text in dish.setting.pretreat:
        for step in parse_steps(text, library):
            clock.set(around.of(step.condition.within(full), {}))
            clock.now += step.days
    clock.set(around.of_arm(dish.arm, full))


def _keep(clock: _Clock, captures: list[Capture]) -> None:
    for one in sorted(captures):
        clock.periods.setdefault(clock.now + one.days, []).append(captured(one))
