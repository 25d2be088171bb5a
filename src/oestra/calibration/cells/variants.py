"""Variants of the cell, compared by their predictions of experiments left out."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.cells.gauss_newton import CellOptimum, fit_along
from oestra.calibration.cells.left_out import LeftOut, leave_out
from oestra.calibration.cells.problem import CellProblem
from oestra.core.linear_algebra import inverse
from oestra.core.parameter_set import ParameterSet
from oestra.core.progress import Progress
from oestra.core.read_yaml import read_yaml

__all__ = ["Compared", "Variant", "chosen", "compare", "informed", "variants"]

_INFORMED = 0.1
"""Share of the prior's spread that the data must remove from a parameter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A structure of the cell or a choice of priors.

    Parameters
    ----------
    name : str
        What it is called.
    prior : float
        Factor on the spread of every prior.
    set : mapping of str to float
        Parameters held at values that take a mechanism away.
    free : str
        ``"all"`` or ``"informed"``.
    chosen : bool
        Whether its score was the best, so that it ships.
    """

    name: str
    prior: float = 1.0
    set: Mapping[str, float] = field(default_factory=dict)
    free: str = "all"
    chosen: bool = False

    def problem(
        self, first: CellOptimum | None = None, base: ParameterSet | None = None
    ) -> CellProblem:
        """Return what is fitted of it.

        Parameters
        ----------
        first : CellOptimum, optional
            Fit of the first variant, which tells what the data inform.
        base : ParameterSet, optional
            The files' values by default.
        """
        narrow = first is not None and self.free == "informed"
        return CellProblem.of(
            names=informed(first) if first is not None and narrow else None,
            fixed=self.set,
            prior=self.prior,
            base=base,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A variant and its score.

    Parameters
    ----------
    variant : Variant
        Which.
    optimum : CellOptimum
        Its fit to all experiments.
    left_out : LeftOut
        Its predictions of each from all others.
    """

    variant: Variant
    optimum: CellOptimum
    left_out: LeftOut


@cache
def variants() -> tuple[Variant, ...]:
    """Return the variants in their order; the first is the cell as it stands."""
    text = (
        files("oestra.calibration.cells").joinpath("variants.yaml").read_text("utf-8")
    )
    return tuple(Variant(**entry) for entry in read_yaml(text))


def chosen() -> Variant:
    """Return the variant that ships; the first where none was chosen yet."""
    return next((one for one in variants() if one.chosen), variants()[0])


def informed(optimum: CellOptimum) -> list[str]:
    """Return the parameters whose spread the data narrow."""
    deviation = np.sqrt(np.diag(inverse(optimum.precision)))
    free = optimum.problem.free
    return [
        one.name
        for one, share in zip(free, deviation, strict=True)
        if share <= 1.0 - _INFORMED
    ]


def compare(
    pool: Executor,
    first: CellOptimum,
    others: Sequence[Variant],
    progress: Progress = lambda *_: None,
) -> tuple[Compared, ...]:
    """Fit every variant along the slopes of the first, and score it.

    What a variant takes away changes its slopes little beside what it takes away
    itself; those that come near the best are to be fitted with their own.

    Parameters
    ----------
    pool : Executor
        Who does the work.
    first : CellOptimum
        Fit of the cell as it stands.
    others : sequence of Variant
        All but the first.
    progress : callable
        Told how many are done.

    Returns
    -------
    tuple of Compared
        The first, then the others in their order.
    """
    stands = variants()[0]
    found = [Compared(variant=stands, optimum=first, left_out=leave_out(first))]
    at = {
        one.name: one.value(z)
        for one, z in zip(first.problem.free, first.z, strict=True)
    }
    for done, variant in enumerate(others, start=1):
        problem = variant.problem(first, first.problem.base)
        start = np.array([one.standardized(at[one.name]) for one in problem.free])
        end = fit_along(problem, start, _slopes(first, problem), workers=pool)
        found.append(Compared(variant=variant, optimum=end, left_out=leave_out(end)))
        progress(variant.name, done, len(others))
    return tuple(found)


def _slopes(first: CellOptimum, problem: CellProblem) -> NDArray[np.float64]:
    """Return the slopes of the first variant in the parameters of another."""
    places = {one.name: k for k, one in enumerate(first.problem.free)}
    columns = [places[one.name] for one in problem.free]
    spread = [
        one.spread / first.problem.free[k].spread
        for one, k in zip(problem.free, columns, strict=True)
    ]
    return first.jacobian[:, columns] * np.array(spread)
