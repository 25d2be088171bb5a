"""The one rule by which drugs take hold of the cell, for patients and cultures.

A drug holds a share of its target: its load, free concentration over potency to the
power of the steepness, over one more than that. Where the sheet says how much of the
target's activity is lost at most, the share counts by that; where the cell itself
limits what holding can do (the agonism of a SERM, the degradation under a SERD, the
part of 4E-BP1 that rapalogs spare), it does not, or the limit would count twice. Drugs
that compete for a target share it by their loads, and each counts by its own maximum.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.core.units import convert
from oestra.drugs.action import TargetAction
from oestra.drugs.target import Lever

__all__ = ["Engaged", "share_held"]

Share = float | NDArray[np.float64]
_WHOLE = 1.0 - 1e-9
"""A share that no drug exceeds: the load of a target held in full is infinite."""


def share_held(action: TargetAction, level: float) -> float:
    """Return the share of a target that a constant concentration holds.

    Parameters
    ----------
    action : TargetAction
        What the drug does.
    level : float
        Free concentration, nM.

    Returns
    -------
    float
        Between 0 and 1; of an irreversible drug, the share lost at steady state.
    """
    if action.inactivation is not None:
        one = action.inactivation
        rate = convert(one.rate.value, one.rate.unit, "1/day")
        lost = rate * level / (one.binding_constant.value + level)
        return lost / (lost + convert(one.turnover.value, one.turnover.unit, "1/day"))
    load = (level / action.potency.value) ** action.hill
    return load / (1.0 + load)


def _odds(share: Share) -> Share:
    return share / (1.0 - share)


@dataclass(slots=True)
class Engaged:
    """What drugs set in the cell, gathered drug by drug.

    Parameters
    ----------
    shares : dict
        By target: its lever, and the share held and the largest effect of each drug.
    kills : dict of str to float or ndarray
        Rates of killing by parameter of the cell, 1/day.
    """

    shares: dict[str, tuple[Lever, list[tuple[Share, float]]]] = field(
        default_factory=dict
    )
    kills: dict[str, Share] = field(default_factory=dict)

    def add(self, lever: Lever, held: Share, action: TargetAction) -> Share:
        """Add what one drug holds of a target.

        Parameters
        ----------
        lever : Lever
            Where the target is in the cell.
        held : float or ndarray
            Share of the target held, 0 to 1.
        action : TargetAction
            What the drug does, for its largest effect.

        Returns
        -------
        float or ndarray
            Share of the target's activity that this drug alone takes.
        """
        most = 1.0 if action.max_effect is None else action.max_effect.value
        bounded = np.clip(held, 0.0, _WHOLE)
        if lever.parameter:
            known = self.shares.setdefault(lever.parameter, (lever, []))
            known[1].append((bounded, most))
        return np.clip(bounded * most, 0.0, _WHOLE)

    def kill(self, lever: Lever, rate: Share) -> None:
        """Add a rate of killing, 1/day."""
        self.kills[lever.kill] = self.kills.get(lever.kill, 0.0) + rate

    def values(self) -> dict[str, Any]:
        """Return parameters of the cell by name."""
        found: dict[str, Any] = dict(self.kills)
        for name, (lever, given) in self.shares.items():
            effects = [np.clip(held * most, 0.0, _WHOLE) for held, most in given]
            if not lever.is_load:
                # Blocks that do not compete: the greatest counts.
                found[name] = np.maximum.reduce(effects)
            elif len(given) == 1:
                found[name] = _odds(effects[0])
            else:
                found[name] = _odds(np.minimum(_competing(given), _WHOLE))
        return found


def _competing(given: list[tuple[Share, float]]) -> Share:
    """Return the share of activity that drugs take together from one site."""
    loads = [_odds(held) for held, _ in given]
    whole, taken = 0.0, 0.0
    for load, (_, most) in zip(loads, given, strict=True):
        whole = whole + load
        taken = taken + load * most
    return taken / (1.0 + whole)
