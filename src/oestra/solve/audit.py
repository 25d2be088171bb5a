"""Audit: some lanes are run again far more strictly, and the worst error is reported.

Tolerances bound the error of a step, not that of a result, and near a weakly unstable
state long steps can jump over an oscillation. Both show when the same lanes are
integrated at a relative tolerance of 1e-7 and the stability of their end is examined.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.solve.kernel import Kernel
from oestra.solve.outcome import Outcome

__all__ = ["Audit", "audit", "jacobian"]

Floats = NDArray[np.float64]
STRICT = 1e-7
STRICT_STEPS = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What the strict run of some lanes says about a result.

    Parameters
    ----------
    lanes : ndarray of int64, shape (k,)
        The lanes examined.
    errors : ndarray, shape (k,)
        Largest error of each lane's states and outputs, relative to their size plus
        the absolute tolerance over the relative one; infinite if the outcomes differ.
    worst : float
        The largest of them, zero if no lane was examined.
    outcomes : tuple of Outcome, length k
        How each lane really ends. ``OSCILLATING`` also where its end is an unstable
        focus, from which the oscillation would grow.
    """

    lanes: NDArray[np.int64]
    errors: Floats
    worst: float
    outcomes: tuple[Outcome, ...]


def jacobian(kernel: Kernel, y: ArrayLike, p: ArrayLike, t: float = 0.0) -> Floats:
    """Return df/dy of one lane by central differences, shape (n, n)."""
    state = np.asarray(y, dtype=float)
    size = np.cbrt(np.finfo(float).eps) * np.maximum(np.abs(state), 1e-6)
    shifted = np.concatenate([state + np.diag(size), state - np.diag(size)])
    rates = kernel.rates(shifted, np.asarray(p)[None], t)
    n = len(state)
    return ((rates[:n] - rates[n:]) / (2 * size[:, None])).T


def _unstable_focus(matrix: Floats) -> bool:
    if not np.all(np.isfinite(matrix)):
        return False
    values = np.linalg.eigvals(matrix)
    fast = np.max(np.abs(values), initial=0.0)
    growing = values.real > 1e-7 * fast
    return bool(np.any(growing & (np.abs(values.imag) > 0.1 * np.abs(values.real))))


def audit(
    kernel: Kernel,
    y: ArrayLike,
    p: ArrayLike,
    lanes: ArrayLike,
    **options: Any,
) -> Audit:
    """Run some lanes again at a relative tolerance of 1e-7 and compare.

    Parameters
    ----------
    kernel : Kernel
        The compiled model.
    y : array_like, shape (lanes, n)
        Initial states of the ensemble.
    p : array_like, shape (lanes, m)
        Its parameters.
    lanes : array_like of int, shape (k,)
        Which lanes to examine; draw them from a named stream.
    **options
        What the ensemble is advanced with: interval or schedule, tolerances, ...

    Returns
    -------
    Audit
        Errors and true outcomes of those lanes.
    """
    chosen = np.asarray(lanes, dtype=np.int64)
    states = np.asarray(y, dtype=float)[chosen]
    values = np.asarray(p, dtype=float)[chosen]
    usual = kernel.advance(states, values, **options)
    rtol, atol = options.get("rtol", 1e-4), np.asarray(options.get("atol", 1e-7))
    tight: dict[str, Any] = {
        **options,
        "rtol": STRICT,
        "atol": atol * (STRICT / rtol),
        "method": "rodas5p",
        "max_steps": max(STRICT_STEPS, options.get("max_steps", 0)),
        "step": None,
    }
    strict = kernel.advance(states, values, **tight)
    floor = atol / rtol
    errors = np.max(np.abs(usual.y - strict.y) / (np.abs(strict.y) + floor), axis=1)
    if usual.outputs.size:
        size = np.abs(strict.outputs) + np.max(floor)
        deviation = np.abs(usual.outputs - strict.outputs) / size
        errors = np.maximum(errors, np.max(deviation, axis=(1, 2)))
    errors[(usual.outcome != strict.outcome) | np.isnan(errors)] = np.inf
    outcomes = [Outcome(int(code)) for code in strict.outcome]
    for k, outcome in enumerate(outcomes):
        if outcome is Outcome.REACHED_END and kernel.autonomous:
            focus = _unstable_focus(jacobian(kernel, strict.y[k], strict.p[k]))
            if focus or strict.oscillating[k]:
                outcomes[k] = Outcome.OSCILLATING
    return Audit(
        lanes=chosen,
        errors=errors,
        worst=float(np.max(errors, initial=0.0)),
        outcomes=tuple(outcomes),
    )
