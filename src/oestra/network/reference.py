"""The untreated reference cell: what "1" means in relative quantities."""

from collections.abc import Mapping

import numpy as np

from oestra.core.errors import OestraError
from oestra.network.cell import Cell

__all__ = ["REFERENCE", "reference_drift", "reference_values"]

REFERENCE = {
    "ere_drive_reference": "ere_drive",
    "foxo_reference": "foxo",
    "erk_reference": "erk_p",
    "akt_reference": "akt",
    "translation_reference": "translation",
    "rtk_output_reference": "rtk_output",
    "ap1_reference": "ap1_output",
}
"""Parameters that hold the reference cell's steady state, and what they hold."""

_DAYS, _ROUNDS, _CLOSE = 3000.0, 60, 1e-7


def reference_values(cell: Cell, values: Mapping[str, float]) -> dict[str, float]:
    """Find the steady state of the reference cell.

    Relative quantities are divided by their own values in the reference cell, so the
    state and its reference are found together, by iteration.

    Parameters
    ----------
    cell : Cell
        The compiled cell.
    values : mapping of str to float
        Parameters that differ from the shipped ones.

    Returns
    -------
    dict of str to float
        The parameters of `REFERENCE`.

    Raises
    ------
    OestraError
        If the iteration does not settle.
    """
    own = {k: v for k, v in values.items() if k in cell.parameters}
    p = cell.parameter_array(1, own)
    columns = {name: cell.column(name) for name in REFERENCE}
    y = cell.model.initial_states(p[0])[None]
    change = np.inf
    for _ in range(_ROUNDS):
        y = cell.kernel.advance(y, p, 0.0, _DAYS, rtol=1e-7, atol=1e-10).y
        y[:, cell.states["log_cell_number"]] = 0.0
        seen = cell.kernel.evaluate(y, p)[0]
        change = 0.0
        for name, symbol in REFERENCE.items():
            value = float(seen[cell.output(symbol)])
            column = columns[name]
            if name == "ere_drive_reference":
                value *= p[0, column]
            change = max(change, abs(value / p[0, column] - 1.0))
            p[0, column] = value
        if change < _CLOSE:
            return {name: float(p[0, column]) for name, column in columns.items()}
    raise OestraError(
        "The reference cell has no steady state with these parameters: after "
        f"{_ROUNDS} rounds it still moves by {change:.1e}."
    )


def reference_drift(cell: Cell) -> float:
    """Return how far the shipped reference values are from their steady state."""
    found = reference_values(cell, {})
    shipped = cell.model.ode.values
    return float(
        np.max([abs(v / shipped[cell.column(k)] - 1.0) for k, v in found.items()])
    )
