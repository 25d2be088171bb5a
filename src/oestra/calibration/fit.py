"""Damped least squares on noisy standardized residuals, resumable at every round.

References
----------
.. [1] Marquardt DW (1963). An algorithm for least-squares estimation of nonlinear
   parameters. J SIAM 11:431-441.
.. [2] Broyden CG (1965). A class of methods for solving nonlinear simultaneous
   equations. Math Comp 19:577-593.
.. [3] Kalman RE (1960). A new approach to linear filtering and prediction problems.
   J Basic Eng 82:35-45.
"""

import hashlib
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.checkpoint import State, read_state, write_state
from oestra.calibration.fact import facts
from oestra.calibration.objective import Objective
from oestra.calibration.slopes import half_difference, learn_slopes, moves, sizes
from oestra.calibration.softening import FREEDOM, hardened, soften
from oestra.calibration.step import believed, best_step, expected, loss
from oestra.calibration.trial_size import PAIRS, noise
from oestra.calibration.workers import worker_pool
from oestra.core.errors import InputError
from oestra.core.linear_algebra import cholesky, dot, norm, product
from oestra.core.progress import Progress
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.model.belonging import fit_belongs_to
from oestra.work.each import Workers

__all__ = [
    "Pace",
    "fit",
    "problem_key",
    "residual_at",
    "take_round",
    "worker_pool",
]

Array = NDArray[np.float64]
_STEP = 0.5
"""Step of the first differences, prior standard deviations."""
_FAR = 8.0
"""Standard errors beyond which nothing counts more where errors are normal."""
_OF_DIFFERENCE = 1.4
"""Error of a difference of two residuals, in units of that of one."""
_LEAST_SLOPE = 0.07
"""Size of the entries of a column that cannot be told from noise."""
_LENGTHS = (1.0, 2.0, 1.0, 0.6)
"""Trial steps of a round, in units of the reach."""
_BENDS = (0.0, 0.0, 0.5, 0.8)
"""How far each is bent aside by chance, in units of the reach."""
_LONGER, _SHORTER = 1.15, 0.8
_REACHES = 0.12, 3.0
_DRIFT, _CURVATURE = 0.1, 0.3
"""Change of an entry of the Jacobian over a step of one standard deviation, and of a
residual by curvature: what steps showed beyond what was expected of them."""
_SURPRISING = 4.0
"""Standard errors beyond which a residual that jumps teaches no more of slopes."""
_RENEWED = 0.2
"""Doubt added to the entries of a Jacobian that is taken over from another fit."""
_WARM_REACH = 0.5
"""First step of a fit that is near its end, prior standard deviations."""


class Pace(NamedTuple):
    """Rounds before slopes are first measured again, and between: the way is bent."""

    first: int
    between: int


_PACE, _PACE_WARM = Pace(10, 5), Pace(0, 5)


