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
from oestra.solve.by_radau import RADAU
from oestra.solve.clock import crossings
from oestra.solve.compile import compile_model
from oestra.solve.evaluate import Evaluator
from oestra.solve.event_plan import MOST_WATCHED
from oestra.solve.expression import Expression, parameter, walk
from oestra.solve.integrator import Tell, integrator
from oestra.solve.large import LargeKernel
from oestra.solve.outcome import Outcome
from oestra.solve.pieces import integrate_pieces
from oestra.solve.recorded_times import recorded_times
from oestra.solve.roots import roots_of
from oestra.solve.sbml import SbmlModel
from oestra.solve.sbml.content import Kind
from oestra.solve.settings import Settings
from oestra.solve.simplify import ZERO

__all__ = ["SimulationResult", "check_ensemble", "simulate"]

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

    @property
    def columns(self) -> tuple[str, ...]:
        """What was recorded, as columns of a table are called beside its own two."""
        own = ("lane", "time")
        return tuple(f"{n} of the model" if n in own else n for n in self.names)

    def table(self) -> pd.DataFrame:
        """Return the courses as a table with the columns lane, time and the names.

        A symbol of the model that is called ``lane`` or ``time`` itself has the column
        ``lane of the model`` or ``time of the model``.
        """
        lanes, points, _ = self.courses.shape
        columns = {
            "lane": np.repeat(np.arange(lanes), points),
            "time": np.tile(self.times, lanes),
        }
        for k, name in enumerate(self.columns):
            columns[name] = self.courses[:, :, k].ravel()
        return pd.DataFrame(columns)


def simulate(  # noqa: PLR0913
    model: SbmlModel,
    until: float | None = None,
    *,
    points: int | None = None,
    at: ArrayLike | None = None,
    values: Mapping[str, ArrayLike] | pd.DataFrame | None = None,
    outputs: Sequence[str] | None = None,
    settings: Settings | None = None,
    seed: int = 0,
    tell: Tell | None = None,
    first: int | None = None,
) -> SimulationResult:
    """Simulate a model from time zero.

    Parameters
    ----------
    model : SbmlModel
        From `oestra.solve.sbml.read_sbml`.
    until : float, optional
        Last time, in the model's unit of time, unless `at` is given.
    points : int, optional
        Intervals between recorded times, by default 100; time zero is recorded as well.
    at : array_like, shape (points,), optional
        Ascending times to record, instead of `until` and `points`.
    values : mapping of str to array_like, or DataFrame, optional
        Parameters and initial values by name that replace the model's own: numbers,
        or one value per lane.
    outputs : sequence of str, optional
        What to record; by default every symbol that changes.
    settings : Settings, optional
        Tolerances and limits.
    seed : int
        Seed of the random order of events of equal priority.
    tell : callable, optional
        Takes a line where a large model takes long, or another way than others.
    first : int, optional
        Number of the first lane, where these are a part of an ensemble that
        `check_ensemble` has passed.

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
    enters in a straight line, nor one at which a state makes rates jump. Other triggers
    are looked at at eight points of every step, and located to a relative precision of
    1e-13 in time.

    A root (or a power that is not whole) of a number that is negative by more than
    rounding ends a lane with ``NEGATIVE_ROOT`` at the first recorded time that sees it.
    """
    times = recorded_times(until, points, at)
    given, lanes = _given(values)
    settings = settings or Settings()
    options = settings.arguments()
    options["atol"] = model.tolerances(settings.atol)
    record = _recorded(model, outputs)
    y, p = model.start(given, lanes=lanes)
    if first is None:
        _check(model, y, p, record, times, settings)
    searched = True
    if not model.ode.states:
        courses, outcome = _static(record, times, p)
    else:
        roots = roots_of([*model.ode.rhs, *record.values()])
        watched = {**record, **roots.outputs}
        ode = replace(model.ode, outputs=watched)
        if settings.method == RADAU:
            kernel = compile_model(ode, tuple(watched))
        else:
            kernel = integrator(
                ode,
                tuple(watched),
                events=model.events,
                tell=tell or (lambda _line: None),
            )
        searched = settings.method != RADAU and not isinstance(kernel, LargeKernel)
        if settings.method == RADAU or isinstance(kernel, LargeKernel):
            courses, outcome = integrate_pieces(kernel, y, p, times, options)
        else:
            end = kernel.advance(
                y,
                p,
                times[0],
                times[-1],
                at=times,
                luck=_keys(seed, first or 0, lanes),
                **options,
            )
            courses, outcome = end.outputs, end.outcome
        courses, outcome = roots.judge(courses, outcome, settings)
    first = 0 if at is None or np.ravel(at)[0] == 0.0 else 1
    return SimulationResult(
        model=model.ode.name,
        names=tuple(record),
        times=times[first:],
        courses=courses[:, first:],
        outcome=outcome,
        warnings=(
            *_warnings(model, searched=searched),
            *_unresolved(model, y[0], options["atol"]),
        ),
    )


def check_ensemble(
    model: SbmlModel,
    times: Floats,
    values: Mapping[str, ArrayLike] | pd.DataFrame,
    outputs: Sequence[str] | None,
    settings: Settings,
) -> tuple[dict[str, Floats], tuple[str, ...]]:
    """Refuse an ensemble that cannot be simulated, before its parts are handed out.

    Parameters
    ----------
    model, values, outputs, settings
        As `simulate` takes them.
    times : ndarray, shape (points,)
        As `simulate` takes them as ``at``.

    Returns
    -------
    values : dict of str to ndarray, shape () or (lanes,)
        The values.
    names : tuple of str
        What is recorded.

    Raises
    ------
    InputError
        As `simulate` raises.
    """
    given, lanes = _given(values)
    record = _recorded(model, outputs)
    y, p = model.start(given, lanes=lanes)
    _check(model, y, p, record, recorded_times(None, None, times), settings)
    return given, tuple(record)


