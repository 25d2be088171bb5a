"""Levenberg and Marquardt on standardized residuals, resumable at every evaluation.

References
----------
.. [1] Marquardt DW (1963). An algorithm for least-squares estimation of nonlinear
   parameters. J SIAM 11:431-441.
.. [2] Broyden CG (1965). A class of methods for solving nonlinear simultaneous
   equations. Math Comp 19:577-593.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.cell_fit import CellObjective
from oestra.calibration.checkpoint import State, read_state, write_state
from oestra.calibration.fact import facts
from oestra.calibration.objective import Objective
from oestra.evidence.load import digest as evidence_digest
from oestra.network.digest import source_digest
from oestra.solve.call import THREADS

__all__ = ["Problem", "Progress", "fit", "problem_key", "residual_at", "worker_pool"]

Array = NDArray[np.float64]
Progress = Callable[[str, int, int], None]
Problem = Objective | CellObjective
"""What can be fitted; its fields together are its fingerprint."""
_STEP = 0.3
_DAMPINGS = (0.1, 1.0, 10.0, 100.0)
_FAR = 3.0
"""Standard errors at which a residual begins to count less."""
_POLISH = 8
"""Most steps on one Jacobian."""
_REACH = 1.5
"""Longest step in one parameter, prior standard deviations."""


def problem_key(objective: Problem) -> str:
    """Return the fingerprint of a fit."""
    parts = (
        evidence_digest(),
        source_digest(),
        objective.base.digest,
        [item.name for item in objective.free],
        [row.id for row in objective.rows],
        facts() if objective.with_facts else (),
        (objective.patients, objective.most, objective.seed, objective.with_facts),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def soften(residual: Array) -> Array:
    """Let residuals beyond a few standard errors count less than their square.

    The square is twice Charbonnier's loss: quadratic near zero, linear far away, so
    that a contradiction in the evidence does not pull the whole fit, and a bad start
    still has a slope.
    """
    far = np.sqrt(1.0 + (residual / _FAR) ** 2) - 1.0
    return np.sign(residual) * _FAR * np.sqrt(2.0 * far)


def residual_at(objective: Problem, z: Array) -> Array:
    """Return the residuals that a fit makes small, softened far from zero."""
    return soften(np.clip(objective.evaluate(z).residual, -40.0, 40.0))


def _loss(z: Array, residual: Array) -> float:
    return 0.5 * float(residual @ residual + z @ z)


@contextmanager
def worker_pool(count: int) -> Iterator[ProcessPoolExecutor]:
    """Yield processes of one thread each; what they still had to do is dropped."""
    with ProcessPoolExecutor(
        count, mp_context=get_context("spawn"), initializer=_alone
    ) as pool:
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)


def _alone() -> None:
    """Keep a worker to one thread: the workers share the cores already."""
    os.environ[THREADS] = "1"


def _columns(
    pool: ProcessPoolExecutor, objective: Problem, state: State, path: Path,
    progress: Progress,
) -> None:  # fmt: skip
    """Finish the Jacobian, writing a checkpoint after each column."""
    todo = [k for k in range(len(state.z)) if np.isnan(state.columns[k]).any()]
    points = []
    for k in todo:
        # Step towards the prior, where the model is surest to have a steady course.
        step = -_STEP if state.z[k] > 0 else _STEP
        moved = state.z.copy()
        moved[k] += step
        points.append((k, step, pool.submit(residual_at, objective, moved)))
    for done, (k, step, future) in enumerate(points, start=len(state.z) - len(todo)):
        state.columns[k] = (future.result() - state.residual) / step
        write_state(state, path)
        progress(f"round {state.round + 1}", done + 1, len(state.z))


def _candidates(state: State) -> list[tuple[float, Array]]:
    j = state.columns
    normal = j @ j.T + np.eye(len(state.z))
    slope = j @ state.residual + state.z
    found = []
    for factor in _DAMPINGS:
        damping = state.damping * factor
        move = -np.linalg.solve(normal + damping * np.diag(np.diag(normal)), slope)
        found.append((damping, state.z + np.clip(move, -_REACH, _REACH)))
    return found


def fit(
    objective: Problem,
    start: Array,
    *,
    path: Path,
    rounds: int = 6,
    workers: int = 2,
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
        Jacobians to compute.
    workers : int
        Processes; the result does not depend on it.
    progress : callable
        Told the round, and columns done and all.

    Returns
    -------
    State
        The best parameters, with the Jacobian of the last round.

    Raises
    ------
    InputError
        If the checkpoint is damaged or belongs to another problem.
    """
    key = problem_key(objective)
    state = read_state(path, key)
    with worker_pool(workers) as pool:
        if state is None:
            residual = pool.submit(residual_at, objective, start).result()
            blank = np.full((len(start), len(residual)), np.nan)
            losses = np.array([_loss(start, residual)])
            state = State(
                key=key, z=start.copy(), residual=residual, columns=blank, losses=losses
            )
            write_state(state, path)
        elif 0 < state.round < rounds and not np.isnan(state.columns).any():
            # A whole Jacobian may be that of the round before: a fit that had ended.
            state.columns = np.full_like(state.columns, np.nan)
        while state.round < rounds:
            _columns(pool, objective, state, path, progress)
            if not _step(pool, objective, state):
                break
            _polish(pool, objective, state)
            state.round += 1
            if state.round < rounds:
                state.columns = np.full_like(state.columns, np.nan)
            write_state(state, path)
            progress(f"loss {state.losses[-1]:.1f}", state.round, rounds)
    return state


def _polish(pool: ProcessPoolExecutor, objective: Problem, state: State) -> None:
    """Go on with the same Jacobian, corrected by what each step showed (Broyden).

    Nothing is written in between: a fit killed here repeats these few steps.
    """
    for _ in range(_POLISH):
        z, residual = state.z, state.residual
        if not _step(pool, objective, state):
            return
        move = state.z - z
        missed = state.residual - residual - move @ state.columns
        state.columns = state.columns + np.outer(move, missed) / float(move @ move)


def _step(pool: ProcessPoolExecutor, objective: Problem, state: State) -> bool:
    """Take the best of several damped steps; False when none is better."""
    tried = [
        (damping, z, pool.submit(residual_at, objective, z))
        for damping, z in _candidates(state)
    ]
    found = [
        (_loss(z, future.result()), damping, z, future.result())
        for damping, z, future in tried
    ]
    loss, damping, z, residual = min(found, key=lambda item: item[0])
    if loss >= state.losses[-1]:
        state.damping *= 30.0
        return False
    state.z, state.residual, state.damping = z, residual, max(damping / 3.0, 1e-3)
    state.losses = np.append(state.losses, loss)
    return True
