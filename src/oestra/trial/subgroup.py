"""Who of a trial is in which of its subgroups."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.trial.criterion import evaluate
from oestra.trial.design import TrialDesign

__all__ = ["group_members", "subgroup_members"]


def group_members(
    design: TrialDesign, table: pd.DataFrame
) -> dict[str, NDArray[np.bool_]]:
    """Tell who may enter each group that is enrolled apart.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    table : DataFrame
        Enrollment opportunities, one a row.

    Returns
    -------
    dict of str to ndarray of bool, shape (n,)
        By name of the group.
    """
    return {
        name: evaluate(group.where, table, design.definitions)
        for name, group in design.groups.items()
    }


def subgroup_members(
    design: TrialDesign, table: pd.DataFrame
) -> dict[str, NDArray[np.bool_]]:
    """Tell who is in each subgroup.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    table : DataFrame
        Enrollment opportunities, one a row.

    Returns
    -------
    dict of str to ndarray of bool, shape (n,)
        By name of the subgroup.
    """
    return {
        name: evaluate(
            text, table, design.definitions, where=f"{design.id}, subgroup {name}"
        )
        for name, text in design.subgroups.items()
    }
