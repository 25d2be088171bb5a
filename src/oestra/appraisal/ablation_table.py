"""What the trials lose without each mechanism, as tables."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.appraisal.fit_tables import known_kind
from oestra.calibration.ablation import Ablations
from oestra.evidence.vocabulary import EndpointKind
from oestra.trial.endpoint_kinds import KINDS
from oestra.trial.endpoints import find_endpoint
from oestra.trial.scale import LOG

__all__ = [
    "ablation_table",
    "inside_intervals",
    "mechanism_table",
    "moves",
    "of_mechanism",
]


def ablation_table(found: Ablations) -> pd.DataFrame:
    """Return one row a mechanism and endpoint, in the order of both.

    Parameters
    ----------
    found : Ablations
        The study.

    Returns
    -------
    DataFrame
        Key of the mechanism; endpoint with its kind, trial and published interval;
        its value with all mechanisms and without this one; their difference, of the
        logarithm for hazard ratios and medians and in percentage points for shares, and
        in standard errors; and whether each value is in the published interval.
    """
    size, count = len(found.rows), len(found.mechanisms)
    kinds = [known_kind(row.id) for row in found.rows]
    logs = np.array([find_endpoint(row.endpoint).scale is LOG for row in found.rows])
    value = np.tile(found.value, (count, 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.where(
            logs, np.log(found.without / value), found.without - value
        ).ravel()

    def each(name: str) -> list[Any]:
        return [getattr(row, name) for row in found.rows] * count

    return pd.DataFrame(
        {
            "mechanism": np.repeat([one.id for one in found.mechanisms], size),
            "endpoint": each("id"),
            "trial": each("trial"),
            "kind": [kind for kind, _ in kinds] * count,
            "published": each("estimate"),
            "low": each("low"),
            "high": each("high"),
            "with_all": value.ravel(),
            "without": found.without.ravel(),
            "change": change,
            "unit": ["log ratio" if log else "points" for log in logs] * count,
            "change_se": (found.residual_without - found.residual).ravel(),
            "inside": inside_intervals(found, found.value) * count,
            "inside_without": [
                x for at in found.without for x in inside_intervals(found, at)
            ],
        }
    )


def inside_intervals(found: Ablations, values: NDArray[np.float64]) -> list[bool]:
    """Tell for each endpoint whether its value lies in the published interval."""
    return [row.contains(float(x)) for row, x in zip(found.rows, values, strict=True)]


def of_mechanism(table: pd.DataFrame, mechanism: str) -> pd.DataFrame:
    """Return the rows of a mechanism."""
    return table.loc[table["mechanism"] == mechanism]


def moves(part: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows that leave and that enter their published interval."""
    before, after = part["inside"], part["inside_without"]
    return part.loc[before & ~after], part.loc[~before & after]


def mechanism_table(found: Ablations) -> pd.DataFrame:
    """Return what each mechanism does, the one that changes most first.

    Parameters
    ----------
    found : Ablations
        The study.

    Returns
    -------
    DataFrame
        Key and title; endpoints that leave and that enter their published interval
        without it; root mean square change in standard errors; and the hazard ratio
        that changes most by its standard error, with and without.
    """
    table = ablation_table(found)
    rows = []
    for one in found.mechanisms:
        part = of_mechanism(table, one.id)
        leaves, enters = moves(part)
        ratios = part.loc[part["kind"] == KINDS[EndpointKind.HAZARD_RATIO].label]
        most = ratios.iloc[int(np.argmax(np.abs(ratios["change_se"])))]
        rows.append(
            {
                "mechanism": one.id,
                "title": one.title,
                "leave": len(leaves),
                "enter": len(enters),
                "rms_change_se": float(np.sqrt(np.mean(part["change_se"] ** 2))),
                "hazard_ratio": most["endpoint"],
                "with_all": float(most["with_all"]),
                "without": float(most["without"]),
            }
        )
    return pd.DataFrame(rows).sort_values(
        "rms_change_se", ascending=False, kind="stable", ignore_index=True
    )