def problem_key(objective: Objective) -> str:
    """Return the fingerprint of a fit."""
    parts = (
        fit_belongs_to(),
        objective.base.digest,
        [item.name for item in objective.free],
        [row.id for row in objective.rows],
        facts() if objective.with_facts else (),
        (objective.patients, objective.most, objective.draws),
        (objective.seed, objective.with_facts, objective.cohorts),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def residual_at(objective: Objective, z: Array, freedom: float = FREEDOM) -> Array:
    """Return the residuals that a fit makes small, softened where outliers may be.

    Parameters
    ----------
    objective : Objective
        The problem.
    z : ndarray, shape (k,)
        Standardized parameters.
    freedom : float
        Degrees of freedom of errors that may be outliers.

    Returns
    -------
    ndarray, shape (m,)
        In the order of its rows, then facts.
    """
    found = objective.evaluate(z)
    near = np.clip(found.residual, -_FAR, _FAR)
    return np.where(found.normal, near, soften(found.residual, freedom))


def _columns(
    pool: Executor, objective: Objective, state: State, path: Path,
    progress: Progress,
) -> None:  # fmt: skip
    """Find the first Jacobian by differences, writing a checkpoint a column."""
    error = _OF_DIFFERENCE * noise(objective.lives)
    todo = [k for k in range(len(state.z)) if np.isnan(state.columns[k]).any()]
    points = []
    for k in todo:
        # Step towards the prior, where the model is surest to have a steady course.
        step = -_STEP if state.z[k] > 0 else _STEP
        moved = state.z.copy()
        moved[k] += step
        points.append(
            (k, step, pool.submit(residual_at, objective, moved, state.freedom))
        )
    for done, (k, step, future) in enumerate(points, start=len(state.z) - len(todo)):
        slope = (future.result() - state.residual) / step
        _measure(state, k, slope, error / _STEP)
        write_state(state, path)
        progress("slopes", done + 1, len(state.z))


def _measure(state: State, k: int, slope: Array, error: float) -> None:
    """Take up a measured column: drawn toward zero by as much as it is noise."""
    signal = max(float(np.mean(slope**2)) - error**2, _LEAST_SLOPE**2)
    state.columns[k] = slope * signal / (signal + error**2)
    state.doubt[k + 1, k + 1] = 1.0 / (1.0 / signal + error**-2)


def _streams(objective: Objective) -> Streams:
    return Streams(objective.seed).spawn(Stream.FIT)


def _renew(
    pool: Executor, objective: Objective, state: State, path: Path, pairs: int,
    progress: Progress,
) -> None:  # fmt: skip
    """Measure slopes where the fit stands, each pair in a population of its own."""
    steepness = hardened(state.residual, state.freedom)[1]
    if not state.lengths.size:
        state.lengths = sizes(state.columns / steepness)
        state.halves = np.empty((0, len(state.residual)))
        write_state(state, path)
    pairs = max(pairs, len(state.halves))
    streams = _streams(objective)
    tried = moves(state.lengths, streams, state.renewals, pairs)
    unseen = objective.cohorts + pairs * state.renewals
    points = [
        pool.submit(
            half_difference, objective.population(unseen + pair), state.z, tried[pair]
        )
        for pair in range(len(state.halves), pairs)
    ]
    for point in points:
        half = point.result()
        seen = np.full(len(state.residual), np.nan) if half is None else half
        state.halves = np.vstack([state.halves, seen])
        write_state(state, path)
        progress("slopes again", len(state.halves), pairs)
    met = np.isfinite(state.halves).all(axis=1)
    learned = learn_slopes(
        state.columns / steepness, state.doubt[1:, 1:], tried[met], state.halves[met]
    )
    state.columns = learned.columns * steepness
    state.doubt[1:, 1:] = learned.doubt
    state.doubt[0, 1:] = state.doubt[1:, 0] = 0.0
    state.lengths, state.halves = np.empty(0), np.empty((0, 0))
    state.renewals += 1
    write_state(state, path)


def _learn(state: State, move: Array, residual: Array, error: float) -> None:
    """Correct residuals and Jacobian by what a step showed: an update of a filter."""
    at = np.concatenate([[1.0], move])
    doubted = product(state.doubt, at)
    allowed = dot(at, doubted) + error**2
    gain = doubted / allowed
    there, steeper = expected(state, move)
    # What softening there makes of an error here; never more than it is there, as far
    # residuals tell little of near ones.
    surprise = (residual - there) / np.maximum(steeper, 1.0)
    most = _SURPRISING * np.sqrt(allowed)
    surprise = np.clip(surprise, -most, most)
    state.residual = state.residual + gain[0] * surprise
    state.columns = state.columns + gain[1:, None] * surprise
    doubt = state.doubt - gain[:, None] * doubted
    state.doubt = 0.5 * (doubt + doubt.T)


def _go(state: State, move: Array) -> None:
    """Move the state, and doubt what bends on the way."""
    size = norm(move)
    state.residual, steeper = expected(state, move)
    state.columns = state.columns * steeper
    state.z = state.z + move
    carry = np.eye(len(state.doubt))
    carry[0, 1:] = move
    state.doubt = product(product(carry, state.doubt), carry.T)
    state.doubt[0, 0] += (_CURVATURE * size**2) ** 2
    state.doubt[1:, 1:] += (_DRIFT * size) ** 2 * np.eye(len(move))


def _trials(state: State, streams: Streams) -> list[Array]:
    """Return the steps to try in a round."""
    size = len(state.z)
    aside = streams.normal(
        Stream.ASIDE, np.arange(len(_BENDS)), size, index=state.round
    )
    root = cholesky(state.doubt[1:, 1:] + 1e-12 * np.eye(size))
    found = []
    for length, bend, chance in zip(_LENGTHS, _BENDS, aside, strict=True):
        turn = product(root, chance)
        found.append(
            best_step(state, state.reach * length)
            + bend * state.reach * turn / norm(turn)
        )
    return found


def fit(  # noqa: PLR0913 - one argument a choice
    objective: Objective,
    start: Array,
    *,
    path: Path,
    rounds: int = 6,
    workers: Workers = 2,
    warm: State | None = None,
    hours: float = np.inf,
    pace: Pace | None = None,
    pairs: int = PAIRS,
    freedom: float = FREEDOM,
    progress: Progress = lambda *_: None,
) -> State:
    """Fit, or continue a fit.

    Parameters
    ----------
    objective : Objective
        The problem.
    start : ndarray, shape (k,)
        Standardized parameters to start from.
    path : Path
        Checkpoint; a fit that was killed goes on from here with the same result.
    rounds : int
        Rounds of trial steps after the first Jacobian.
    workers : int or Executor
        Processes to start, or who does the work; the result does not depend on it.
    warm : State, optional
        End of a fit of nearly the same model: its Jacobian is taken over, doubted a
        little more, instead of being measured anew.
    hours : float
        After so long no further round begins; the checkpoint goes on from there.
    pace : Pace, optional
        When slopes are measured again; where nothing is said, after ten rounds, or with
        `warm` at once, and then after each five.
    pairs : int
        Pairs of moves that measure slopes anew.
    freedom : float
        Degrees of freedom of errors that may be outliers.
    progress : callable
        Told what is done, how many steps of it and of how many.

    Returns
    -------
    State
        Where the fit ended, with what is known of the Jacobian there.

    Raises
    ------
    InputError
        If the checkpoint is damaged or belongs to another problem.

    Notes
    -----
    Residuals and Jacobian are a state that is known in part [3]_: the Jacobian begins
    as first differences, drawn toward zero by as much as they are noise; every step
    that is tried, taken or not, corrects both, and so do pairs of opposite moves of all
    parameters where the fit has come to (`oestra.calibration.slopes`). Steps are those
    of Levenberg and Marquardt within a trust region, weighted anew as residuals come
    closer, with the doubt added to the curvature. The fit goes to the step whose
    residuals, noise filtered out, are least: a step that was lucky is not taken for a
    good one.
    """
    began = monotonic()
    key = problem_key(objective)
    state = read_state(path, key)
    _check_start(state, start, path)
    streams = _streams(objective)
    with worker_pool(workers) as pool:
        if state is None:
            residual = pool.submit(residual_at, objective, start, freedom).result()
            error = noise(objective.lives)
            state = _begin(key, start, residual, error, freedom)
            if warm is not None:
                state = _taken_over(state, warm)
            write_state(state, path)
        if state.round == 0 and warm is None:
            _columns(pool, objective, state, path, progress)
        pace = pace or (_PACE if warm is None else _PACE_WARM)
        while state.round < rounds and monotonic() - began < 3600.0 * hours:
            if state.round >= pace.first + pace.between * state.renewals:
                _renew(pool, objective, state, path, pairs, progress)
            take_round(pool, objective, state, streams)
            write_state(state, path)
            progress(f"loss {state.losses[-1]:.1f}", state.round, rounds)
    return state


def _begin(
    key: str, start: Array, residual: Array, error: float, freedom: float
) -> State:
    """Return the state of a new fit, of which no slope is known."""
    size = len(start)
    return State(
        key=key,
        z=start.copy(),
        residual=residual,
        columns=np.full((size, len(residual)), np.nan),
        doubt=np.diag([error**2, *np.ones(size)]),
        losses=np.array([loss(start, residual)]),
        origin=start.copy(),
        freedom=freedom,
    )


def _taken_over(state: State, warm: State) -> State:
    """Return a new state with the Jacobian of the end of another fit.

    Raises
    ------
    InputError
        If that is of other parameters or other evidence.
    """
    if warm.columns.shape != state.columns.shape:
        raise InputError(
            "The fit that ships is of other parameters or evidence, so that nothing of "
            "it can be taken over; leave out --warm."
        )
    doubt = warm.doubt + _RENEWED**2 * np.eye(len(warm.doubt))
    doubt[0, :] = doubt[:, 0] = 0.0
    doubt[0, 0] = state.doubt[0, 0]
    here, there = (hardened(one.residual, one.freedom)[1] for one in (state, warm))
    return replace(
        state, columns=warm.columns * (here / there), doubt=doubt, reach=_WARM_REACH
    )


def _check_start(state: State | None, start: Array, path: Path) -> None:
    """Refuse to go on from where a fit with another start has come."""
    if state is None or not state.origin.size:
        return
    if state.origin.shape != start.shape or not np.allclose(state.origin, start):
        raise InputError(
            f"The checkpoint {path} belongs to a fit with another --start; remove it "
            "or name another."
        )


def take_round(
    pool: Executor, objective: Objective, state: State, streams: Streams
) -> None:
    """Try some steps, learn from all of them, go where the loss is least.

    Parameters
    ----------
    pool : Executor
        Who does the work.
    objective : Objective
        The problem.
    state : State
        Where the fit stands; changed.
    streams : Streams
        Of the fit.
    """
    moves = _trials(state, streams)
    origin = state.z
    futures = [
        pool.submit(residual_at, objective, origin + move, state.freedom)
        for move in moves
    ]
    seen = [future.result() for future in futures]
    for move, residual in zip(moves, seen, strict=True):
        _learn(state, move, residual, noise(objective.lives))
    known = [np.zeros_like(origin), *moves]
    best = int(np.argmin([believed(state, move) for move in known]))
    if best:
        _go(state, known[best])
    state.round += 1
    state.losses = np.append(state.losses, loss(state.z, state.residual))
    length = norm(known[best])
    reach = np.clip(length, _SHORTER * state.reach, _LONGER * state.reach)
    state.reach = float(np.clip(reach, *_REACHES))
