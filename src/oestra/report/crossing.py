"""Two trials with their treatments exchanged, as a table and in words."""

import numpy as np
import pandas as pd

from oestra.calibration.crossing import Crossed, Exchanged

__all__ = ["crossing_table", "crossing_words"]


def _cell(one: Crossed) -> str:
    known = "" if one.published is None else f"; published {one.published:.2f}"
    return (
        f"{one.hazard_ratio:.2f} ({one.median_months:.1f} against "
        f"{one.control_median_months:.1f} months{known})"
    )


def crossing_table(found: Exchanged) -> pd.DataFrame:
    """Return hazard ratios and medians, one row a treatment and one column a trial.

    Parameters
    ----------
    found : Exchanged
        A pair of trials.

    Returns
    -------
    DataFrame
        Of text: hazard ratio of progression-free survival, medians with and without
        what is added, and what was published where a trial added it.
    """
    rows: dict[str, dict[str, str]] = {}
    for one in found.crossed:
        drug = one.control.split()[0]
        column = f"{one.trial}: {drug}, {found.exchange.trials[one.trial]}"
        rows.setdefault(one.added, {})[column] = _cell(one)
    return pd.DataFrame([{"added": added, **cells} for added, cells in rows.items()])


def crossing_words(found: Exchanged) -> str:
    """Say how much of the difference is treatment, patients, and both together.

    Parameters
    ----------
    found : Exchanged
        A pair of trials.

    Returns
    -------
    str
        Three sentences.
    """
    exchange = found.exchange
    first, second = exchange.trials
    own, between, other, late_own, _, late_other = (
        one.hazard_ratio for one in found.crossed
    )
    whole, treatment, patients = np.log(np.array([late_other, other, late_own]) / own)
    _, besides, given = exchange.added
    return (
        f"From {first} to {second} the hazard ratio goes from {own:.2f} to "
        f"{late_other:.2f}. Of the change of its logarithm, {whole:.2f}, "
        f"{exchange.treatment} alone makes {treatment:.2f}, {exchange.patients} alone "
        f"{patients:.2f}, and only both together the other "
        f"{whole - treatment - patients:.2f}. In the patients of {first}, {besides} "
        f"gives {between:.2f} and {given} {other:.2f}: {exchange.shows}."
    )
