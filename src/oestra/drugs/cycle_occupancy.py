"""How much of a target a dosing schedule holds on average.

The effect of a drug is not linear in its concentration, so the average of the effect is
not the effect of the average: five days of drug in fourteen leave the target free for
most of the rest. Here the share held is averaged over one cycle at steady state.
"""

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.core.ordered_sum import ordered_sum
from oestra.core.units import convert
from oestra.drugs.action import Effect, TargetAction
from oestra.drugs.component import Component
from oestra.drugs.pharmacokinetics import concentration
from oestra.drugs.subjects import PkSubjects

__all__ = ["equivalent_concentration", "mean_occupancy"]

Array = NDArray[np.float64]
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(6)
_EARLY = 0.15
"""Share of a dosing interval integrated by itself: absorption happens there."""


def _pieces(component: Component, start: float, length: float) -> tuple[Array, Array]:
    """Return times and weights that integrate one cycle, (pieces, nodes).

    Between two doses are two pieces.
    """
    doses = [t for t in component.trains()[0].times(length) if t < length]
    times, weights = [], []
    for left, right in zip(doses, [*doses[1:], length], strict=True):
        middle = left + _EARLY * (right - left)
        for a, b in ((left, middle), (middle, right)):
            times.append(start + a + (b - a) * (_NODES + 1) / 2)
            weights.append(_WEIGHTS * (b - a) / 2 / length)
    return np.array(times), np.array(weights)


def mean_occupancy(
    component: Component,
    target: str,
    subjects: PkSubjects,
    *,
    potency: float | None = None,
    partners: tuple[str, ...] = (),
) -> Array:
    """Average the share of a target that a drug and its metabolites hold.

    Parameters
    ----------
    component : Component
        One drug of a regimen.
    target : str
        The target.
    subjects : PkSubjects
        The patients.
    potency : float, optional
        Free concentration that holds half, nM, in place of the drug's own; metabolites
        keep their ratio to it.
    partners : tuple of str
        Ids of drugs given at the same time, which may change exposure.

    Returns
    -------
    ndarray of float64, shape (patients,)
        Share held (or, for an irreversible drug, lost) over a cycle at steady state,
        between 0 and 1.

    Raises
    ------
    InputError
        If nothing the drug becomes acts on the target.
    """
    endless, start, length = component.at_steady_state()
    drug = component.drug
    actions = drug.actions(target)
    if not actions:
        known = ", ".join(drug.acts_on)
        raise InputError(f"{drug.id} does not act on {target}, but on {known}.")
    own = actions.get(drug.id, next(iter(actions.values()))).potency.value
    shift = 1.0 if potency is None else potency / own
    times, weights = _pieces(endless, start, length)
    levels = concentration(endless, times.ravel(), subjects, partners=partners)
    effect = _effect({n: levels[n] / shift for n in actions}, actions)
    parts = effect.reshape(len(subjects), *times.shape) * weights
    held = ordered_sum(ordered_sum(parts, axis=2), axis=1)
    first = next(iter(actions.values()))
    if first.inactivation is None:
        return held
    return held / (held + first.inactivation.turnover.value)


def _effect(levels: dict[str, Array], actions: dict[str, TargetAction]) -> Array:
    """Return occupancy, or the rate of inactivation per day, at each time."""
    first = next(iter(actions.values()))
    if first.effect is Effect.IRREVERSIBLE and first.inactivation:
        level = next(iter(levels.values()))
        rate = convert(
            first.inactivation.rate.value, first.inactivation.rate.unit, "1/day"
        )
        return rate * level / (first.inactivation.binding_constant.value + level)
    load = sum((levels[n] / a.potency.value) ** a.hill for n, a in actions.items())
    return np.asarray(load / (1.0 + load))


def equivalent_concentration(occupancy: Array, action: TargetAction) -> Array:
    """Return the constant free concentration that holds the same share.

    Parameters
    ----------
    occupancy : ndarray of float64
        Share held, below 1.
    action : TargetAction
        Potency and steepness.

    Returns
    -------
    ndarray of float64
        Concentration, nM, same shape.
    """
    odds = occupancy / (1.0 - occupancy)
    return action.potency.value * odds ** (1.0 / action.hill)
