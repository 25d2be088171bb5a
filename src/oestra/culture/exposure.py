"""What a medium sets in the cell: ligands, estradiol made in place, and drug loads.

Concentrations in a medium act as they are written: potencies come from assays on cells
or pure targets, so nothing scales them as the tumor does. There are no immune cells in
a culture, hence no killing by antibodies.
"""

from collections.abc import Mapping

import numpy as np

from oestra.core.errors import unknown_name
from oestra.core.library import SHIPPED, Library
from oestra.core.parameter_set import ParameterSet
from oestra.core.quantity import Origin, Quantity
from oestra.core.units import convert
from oestra.core.vocabulary import Target
from oestra.culture.medium import Condition
from oestra.culture.substance import substances
from oestra.drugs.action import TargetAction
from oestra.drugs.load import find
from oestra.engagement.competition import add_occupancy
from oestra.engagement.lever import LEVERS
from oestra.network.cell_line import Aromatase

__all__ = ["drug_parameters", "medium_parameters", "share_held"]

_COMPETING = (Target.ESR1_SERM, Target.ESR1_SERD)
"""Ligands of the receptor: their largest effect belongs to the complex they form."""
MIXING = Quantity(
    value=100.0,
    unit="1/day",
    interval=(24.0, 1000.0),
    origin=Origin.ASSUMED,
    reason="a changed medium reaches the cells within minutes",
)


def medium_parameters(
    medium: Mapping[str, float],
    aromatase: Aromatase | None,
    library: Library = SHIPPED,
) -> dict[str, float]:
    """Return what the hormones and growth factors of a medium set in the cell.

    Parameters
    ----------
    medium : mapping of str to float
        Concentrations by substance, nM; absent where not named.
    aromatase : Aromatase, optional
        What makes estradiol from androstenedione.
    library : Library
        Whose substances.

    Returns
    -------
    dict of str to float
        Parameters of the cell.

    Raises
    ------
    InputError
        If a substance is not known.
    """
    known = substances(library)
    for name in medium:
        if name not in known:
            raise unknown_name("hormone or growth factor", name, known)
    values = {
        substance.parameter: float(medium.get(name, 0.0))
        for name, substance in known.items()
        if substance.parameter
    }
    made = 0.0
    androgen = medium.get("androstenedione", 0.0)
    if aromatase is not None:
        half = aromatase.michaelis.value
        made = aromatase.capacity.value * androgen / (half + androgen)
    # No blood reaches a culture: all estradiol is made in place or added, and the
    # medium is exchanged at once.
    local = {"e2_baseline": made, "e2_tumor_ratio": 1.0, "e2_local_share": 1.0}
    return {**values, **local, "k_e2_tumor": MIXING.value}


def share_held(action: TargetAction, level: float) -> float:
    """Return the share of a target that a constant concentration holds.

    Parameters
    ----------
    action : TargetAction
        What the drug does.
    level : float
        Concentration in the medium, nM.

    Returns
    -------
    float
        Between 0 and below 1.
    """
    if action.inactivation is not None:
        one = action.inactivation
        rate = convert(one.rate.value, one.rate.unit, "1/day")
        lost = rate * level / (one.binding_constant.value + level)
        held = lost / (lost + convert(one.turnover.value, one.turnover.unit, "1/day"))
    else:
        load = (level / action.potency.value) ** action.hill
        held = load / (1.0 + load)
    full = 1.0 if action.target in _COMPETING else action.max_effect.value
    return float(np.clip(held * full, 0.0, 1.0 - 1e-9))


def drug_parameters(
    condition: Condition, parameters: ParameterSet, k_division: float
) -> dict[str, float]:
    """Return what the drugs of a condition set in the cell.

    Parameters
    ----------
    condition : Condition
        Drugs and their concentrations.
    parameters : ParameterSet
        Killing rates, which are those of a tumor's pace.
    k_division : float
        Pace of the culture, 1/day: mitotic killing keeps its share of divisions.

    Returns
    -------
    dict of str to float
        Parameters of the cell; loads of drugs that share a target add.
    """
    values: dict[str, float] = {}
    for name, level in condition.drugs.items():
        for action in find(name, parameters.library).targets:
            lever, held = LEVERS[action.target], share_held(action, level)
            if action.target is Target.TUBULIN:
                rate = parameters["kill_rate_tubulin"] / parameters["k_division"]
                killed = rate * k_division * held
                values[lever.kill] = values.get(lever.kill, 0.0) + killed
            add_occupancy(values, lever, held)
    return values
