"""The pace of a tumor: untreated, it doubles in the time that its patient's does.

As a line in culture is given the paces at which it grows as measured, a patient's
untreated cells are given those at which they double in her doubling time and lose her
share of their divisions to death. Whatever is then done to them changes their growth
through the network alone.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.parameter_set import ParameterSet
from oestra.core.streams import Streams
from oestra.course.assemble import Lanes, assemble
from oestra.course.tumors import settle
from oestra.network.cell import Cell
from oestra.tumor.clone import Clone

__all__ = ["TURNOVER", "paced"]

Array = NDArray[np.float64]
TURNOVER = ("k_division", "k_death")
"""Parameters of the cell that say together how fast a clone divides and dies."""


def paced(
    c: pd.DataFrame, p: ParameterSet, cell: Cell, streams: Streams
) -> pd.DataFrame:
    """Return traits with what her untreated cells do in units of their paces.

    Parameters
    ----------
    c : DataFrame, n rows
        Traits of patients, indexed by patient number.
    p : ParameterSet
        The model's parameters.
    cell : Cell
        The compiled cell.
    streams : Streams
        Source of chance.

    Returns
    -------
    DataFrame, n rows
        With ``dividing`` and ``dying``: divisions and deaths of her parental clone at
        rest, in units of ``k_division`` and ``k_death``.
    """
    lanes = assemble(cell, p, c.assign(dividing=1.0, dying=1.0), streams)
    array = lanes.p[:, [Clone.PARENTAL]].copy()
    for name in TURNOVER:
        array[:, :, cell.column(name)] = 1.0
    alone = Lanes(cell=cell, p=array)
    seen = cell.kernel.evaluate(settle(alone)[:, 0], array[:, 0])
    return c.assign(
        dividing=seen[:, cell.output("division_rate")],
        dying=seen[:, cell.output("death_rate")],
    )
