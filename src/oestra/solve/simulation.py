"""Simulation of an SBML model: one lane or an ensemble, recorded on a grid."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from oestra.core.errors import InputError, unknown_name
from oestra.solve.evaluate import Evaluator
from oestra.solve.event_driver import EventDriver
from oestra.solve.expression import Expression, parameter
from oestra.solve.integrator import Tell, integrator
from oestra.solve.kernel import Kernel
from oestra.solve.outcome import Outcome
from oestra.solve.pieces import integrate_pieces
from oestra.solve.sbml import SbmlModel
from oestra.solve.settings import Settings

__all__ = ["SimulationResult", "simulate"]

Floats = NDArray[np.float64]

MOST_NUMBERS = 250_000_000
"""Most numbers that one call records: 2 GB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationResult:
    """Time courses.

    Parameters
    ----------
    model : str
        Identifier of the model.
    names : tuple of str
        What was recorded.
    times : ndarray, shape (points,)
        When.
    courses : ndarray, shape (lanes, points, len(names))
        Values over time; NaN from where a lane failed.
    outcome : ndarray of int8, shape (lanes,)
        Code of the `Outcome` of each lane.
    """

    model: str
    names: tuple[str, ...]
    times: Floats
    courses: Floats
    outcome: NDArray[np.int8]

    def __getitem__(self, name: str) -> Floats:
        """Return the course of one name, shape (lanes, points)."""
        if name not in self.names:
            raise unknown_name("recorded output", name, self.names)
        return self.courses[:, :, self.names.index(name)]

    def failures(self) -> dict[Outcome, int]:
        """Count the lanes that did not reach their end, by outcome."""
        codes, counts = np.unique(self.outcome, return_counts=True)
        found = zip(codes.tolist(), counts.tolist(), strict=True)
        return {Outcome(c): n for c, n in found if not Outcome(c).usable}

    def table(self) -> pd.DataFrame:
        """Return the courses as a table with the columns lane, time and the names."""
        lanes, points, _ = self.courses.shape
        columns = {
            "lane": np.repeat(np.arange(lanes), points),
            "time": np.tile(self.times, lanes),
        }
        for k, name in enumerate(self.names):
            columns[name] = self.courses[:, :, k].ravel()
        return pd.DataFrame(columns)


def simulate(  # noqa: PLR0913
    model: SbmlModel,
    until: float,
    *,
    points: int = 100,
    values: Mapping[str, ArrayLike] | pd.DataFrame | None = None,
    outputs: Sequence[str] | None = None,
    settings: Settings | None = None,
    tell: Tell | None = None,
) -> SimulationResult:
    """Simulate a model from time zero.

    Parameters
    ----------
    model : SbmlModel
        From `oestra.solve.sbml.read_sbml`.
    until : float
        Last time, in the model's unit of time.
    points : int
        Intervals between recorded times; time zero is recorded as well.
    values : mapping of str to array_like, or DataFrame, optional
        Parameters and initial values by name that replace the model's own: numbers,
        or one value per lane.
    outputs : sequence of str, optional
        What to record; by default every symbol that changes.
    settings : Settings, optional
        Tolerances and limits.
    tell : callable, optional
        Takes a line where a large model takes long, or another way than others.

    Returns
    -------
    SimulationResult
        Time courses, one for each lane.

    Raises
    ------
    InputError
        If a name or number cannot be used, or no lane can begin because a rate is not
        finite at time zero.

    Notes
    -----
    Integration starts anew where the clock switches a formula. Events are located to
    a relative precision of 1e-13 in time, between triggers sampled at least 200 times:
    a condition on states that holds for less than such an interval can be missed.
    """
    if not (math.isfinite(until) and until > 0):
        raise InputError(f"The end time must be positive and finite, got {until!r}.")
    if points < 1:
        raise InputError(f"At least 1 point is needed, got {points}.")
    given, lanes = _given(values)
    y, p = model.start(given, lanes=lanes)
    record = _recorded(model, outputs)
    _check_size(lanes, points + 1, len(record))
    times = np.linspace(0.0, until, points + 1)
    _check_start(model, y, p)
    settings = settings or Settings()
    if not model.ode.states:
        courses, outcome = _static(record, times, p)
    else:
        kernel = integrator(
            replace(model.ode, outputs=record),
            tuple(record),
            events=bool(model.events),
            tell=tell or (lambda _line: None),
        )
        if isinstance(kernel, Kernel) and model.events:
            driver = EventDriver(model=model, kernel=kernel, settings=settings)
            courses, outcome = driver.run(y, p, times)
        else:
            courses, outcome = integrate_pieces(kernel, y, p, times, settings)
    return SimulationResult(
        model=model.ode.name,
        names=tuple(record),
        times=times,
        courses=courses,
        outcome=outcome,
    )


def _given(
    values: Mapping[str, ArrayLike] | pd.DataFrame | None,
) -> tuple[dict[str, Floats], int]:
    given: dict[str, Floats] = {}
    columns = {} if values is None else values
    for name in columns:
        try:
            given[str(name)] = np.asarray(columns[name], dtype=float)
        except (TypeError, ValueError):
            raise InputError(f"The values of {name!r} are not all numbers.") from None
    sizes = {name: len(v) for name, v in given.items() if v.ndim}
    lanes = max(sizes.values(), default=1)
    for name, size in sizes.items():
        if size != lanes or size == 0:
            raise InputError(f"{name!r} has {size} values for {lanes} lanes.")
    return given, lanes


def _recorded(model: SbmlModel, outputs: Sequence[str] | None) -> dict[str, Expression]:
    ode = model.ode
    if outputs is None:
        changing = (name for name in ode.outputs if name in model.symbols)
        return {name: ode.outputs[name] for name in changing}
    known = {
        **{name: parameter(k) for k, name in enumerate(ode.parameters)},
        **ode.outputs,
    }
    for name in outputs:
        if name not in known:
            raise unknown_name("output", name, known, where=f"model {ode.name!r}")
    return {name: known[name] for name in outputs}


def _check_size(lanes: int, points: int, outputs: int) -> None:
    if lanes * points * (outputs + 1) > MOST_NUMBERS:
        raise InputError(
            f"{outputs} outputs at {points} times of {lanes} simulations are too many "
            f"to keep, more than {MOST_NUMBERS:,}; record fewer outputs or times."
        )


def _check_start(model: SbmlModel, y: Floats, p: Floats) -> None:
    """Explain rates that are not finite, if that is so in every lane."""
    finite = np.isfinite(Evaluator(model.ode.rhs)(0.0, y, p))
    if finite.all(axis=1).any():
        return
    names = [n for n, good in zip(model.ode.states, finite[0], strict=True) if not good]
    slots = (*zip(model.ode.states, y[0], strict=True),)
    slots += (*zip(model.ode.parameters, p[0], strict=True),)
    missing = [name for name, value in slots if math.isnan(value)]
    cause = (
        "no value is given for " + ", ".join(missing[:6])
        if missing
        else "look for a division by zero"
    )
    raise InputError(
        f"In model {model.ode.name!r} the rate of {', '.join(names[:6])} is not finite "
        f"at time 0; {cause}."
    )


def _static(
    record: dict[str, Expression], times: Floats, p: Floats
) -> tuple[Floats, NDArray[np.int8]]:
    evaluate = Evaluator(record.values())
    rows = p[:, None, :]
    courses = evaluate(times[None, :], np.empty((*rows.shape[:2], 0)), rows)
    return courses, np.zeros(len(p), dtype=np.int8)
