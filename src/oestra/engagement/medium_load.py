"""What the drugs of a medium set in the cells of a culture.

Concentrations in a medium act as they are written: potencies come from assays on cells
or pure targets, so nothing scales them as the tumor does. A dish has no liver, so that
metabolites act only where they are added themselves, and no immune cells, so that
antibodies block and do not kill.
"""

from collections.abc import Mapping

from oestra.core.parameter_set import ParameterSet
from oestra.drugs.load import find
from oestra.drugs.target import find_lever
from oestra.engagement.occupancy import Engaged, share_held

__all__ = ["medium_loads"]


def medium_loads(
    levels: Mapping[str, float], parameters: ParameterSet
) -> dict[str, float]:
    """Return what drugs at constant concentrations set in the cell.

    Parameters
    ----------
    levels : mapping of str to float
        Free concentrations by drug, nM.
    parameters : ParameterSet
        Whose library.

    Returns
    -------
    dict of str to float
        Parameters of the cell.
    """
    engaged = Engaged()
    library = parameters.library
    for name, level in levels.items():
        for action in find(name, library).targets:
            lever = find_lever(action.target, library)
            engaged.add(lever, share_held(action, level), action)
    return {name: float(value) for name, value in engaged.values().items()}
