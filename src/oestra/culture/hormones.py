"""What a medium sets in the cell besides drugs: ligands, and local estradiol."""

from collections.abc import Mapping

from oestra.core.errors import unknown_name
from oestra.core.library import SHIPPED, Library
from oestra.core.quantity import Origin, Quantity
from oestra.culture.substance import substances
from oestra.network.cell_line import Aromatase

__all__ = ["CULTURE_SETS", "medium_parameters"]

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
    values: dict[str, float] = {}
    for name, substance in known.items():
        for parameter, level in substance.sets(float(medium.get(name, 0.0))).items():
            values[parameter] = values.get(parameter, 0.0) + level
    made = 0.0
    androgen = medium.get("androstenedione", 0.0)
    if aromatase is not None:
        half = aromatase.michaelis.value
        made = aromatase.capacity.value * androgen / (half + androgen)
    # No blood reaches a culture: all estradiol is made in place or added, and the
    # medium is exchanged at once.
    local = {"e2_baseline": made, "e2_tumor_ratio": 1.0, "e2_local_share": 1.0}
    return {**values, **local, "k_e2_tumor": MIXING.value}


CULTURE_SETS = {
    "e2_baseline": "estradiol that the line makes from androstenedione",
    "e2_tumor_ratio": "1, as no blood reaches a culture",
    "e2_local_share": "1, as no blood reaches a culture",
    "k_e2_tumor": f"{MIXING.value:g} 1/day, {MIXING.reason}",
}
"""Parameters of the cell that every culture has its own values of, and why."""
