"""A large model behind the interface of compiled ones: lanes one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.core.errors import InputError, unknown_name
from oestra.solve.advance import Advance
from oestra.solve.large.bdf import follow
from oestra.solve.large.equations import Equations, Structure, structure_of
from oestra.solve.model import OdeModel
from oestra.solve.program import requested
from oestra.solve.tableau import TABLEAUS

__all__ = ["LargeKernel", "large_kernel"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeKernel:
    """Equations of one large model, as array code.

    Parameters
    ----------
    model : OdeModel
        The model.
    outputs : tuple of str
        Names of what is recorded.
    structure : Structure
        Its equations.
    """

    model: OdeModel
    outputs: tuple[str, ...]
    structure: Structure

    def advance(  # noqa: PLR0913
        self,
        y: ArrayLike,
        p: ArrayLike,
        t0: ArrayLike,
        t1: ArrayLike,
        *,
        rtol: float = 1e-4,
        atol: ArrayLike = 1e-7,
        step: ArrayLike | None = None,
        at: ArrayLike | None = None,
        max_steps: int = 100_000,
        threads: int | None = None,  # noqa: ARG002
        method: str = "rodas4",
    ) -> Advance:
        """Integrate every lane over its own interval.

        Parameters
        ----------
        y, p, t0, t1, rtol, atol, step, at, max_steps
            As for `oestra.solve.Kernel.advance`.
        threads : int, optional
            Not used: lanes run one after the other.
        method : str
            Not used either, but checked: large models are integrated by backward
            differentiation formulas.

        Returns
        -------
        Advance
            End states, recorded outputs and what each lane cost.

        Raises
        ------
        InputError
            If the method is not known, or a tolerance is not positive.
        """
        if method not in TABLEAUS:
            raise unknown_name("method", method, TABLEAUS)
        if not rtol > 0 or not np.all(np.asarray(atol) > 0):
            raise InputError("rtol and atol must be positive.")
        lanes = max(len(np.atleast_2d(y)), len(np.atleast_2d(p)))
        states = np.array(np.broadcast_to(y, (lanes, len(self.model.states))), float)
        values = np.array(
            np.broadcast_to(p, (lanes, len(self.model.parameters))), float
        )
        begin, end, first = (
            np.broadcast_to(np.asarray(x, dtype=float), (lanes,))
            for x in (t0, t1, 0.0 if step is None else step)
        )
        times = np.asarray([] if at is None else at, dtype=float)
        times = np.broadcast_to(times, (lanes, times.shape[-1]))
        record = np.full((*times.shape, len(self.outputs)), np.nan)
        reached, last = np.empty(lanes), np.empty(lanes)
        outcome, steps = np.empty(lanes, np.int8), np.zeros(lanes, np.int64)
        for k in range(lanes):
            course = follow(
                Equations(structure=self.structure, p=values[k]),
                states[k],
                (float(begin[k]), float(end[k])),
                times[k],
                first=float(first[k]),
                most=max_steps,
                rtol=rtol,
                atol=atol,
            )
            good = np.isfinite(course.path).all(axis=1)
            record[k, good] = self.structure.observe(
                times[k, good], course.path[good], values[k]
            ).reshape(-1, len(self.outputs))
            states[k], reached[k], last[k] = course.y, course.time, course.step
            outcome[k], steps[k] = course.outcome, course.steps
        return Advance(
            y=states,
            outcome=outcome,
            reached=reached,
            steps=steps,
            rejected=np.zeros(lanes, np.int64),
            step=last,
            outputs=record,
            p=values,
            oscillating=np.zeros(lanes, dtype=bool),
        )

    def evaluate(self, y: ArrayLike, p: ArrayLike, t: ArrayLike = 0.0) -> Floats:
        """Return the outputs of given states, shape (lanes, outputs)."""
        states, values = np.atleast_2d(y), np.atleast_2d(p)
        times = np.broadcast_to(np.asarray(t, dtype=float), (len(states),))
        found = np.empty((len(states), len(self.outputs)))
        for k, row in enumerate(states):
            found[k] = self.structure.observe(times[k : k + 1], row[None], values[k])
        return found


def large_kernel(model: OdeModel, outputs: Sequence[str]) -> LargeKernel:
    """Prepare a model that is too large to be compiled.

    Parameters
    ----------
    model : OdeModel
        The model.
    outputs : sequence of str
        Names of outputs, states or parameters to record.

    Returns
    -------
    LargeKernel
        The model, ready to be integrated.

    Raises
    ------
    InputError
        If an output is not known.
    """
    observed, _ = requested(model, outputs, {})
    named = dict(zip(outputs, observed, strict=True))
    return LargeKernel(
        model=model, outputs=tuple(outputs), structure=structure_of(model, named)
    )
