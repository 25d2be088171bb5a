"""Doses as exact pulses: concentrations in closed form between the doses.

After a dose at time s, the concentration of a drug with linear kinetics is a sum of
exponentials, ``c(t) = sum_k a_k exp(-r_k (t - s))``. At the next dose every amplitude
has decayed by its own factor and gains the dose times a weight. The model sees the
concentration as a function of time; the solver stops at each dose and nowhere else.

References
----------
.. [1] Gibaldi M, Perrier D (1982). Pharmacokinetics, 2nd ed. Marcel Dekker.
   (One compartment with first-order absorption: the Bateman function.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.core.errors import InputError, unknown_name
from oestra.core.ordered_sum import ordered_sum
from oestra.solve.expression import (
    Expression,
    as_expression,
    operation,
    parameter,
    substitute,
    time,
)
from oestra.solve.model import OdeModel

__all__ = ["Kinetics", "absorption", "bolus", "dose_names", "pulsed"]

Floats = NDArray[np.float64]
_SINCE = "time_of_last_dose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinetics:
    """Response of a concentration to a unit dose: a sum of exponentials.

    Parameters
    ----------
    rates : ndarray, shape (terms, ...)
        Decay rates r_k, each positive; further axes are lanes.
    weights : ndarray, shape (terms, ...)
        Amplitudes per unit dose, that is, concentration per amount.
    """

    rates: Floats
    weights: Floats

    def average(self, dose: ArrayLike, interval: ArrayLike) -> Floats:
        """Return the mean concentration over a cycle in steady state."""
        area = ordered_sum(self.weights / self.rates, axis=0)
        return area * np.asarray(dose) / np.asarray(interval)

    def level(self, dose: ArrayLike, elapsed: ArrayLike) -> Floats:
        """Return the concentration some time after a single dose."""
        t, total = np.asarray(elapsed, dtype=float), np.zeros(())
        for rate, weight in zip(self.rates, self.weights, strict=True):
            total = total + weight * np.exp(-rate * t)
        return total * np.asarray(dose, dtype=float)

    def parameters(self, name: str) -> dict[str, Floats]:
        """Return the values of an input's parameters in a pulsed model."""
        terms = zip(self.rates, self.weights, strict=True)
        return {
            f"{name}_{part}_{k}": np.asarray(value)
            for k, (rate, weight) in enumerate(terms)
            for part, value in (("rate", rate), ("weight", weight))
        }


def absorption(
    absorption_rate: ArrayLike, elimination_rate: ArrayLike, volume: ArrayLike = 1.0
) -> Kinetics:
    """Return one compartment with first-order absorption and elimination [1]_.

    Parameters
    ----------
    absorption_rate, elimination_rate : array_like, scalar or shape (lanes,)
        Rates ka and ke, per unit of the model's time.
    volume : array_like
        Distribution volume over bioavailability.

    Returns
    -------
    Kinetics
        Two terms. Rates that agree to a millionth are set apart by that much, which
        changes the concentration by less than a millionth.

    Raises
    ------
    InputError
        If a rate or volume is not positive.
    """
    ka, ke, v = np.broadcast_arrays(
        np.asarray(absorption_rate, dtype=float), elimination_rate, volume
    )
    if not (np.all(ka > 0) and np.all(ke > 0) and np.all(v > 0)):
        raise InputError("Absorption, elimination and volume must be positive.")
    ka = np.where(np.abs(ka - ke) < 1e-6 * ke, ke * (1 + 1e-6), ka)
    weight = ka / (v * (ka - ke))
    return Kinetics(rates=np.stack([ke, ka]), weights=np.stack([weight, -weight]))


def bolus(elimination_rate: ArrayLike, volume: ArrayLike = 1.0) -> Kinetics:
    """Return one compartment that a dose enters at once; see `absorption`."""
    ke, v = np.broadcast_arrays(np.asarray(elimination_rate, dtype=float), volume)
    if not (np.all(ke > 0) and np.all(v > 0)):
        raise InputError("Elimination and volume must be positive.")
    return Kinetics(rates=ke[None], weights=1.0 / v[None])


def dose_names(inputs: Sequence[str]) -> tuple[str, ...]:
    """Return the parameters a schedule sets to the doses of its segments."""
    return tuple(f"{name}_dose" for name in inputs)


@dataclass(slots=True)
class _Names:
    names: list[str]
    values: list[float]

    def add(self, name: str, value: float = 0.0) -> Expression:
        self.names.append(name)
        self.values.append(value)
        return parameter(len(self.names) - 1)


def pulsed(
    model: OdeModel, inputs: Mapping[str, int]
) -> tuple[OdeModel, dict[str, Expression]]:
    """Turn parameters of a model into concentrations that doses drive.

    Parameters
    ----------
    model : OdeModel
        The model.
    inputs : mapping of str to int
        Names of parameters that are concentrations, and the number of exponential
        terms of each: 2 for `absorption`, 1 for `bolus`.

    Returns
    -------
    model : OdeModel
        The model with the parameters ``NAME_rate_k``, ``NAME_weight_k``,
        ``NAME_amplitude_k`` and ``NAME_dose`` for each input, all zero by default but
        the rates. The parameters themselves remain as a constant addition.
    jumps : dict of str to Expression
        For ``compile_model(..., jumps=...)``: residues decay, doses are added, at the
        start of each segment of a schedule that sets ``NAME_dose``.

    Raises
    ------
    InputError
        If an input is not a parameter of the model.
    """
    table = _Names(list(model.parameters), list(model.values))
    elapsed = time() - table.add(_SINCE)
    levels: dict[Expression, Expression] = {}
    jumps: dict[str, Expression] = {_SINCE: time()}
    for name, terms in inputs.items():
        if name not in model.parameters:
            raise unknown_name("parameter", name, model.parameters, where=model.name)
        base = parameter(model.parameters.index(name))
        dose = table.add(f"{name}_dose")
        total = as_expression(0.0)
        for k in range(terms):
            rate = table.add(f"{name}_rate_{k}", 1.0)
            weight = table.add(f"{name}_weight_{k}")
            amplitude = table.add(f"{name}_amplitude_{k}")
            now = amplitude * operation("exp", -(rate * elapsed))
            total = total + now
            jumps[f"{name}_amplitude_{k}"] = now + weight * dose
        levels[base] = base + total
    outputs = substitute(model.outputs.values(), levels)
    return replace(
        model,
        parameters=tuple(table.names),
        values=np.array(table.values),
        rhs=tuple(substitute(model.rhs, levels)),
        outputs={
            **dict(zip(model.outputs, outputs, strict=True)),
            **{f"{name}_level": levels[_parameter(model, name)] for name in inputs},
        },
    ), jumps


def _parameter(model: OdeModel, name: str) -> Expression:
    return parameter(model.parameters.index(name))
