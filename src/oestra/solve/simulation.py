"""Simulation of an SBML model: one lane or an ensemble, recorded on a grid."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from oestra.core.errors import InputError, unknown_name
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.solve.clock import crossings
from oestra.solve.compile import compile_model
from oestra.solve.evaluate import Evaluator
from oestra.solve.expression import Expression, parameter
from oestra.solve.outcome import Outcome
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
    warnings : tuple of str
        What may have been missed, and how to be sure.
    """

    model: str
    names: tuple[str, ...]
    times: Floats
    courses: Floats
    outcome: NDArray[np.int8]
    warnings: tuple[str, ...] = ()

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
    seed: int = 0,
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
    seed : int
        Seed of the random order of events of equal priority.

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
    No step crosses an instant at which the clock makes a formula jump, however
    ``floor``, ``ceil``, ``piecewise`` and comparisons are nested, as long as time
    enters in a straight line. Other triggers are looked at at eight points of every
    step, and located to a relative precision of 1e-13 in time.
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
        kernel = compile_model(
            replace(model.ode, outputs=record), tuple(record), events=model.events
        )
        end = kernel.advance(
            y,
            p,
            times[0],
            times[-1],
            at=times,
            luck=_keys(seed, lanes),
            **settings.arguments(),
        )
        courses, outcome = end.outputs, end.outcome
    return SimulationResult(
        model=model.ode.name,
        names=tuple(record),
        times=times,
        courses=courses,
        outcome=outcome,
        warnings=_warnings(model),
    )


def _keys(seed: int, lanes: int) -> NDArray[np.int64]:
    """Return what the order of events of equal priority is drawn from, by lane."""
    level = Streams(seed).uniform(Stream.EVENT_ORDER, np.arange(lanes), 1)[:, 0]
    return (level * 2.0**53).astype(np.int64)


def _warnings(model: SbmlModel) -> tuple[str, ...]:
    """Say what a simulation of a model may have missed."""
    triggers = [event.trigger for event in model.events]
    found = crossings(triggers, model.ode.rhs)
    if not found.untimed:
        return ()
    return (
        f"Model {model.ode.name!r} has a condition that depends on time other than in "
        "a straight line, as in sin(time) > 0.5; it is looked at eight times a step "
        "and at every recorded time, and what holds for less can be missed. Record "
        "more times to be sure.",
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