def _check(
    model: SbmlModel,
    y: Floats,
    p: Floats,
    record: Mapping[str, Expression],
    times: Floats,
    settings: Settings,
) -> None:
    _check_size(len(p), len(times), len(record))
    _check_start(model, y, p)
    if settings.method == RADAU and model.events:
        raise InputError(
            f"The method {RADAU!r} takes no events, and model {model.ode.name!r} has "
            "some; use 'rodas5p' or 'rodas4'."
        )


def _keys(seed: int, first: int, lanes: int) -> NDArray[np.int64]:
    """Return what the order of events of equal priority is drawn from, by lane."""
    numbers = np.arange(first, first + lanes)
    level = Streams(seed).uniform(Stream.EVENT_ORDER, numbers, 1)[:, 0]
    return (level * 2.0**53).astype(np.int64)


def _warnings(model: SbmlModel, *, searched: bool) -> tuple[str, ...]:
    """Say what a simulation of a model may have missed."""
    told = list(model.warnings)
    triggers = [event.trigger for event in model.events]
    found = crossings(triggers, model.ode.rhs)
    name = model.ode.name
    if found.uncertain:
        told.append(
            f"Model {name!r} has a condition that depends on time other than in a "
            "straight line, as in sin(time) > 0.5; it is looked at eight times a step "
            "and at every recorded time, and what holds for less can be missed. "
            "Record more times to be sure."
        )
    if found.turning and not (searched and len(found.turning) <= MOST_WATCHED):
        told.append(
            f"Rates of model {name!r} jump where states pass thresholds, and this way "
            "of integration does not look for that: what lasts less than a step can "
            "be missed. Record more times to be sure."
        )
    return tuple(told)


def _unresolved(model: SbmlModel, y: Floats, atol: Floats) -> tuple[str, ...]:
    """Name states that begin so small that steps do not resolve them."""
    moving = np.array([rate is not ZERO for rate in model.ode.rhs], dtype=bool)
    small = moving & (y != 0.0) & (np.abs(y) < atol)
    names = [n for n, s in zip(model.ode.states, small, strict=True) if s]
    if not names:
        return ()
    few = ", ".join(names[:6]) + (f" and {len(names) - 6} more" * (len(names) > 6))
    verb = "begins" if len(names) == 1 else "begin"
    return (
        f"{few} {verb} below the absolute tolerance, and numbers as small as that are "
        "not resolved; give a smaller one (--atol).",
    )


def _given(
    values: Mapping[str, ArrayLike] | pd.DataFrame | None,
) -> tuple[dict[str, Floats], int]:
    given: dict[str, Floats] = {}
    columns = {} if values is None else values
    for name in columns:
        if str(name) in given:
            raise InputError(f"Values of {str(name)!r} are given more than once.")
        try:
            given[str(name)] = np.asarray(columns[name], dtype=float)
        except (TypeError, ValueError):
            raise InputError(f"The values of {name!r} are not all numbers.") from None
        if given[str(name)].ndim > 1:
            raise InputError(f"The values of {name!r} are not a column of numbers.")
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
    rooms = {n for n, s in model.symbols.items() if s.kind is Kind.COMPARTMENT}
    empty = [name for name, value in slots if value == 0.0 and name in rooms]
    missing = [name for name, value in slots if math.isnan(value)]
    infinite = [name for name, value in slots if math.isinf(value)]
    if missing:
        cause = "no value is given for " + ", ".join(missing[:6])
    elif infinite:
        verb = "is" if len(infinite) == 1 else "are"
        cause = f"{', '.join(infinite[:6])} {verb} infinite"
    elif empty:
        cause = f"there are no concentrations in {', '.join(empty[:6])}, of size 0"
    else:
        bad = [f for f, good in zip(model.ode.rhs, finite[0], strict=True) if not good]
        cause = _cause(bad[0], y[:1], p[:1])
    raise InputError(
        f"In model {model.ode.name!r} the rate of {', '.join(names[:6])} is not finite "
        f"at time 0; {cause}."
    )


_CAUSES = {
    "div": "look for a division by zero",
    "log": "look for the logarithm of zero or of a negative number",
    "pow": "look for a power that has no value, such as a root of a negative number",
    "sqrt": "look for a root of a negative number",
    "exp": "look for an exponential that is far too large",
    "const": "a formula holds what is no number, as where no case of a piecewise holds",
}
"""Why an operation on numbers has no finite result."""


def _cause(rate: Expression, y: Floats, p: Floats) -> str:
    """Say which operation made a rate of one lane infinite or no number at all."""
    nodes = list(walk([rate]))
    values = Evaluator(nodes)(0.0, y, p)[0]
    finite = dict(zip(nodes, np.isfinite(values).tolist(), strict=True))
    for node in nodes:
        if not finite[node] and all(finite[part] for part in node.args):
            return _CAUSES.get(node.op, f"look at where {node.op!r} has no value")
    return _CAUSES["div"]


def _static(
    record: dict[str, Expression], times: Floats, p: Floats
) -> tuple[Floats, NDArray[np.int8]]:
    evaluate = Evaluator(record.values())
    rows = p[:, None, :]
    courses = evaluate(times[None, :], np.empty((*rows.shape[:2], 0)), rows)
    return courses, np.zeros(len(p), dtype=np.int8)
