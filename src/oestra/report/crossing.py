"""HORIZON and BOLERO-2 with regimens exchanged, as a table and in words."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from oestra.calibration.crossing import Crossed

__all__ = ["crossing_table", "crossing_words"]

_LINES = {
    "HORIZON": "no aromatase inhibitor before",
    "BOLERO-2": "after an aromatase inhibitor",
}


def _cell(one: Crossed) -> str:
    known = "" if one.published is None else f"; published {one.published:.2f}"
    return (
        f"{one.hazard_ratio:.2f} ({one.median_months:.1f} against "
        f"{one.control_median_months:.1f} months{known})"
    )


def crossing_table(crossed: Sequence[Crossed]) -> pd.DataFrame:
    """Return hazard ratios and medians, one row an inhibitor and one column a trial.

    Parameters
    ----------
    crossed : sequence of Crossed
        All of them.

    Returns
    -------
    DataFrame
        Of text: hazard ratio of progression-free survival, medians with and without
        the inhibitor, and what was published where a trial gave it.
    """
    rows: dict[str, dict[str, str]] = {}
    for one in crossed:
        drug = one.endocrine.split()[0]
        column = f"{one.trial}: {drug}, {_LINES[one.trial]}"
        rows.setdefault(one.inhibitor, {})[column] = _cell(one)
    return pd.DataFrame(
        [{"added": inhibitor, **cells} for inhibitor, cells in rows.items()]
    )


def crossing_words(crossed: Sequence[Crossed]) -> str:
    """Say how much of the difference is schedule, line, and both together.

    Parameters
    ----------
    crossed : sequence of Crossed
        All of them, as `oestra.calibration.crossing.cross_trials` orders them.

    Returns
    -------
    str
        Two sentences.
    """
    tem, slow, daily, late_tem, _, late_daily = (x.hazard_ratio for x in crossed)
    whole, schedule, line = np.log(np.array([late_daily, daily, late_tem]) / tem)
    return (
        f"From HORIZON to BOLERO-2 the hazard ratio goes from {tem:.2f} to "
        f"{late_daily:.2f}. Of the change of its logarithm, {whole:.2f}, daily "
        f"everolimus alone makes {schedule:.2f}, the later line alone {line:.2f}, and "
        f"only both together the other {whole - schedule - line:.2f}. In HORIZON's "
        f"patients everolimus gives {slow:.2f} five days in fourteen and {daily:.2f} "
        "daily: the schedule, with the same drug."
    )
