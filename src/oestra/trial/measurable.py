"""Who has a lesion that the criteria of a trial can measure: nodes need more in 1.1."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.history.cohort import Cohort
from oestra.trial.criteria import CriteriaRules
from oestra.trial.lesion import NODE, diameter
from oestra.tumor.burden import lesion_log_volume

__all__ = ["measurable"]


def measurable(
    pool: Cohort, decisions: pd.DataFrame, rules: CriteriaRules
) -> NDArray[np.bool_]:
    """Tell at which decisions a patient has measurable disease by a rule set.

    Parameters
    ----------
    pool : Cohort
        The population.
    decisions : DataFrame
        Its decisions, measurable where some lesion has the least diameter of a target
        that is no node.
    rules : CriteriaRules
        The rule set.

    Returns
    -------
    ndarray of bool, shape (m,)
        The same, where the only such lesions are not nodes too small to be targets.
    """
    found = decisions["measurable"].to_numpy(dtype=bool).copy()
    rows = np.flatnonzero(found)
    if not rules.target_node or not rows.size:
        return found
    lesions = pool.presentation(rows)
    cells = pool.log_cells[rows]
    volume = lesion_log_volume(
        cells,
        np.zeros((rows.size, 1, cells.shape[1])),
        lesions,
        pool.parameters["cells_per_mm3"],
    )
    node = lesions.site == NODE
    least = np.where(node, rules.target_node, pool.parameters["measurable_diameter_mm"])
    large = diameter(volume[:, :, 0].astype(float)) >= least
    found[rows] = np.any(large & lesions.distinct, axis=1)
    return found
