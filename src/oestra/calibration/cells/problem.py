"""The parameters of the cell against all measurements on cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.cells.facts import measure_cell_facts
from oestra.calibration.cells.repeat import readings, repeat
from oestra.calibration.fact import cell_facts
from oestra.calibration.free import FreeParameter, free_named
from oestra.core.errors import OestraError
from oestra.core.parameter_set import ParameterSet
from oestra.core.read_yaml import read_yaml
from oestra.model.parameters import prior_parameters, with_reference

__all__ = ["CellProblem", "Term", "free_of_cell", "harden", "soften", "terms"]

Array = NDArray[np.float64]
_FAR = 6.0
"""Standard errors beyond which nothing counts more."""
_TAIL = 3.0
"""Standard errors from which a residual counts by its size, no longer its square:
experiments contradict each other more often than their errors allow."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the loss.

    Parameters
    ----------
    id : str
        Reading or fact.
    kind : str
        Kind of reading, or ``"fact"``.
    group : str
        Experiment that is left out as a whole.
    """

    id: str
    kind: str
    group: str


@cache
def terms() -> tuple[Term, ...]:
    """Return the terms of the loss, in order."""
    of_readings = [Term(one.id, one.kind, one.group) for one in readings()]
    of_facts = [Term(fact.id, "fact", fact.id) for fact in cell_facts()]
    return (*of_readings, *of_facts)


@cache
def free_of_cell() -> tuple[str, ...]:
    """Return the parameters of the cell that measurements on cells may move."""
    return tuple(
        read_yaml(
            files("oestra.calibration.cells").joinpath("free.yaml").read_text("utf-8")
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CellProblem:
    """What is fitted of the cell, and what is fixed.

    Parameters
    ----------
    free : tuple of FreeParameter
        Fitted parameters with their priors.
    fixed : mapping of str to float
        Parameters that a variant holds at a value of its own.
    base : ParameterSet
        All others: the files' values.
    without : str
        Experiment that counts for nothing; none by default.
    """

    free: tuple[FreeParameter, ...]
    fixed: Mapping[str, float] = field(default_factory=dict)
    base: ParameterSet
    without: str = ""

    @classmethod
    def of(
        cls,
        *,
        names: Sequence[str] | None = None,
        fixed: Mapping[str, float] | None = None,
        prior: float = 1.0,
        base: ParameterSet | None = None,
    ) -> "CellProblem":
        """Return the problem of some parameters, by default of ``free.yaml``.

        Parameters
        ----------
        names : sequence of str, optional
            Fitted parameters.
        fixed : mapping of str to float, optional
            Parameters held, fitted by nobody.
        prior : float
            Factor on the spread of every prior.
        base : ParameterSet, optional
            The files' values by default.
        """
        held = dict(fixed or {})
        chosen = [name for name in names or free_of_cell() if name not in held]
        free = tuple(
            replace(one, spread=one.spread * prior) for one in free_named(chosen)
        )
        return cls(free=free, fixed=held, base=base or prior_parameters())

    def parameters(self, z: Array) -> ParameterSet:
        """Return the parameter set at standardized values, its reference found anew.

        Raises
        ------
        OestraError
            If the reference cell has no steady state there.
        """
        own = {one.name: one.value(x) for one, x in zip(self.free, z, strict=True)}
        return with_reference(self.base.replace(**own, **self.fixed))

    def evaluate(self, z: Array) -> tuple[Array, Array] | None:
        """Repeat every experiment.

        Parameters
        ----------
        z : ndarray, shape (k,)
            Standardized parameters.

        Returns
        -------
        tuple of ndarray, shape (terms,), or None
            Residuals, softened in their tails and 0 of what counts for nothing, and
            simulated values; None where the cell does not come to rest or does not
            grow.
        """
        try:
            parameters = self.parameters(z)
            seen = repeat(parameters)
            facts = measure_cell_facts(parameters)
        except OestraError:
            return None
        raw = [one.residual for one in seen]
        raw += [fact.residual(facts[fact.id]) for fact in cell_facts()]
        value = [one.value for one in seen] + [facts[one.id] for one in cell_facts()]
        counted = np.array([term.group != self.without for term in terms()])
        return soften(np.clip(raw, -_FAR, _FAR)) * counted, np.array(value)


def soften(residual: Array) -> Array:
    """Return residuals whose squares are the pseudo-Huber loss of those given."""
    grown = np.sqrt(1.0 + (residual / _TAIL) ** 2) - 1.0
    return np.sign(residual) * np.sqrt(2.0 * grown) * _TAIL


def harden(softened: Array) -> Array:
    """Return the residuals that `soften` made these of."""
    grown = 1.0 + softened**2 / (2.0 * _TAIL**2)
    return np.sign(softened) * _TAIL * np.sqrt(grown**2 - 1.0)
