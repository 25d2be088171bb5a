"""How well the cell predicts measurements on cell lines, and trivial predictions do."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from oestra.calibration.cells.reading import Predicted
from oestra.calibration.cells.repeat import readings, repeat
from oestra.calibration.cells.skill import skill_by_kind
from oestra.core.parameter_set import ParameterSet
from oestra.evidence.cell_measurement import cell_measurements

__all__ = [
    "KINDS_TOLD",
    "cell_readings",
    "cell_skill",
    "left_out_readings",
    "not_repeated",
]

KINDS_TOLD = {
    "kinase": ("pAKT and pERK after ligands of modeled receptors", "log10"),
    "null": ("pAKT and pERK after other ligands, predicted to do nothing", "log10"),
    "growth": ("courses of growth", "log2"),
    "protein": ("proteins of the cell cycle under treatment", "log2"),
    "drug": ("growth under inhibitors", "GR"),
    "direction": ("directions that are right", "share"),
}
"""Each kind of measurement in words, and the scale of its errors."""


def cell_readings(parameters: ParameterSet) -> pd.DataFrame:
    """Repeat every measurement on cell lines that the culture room can.

    Parameters
    ----------
    parameters : ParameterSet
        The model's parameters.

    Returns
    -------
    DataFrame
        One row a reading: ``id``, ``kind``, ``experiment``, ``observed``,
        ``predicted``, both on the scale of the kind, ``bound`` (1 where the truth is at
        least the observed, -1 where at most, else 0), ``error``, that of measurement
        and model, and ``residual``, in such errors.
    """
    return pd.DataFrame([_row(one) for one in repeat(parameters)])


def left_out_readings(terms: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return the table of `cell_readings` as fits to all other experiments predict it.

    Parameters
    ----------
    terms : iterable of mapping
        Terms of the record of a fit of the cell, each with its residual ``left_out``.

    Returns
    -------
    DataFrame
        Readings that the record knows, in their order.
    """
    off = {str(one["id"]): float(one["left_out"]) for one in terms}
    known = [one for one in readings() if one.id in off]
    return pd.DataFrame(
        [_row(Predicted(reading=one, value=one.value_at(off[one.id]))) for one in known]
    )


def _row(one: Predicted) -> dict[str, Any]:
    reading = one.reading
    return {
        "id": reading.id,
        "kind": reading.kind,
        "experiment": reading.group,
        "observed": reading.observed,
        "predicted": one.value,
        "bound": reading.side,
        "error": reading.total_error,
        "residual": one.residual,
    }


def cell_skill(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return errors by kind beside those of predictions that need no model.

    Parameters
    ----------
    table : DataFrame
        As `cell_readings` returns it.

    Returns
    -------
    list of dict
        ``kind``, ``told``, ``scale``, ``count``, ``median`` absolute error (of
        directions the share that is right), the same for ``no_effect`` and
        ``mean_effect``, and ``skill``: 1 less the mean squared error over that of no
        effect.
    """
    kept = set(table["id"])
    found = skill_by_kind(
        table["predicted"].to_numpy(dtype=float),
        [one for one in readings() if one.id in kept],
    )
    return [
        {
            **asdict(one),
            "told": KINDS_TOLD[one.kind][0],
            "scale": KINDS_TOLD[one.kind][1],
        }
        for one in found
    ]


def not_repeated(table: pd.DataFrame) -> int:
    """Return how many rows of the measurements have no reading."""
    read = {str(name).split("/", 1)[0] for name in table["id"]}
    return sum(row.id not in read for row in cell_measurements())
