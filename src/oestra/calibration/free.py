"""Which parameters are fitted, and what is believed of them before.

A parameter's interval is read as the central 95 % of a normal prior of its logarithm
(of its logit, for shares), so every prior is a statement of the parameter files. For
the fit to trials, measurements on cells come first: what they determined is believed as
their fit left it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import unknown_name
from oestra.core.parameter_set import ParameterSet
from oestra.core.read_yaml import read_yaml
from oestra.model.cell_fit import FittedOfCell, shipped_cell_fit
from oestra.model.quantities import quantities
from oestra.network.parameter import parameter_table

__all__ = ["FreeParameter", "free_named", "free_parameters", "to_parameters"]

Array = NDArray[np.float64]
_WIDTH = 2 * 1.959964
_CELL = 0.7
"""Spread of the prior of a parameter of the cell in units of its interval's where no
experiment on cells was fitted with it: trials may move the cell less far."""


@dataclass(frozen=True, slots=True)
class FreeParameter:
    """A fitted parameter on the scale on which its prior is standard normal.

    Parameters
    ----------
    name : str
        The parameter.
    center, spread : float
        Mean and standard deviation of the prior of its log or logit.
    share : bool
        A share between 0 and 1, on the logit scale.
    """

    name: str
    center: float
    spread: float
    share: bool

    def value(self, z: float) -> float:
        """Return the parameter at a standardized value."""
        x = self.center + self.spread * z
        return float(1.0 / (1.0 + np.exp(-x)) if self.share else np.exp(x))

    def standardized(self, value: float) -> float:
        """Return the standardized value of the parameter."""
        return (_scale(value, share=self.share) - self.center) / self.spread

    def spread_between(self, low: float, high: float) -> float:
        """Return the spread of a normal whose central 95 % lie between two values."""
        ends = [_scale(end, share=self.share) for end in (low, high)]
        return (ends[1] - ends[0]) / _WIDTH


def _scale(value: float, *, share: bool) -> float:
    value = float(np.clip(value, 1e-12, 1 - 1e-9 if share else np.inf))
    return float(np.log(value / (1.0 - value)) if share else np.log(value))


@cache
def free_parameters() -> tuple[FreeParameter, ...]:
    """Return the fitted parameters in the order of ``free.yaml``.

    Returns
    -------
    tuple of FreeParameter
        With priors of the files; but one that the fit of the cell moved has that fit's
        value, and the spread within which measurements on cells and its own prior leave
        it while all others stay.

    Raises
    ------
    InputError
        If the list names a parameter the model does not have.
    """
    text = files("oestra.calibration").joinpath("free.yaml").read_text("utf-8")
    names = read_yaml(text)
    fit = shipped_cell_fit()
    measured = {} if fit is None else fit.fitted
    own = {item.name: item for item in free_named(names)}
    narrow = {item.name: item for item in free_named(names, cellular=_CELL)}
    return tuple(
        _as_measured(own[name], measured[name]) if name in measured else narrow[name]
        for name in names
    )


def _as_measured(item: FreeParameter, found: FittedOfCell) -> FreeParameter:
    """Return a parameter with what measurements on cells left of its prior."""
    return replace(
        item,
        center=_scale(found.value, share=item.share),
        spread=item.spread * found.alone,
    )


def free_named(
    names: Sequence[str], *, cellular: float = 1.0
) -> tuple[FreeParameter, ...]:
    """Return parameters with the priors of their files.

    Parameters
    ----------
    names : sequence of str
        Which.
    cellular : float
        Factor on the spread of those of the cell.

    Raises
    ------
    InputError
        If the model has no such parameter.
    """
    known, of_cell = quantities(), parameter_table()
    found = []
    for name in names:
        if name not in known:
            raise unknown_name("parameter", name, known, where="free.yaml")
        item = known[name]
        low, high = item.interval
        share = low > 0 and high < 1 and item.unit == "1"
        ends = [_scale(max(end, 1e-4 * item.value), share=share) for end in (low, high)]
        spread = (ends[1] - ends[0]) / _WIDTH
        if name in of_cell:
            spread *= cellular
        center = _scale(item.value, share=share)
        found.append(FreeParameter(name, center, spread, share))
    return tuple(found)


def to_parameters(
    z: Array, base: ParameterSet, free: Sequence[FreeParameter]
) -> ParameterSet:
    """Return the parameter set at standardized values.

    Parameters
    ----------
    z : ndarray, shape (k,)
        Standardized values of the fitted parameters.
    base : ParameterSet
        All others.
    free : sequence of FreeParameter, length k
        The fitted ones.

    Returns
    -------
    ParameterSet
        The reference cell stays that of the base.
    """
    values = {item.name: item.value(x) for item, x in zip(free, z, strict=True)}
    return base.replace(**values)
