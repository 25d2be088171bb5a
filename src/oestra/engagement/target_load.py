"""What a regimen does to each target: the join between drugs and the cell.

The load of a drug on a target is its free concentration over its potency, so that the
share held is ``load / (1 + load)``. Loads of drugs and metabolites that compete for the
same site add up.
"""

import numpy as np
from numpy.typing import NDArray

from oestra.drugs.component import Component
from oestra.drugs.cycle_occupancy import mean_occupancy
from oestra.drugs.pharmacokinetics import exposure
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects

__all__ = ["schedule_factor", "target_load"]

Array = NDArray[np.float64]


def target_load(
    regimen: Regimen, edges: Array, subjects: PkSubjects
) -> dict[str, Array]:
    """Average the load of a regimen on each of its targets.

    Parameters
    ----------
    regimen : Regimen
        What is given from time 0.
    edges : ndarray of float64, shape (blocks + 1,)
        Ascending days between which to average.
    subjects : PkSubjects
        The patients.

    Returns
    -------
    dict of str to ndarray of float64, shape (patients, blocks)
        Free concentration over potency, to the power of the steepness, summed over
        what competes. Where a block spans pauses of treatment, multiply by
        `schedule_factor`.

    Examples
    --------
    >>> regimen = Regimen.parse("letrozole 2.5 mg daily")
    >>> load = target_load(regimen, np.array([56.0, 84.0]), PkSubjects.typical())
    >>> round(float(load["CYP19A1:inhibitor"][0, 0]))
    21
    """
    found: dict[str, Array] = {}
    parts = {m.id: m for c in regimen.components for m in c.drug.moieties}
    for name, level in exposure(regimen, edges, subjects).items():
        for action in parts[name].targets:
            load = (level / action.potency.value) ** action.hill
            found[action.target] = found.get(action.target, 0.0) + load
    return found


def schedule_factor(component: Component, target: str, subjects: PkSubjects) -> Array:
    """Return what a schedule keeps of its average load.

    Peaks are worth less than troughs cost, because the share held saturates. At steady
    state the average of the share held over a cycle equals the share that this factor
    times the average load would hold without a pause.

    Parameters
    ----------
    component : Component
        One drug of a regimen.
    target : str
        The target.
    subjects : PkSubjects
        The patients.

    Returns
    -------
    ndarray of float64, shape (patients,)
        About 1 for daily dosing of a slow drug, less for short bouts.
    """
    held = mean_occupancy(component, target, subjects)
    endless, start, length = component.at_steady_state()
    edges = np.array([start, start + length])
    average = target_load(Regimen((endless,)), edges, subjects)
    hill = next(iter(component.drug.actions(target).values())).hill
    return (held / (1.0 - held) / average[target][:, 0]) ** (1.0 / hill)
