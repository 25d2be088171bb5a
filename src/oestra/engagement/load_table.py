"""What several regimens set in the cells of the same patients."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.parameter_set import ParameterSet
from oestra.core.streams import Streams
from oestra.drugs.regimen import Regimen
from oestra.engagement.regimen_load import drug_loads, pk_subjects

__all__ = ["load_table"]


def load_table(
    regimens: Sequence[Regimen],
    c: pd.DataFrame,
    p: ParameterSet,
    streams: Streams,
    *,
    adherent: bool,
    asked: NDArray[np.bool_] | None = None,
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Return drug parameters of the cell by regimen.

    Parameters
    ----------
    regimens : sequence of Regimen
        The therapies.
    c : DataFrame, n rows
        Traits, indexed by patient number.
    p : ParameterSet
        Accumulation in the tumor and killing rates.
    streams : Streams
        Chance of the patients' own lives.
    adherent : bool
        Every dose is taken.
    asked : ndarray of bool, shape (n, regimens), optional
        What each patient may take, and is told of; everything by default.

    Returns
    -------
    tuple of str
        Names of the parameters that any regimen sets.
    ndarray, shape (regimens, n, names)
        Their values at steady state, 0 where a regimen leaves them alone or nobody
        asks.
    """
    least = 1.0 if adherent else p["least_adherence"]
    everybody = np.ones((len(c), len(regimens)), dtype=bool)
    rows = [np.flatnonzero(who) for who in (everybody if asked is None else asked).T]
    loads = [
        drug_loads(
            regimen,
            pk_subjects(c.iloc[here], regimen, streams, least_adherence=least),
            p,
        )
        for regimen, here in zip(regimens, rows, strict=True)
    ]
    names = tuple(sorted({name for load in loads for name in load}))
    table = np.zeros((len(loads), len(c), len(names)))
    for row, (load, here) in enumerate(zip(loads, rows, strict=True)):
        for column, name in enumerate(names):
            table[row, here, column] = load.get(name, 0.0)
    return names, table
