"""The record of the fit of the cell: its parameters as measurements on cells hold them.

They go over the files' values, and under those of the fit to trials, which moves only
what cells in culture cannot show.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from oestra.core.errors import InputError

__all__ = ["CellFit", "FittedOfCell", "read_cell_fit", "shipped_cell_fit"]

_FILE = "cell_fit.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedOfCell:
    """One parameter of the cell and what measurements say of it.

    Parameters
    ----------
    prior : tuple of float
        Its 2.5 %, 50 % and 97.5 % points before.
    value : float
        Where the fit put it.
    interval : tuple of float
        Central 95 % after the fit.
    standardized : float
        The value, standard deviations of the prior from its middle.
    contraction : float
        Share of the prior's spread that the measurements removed.
    alone : float
        Standard deviation that measurements and prior leave it while all others stay,
        in those of the prior.
    """

    prior: tuple[float, float, float]
    value: float
    interval: tuple[float, float]
    standardized: float
    contraction: float
    alone: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFit:
    """A fit of the cell to measurements on cells.

    Parameters
    ----------
    belongs_to : mapping of str to str
        Fingerprints of what it was fitted with.
    variant : str
        Name of the structure that was chosen.
    values : mapping of str to float
        Fitted parameters, those the variant fixes, and the reference cell they give.
    fitted : mapping of str to FittedOfCell
        By parameter.
    losses : tuple of float
        After each round, the start first.
    terms : tuple of mapping
        Every measurement: ``id``, ``kind``, ``group``, ``value`` and ``residual``,
        and ``left_out``, the residual as all other experiments predict it.
    draws : tuple of mapping of str to float
        Sets that stand for what the measurements leave open.
    diagnostics : mapping of str to object
        What is known of those draws.
    """

    belongs_to: Mapping[str, str]
    variant: str
    values: Mapping[str, float]
    fitted: Mapping[str, FittedOfCell]
    losses: tuple[float, ...]
    terms: tuple[Mapping[str, Any], ...]
    draws: tuple[Mapping[str, float], ...] = ()
    diagnostics: Mapping[str, Any]


def _fitted(entry: Mapping[str, Any]) -> FittedOfCell:
    own: dict[str, Any] = {
        **entry,
        "prior": tuple(entry["prior"]),
        "interval": tuple(entry["interval"]),
    }
    return FittedOfCell(**own)


def read_cell_fit(path: Path) -> CellFit:
    """Read the record of a fit of the cell.

    Raises
    ------
    InputError
        If the file is missing or damaged.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return CellFit(
            belongs_to=dict(record["belongs_to"]),
            variant=str(record["variant"]),
            values={str(k): float(v) for k, v in record["values"].items()},
            fitted={k: _fitted(v) for k, v in record["fitted"].items()},
            losses=tuple(float(one) for one in record["losses"]),
            terms=tuple(record["terms"]),
            draws=tuple(record["draws"]),
            diagnostics=dict(record["diagnostics"]),
        )
    except (AttributeError, KeyError, OSError, TypeError, ValueError) as error:
        raise InputError(f"The fit of the cell {path} cannot be read: {error}.") from (
            error
        )


@cache
def shipped_cell_fit() -> CellFit | None:
    """Return the fit of the cell that ships; None when there is none."""
    path = Path(str(files("oestra.model"))) / _FILE
    return read_cell_fit(path) if path.is_file() else None
