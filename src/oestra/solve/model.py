"""An ordinary differential equation as arrays and expression graphs: no biology."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.solve.expression import Expression

__all__ = ["OdeModel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OdeModel:
    """dy/dt = f(t, y, p), with named outputs.

    Parameters
    ----------
    name : str
        Identifier of the model.
    states : tuple of str, length n
        Names of the states y.
    parameters : tuple of str, length m
        Names of the parameters p, constant within a call of the solver.
    initial : ndarray, shape (n,)
        Default initial states.
    values : ndarray, shape (m,)
        Default parameter values.
    rhs : tuple of Expression, length n
        Time derivatives of the states.
    outputs : dict of str to Expression
        Derived quantities (assignment rules, observables) of t, y and p.
    digest : str
        Hash of the text the model came from.
    """

    name: str
    states: tuple[str, ...]
    parameters: tuple[str, ...]
    initial: NDArray[np.float64]
    values: NDArray[np.float64]
    rhs: tuple[Expression, ...]
    outputs: dict[str, Expression]
    digest: str
