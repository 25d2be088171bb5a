"""All tables of one replicate, encoded where it is run."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.cdisc.encode import Encoded, encode
from oestra.cdisc.formats import Format
from oestra.cdisc.tables import table_of
from oestra.trial.conduct import Conducted
from oestra.trial.design import TrialDesign
from oestra.trial.tables.adae import adae
from oestra.trial.tables.adex import adex
from oestra.trial.tables.adrs import adrs
from oestra.trial.tables.adsl import adsl
from oestra.trial.tables.adtr import adtr
from oestra.trial.tables.adtte import adtte
from oestra.trial.tables.plan import table_plan
from oestra.trial.tables.source import Source

__all__ = ["TABLES", "build_tables"]

TABLES: Mapping[str, Callable[[Source], dict[str, Any]]] = {
    "ADSL": adsl,
    "ADTTE": adtte,
    "ADRS": adrs,
    "ADTR": adtr,
    "ADAE": adae,
    "ADEX": adex,
}
"""What makes each table."""


def build_tables(
    design: TrialDesign,
    done: Conducted,
    baseline: pd.DataFrame,
    members: Mapping[str, NDArray[np.bool_]],
    number: int,
    formats: Sequence[Format],
) -> dict[str, Encoded]:
    """Return the tables of a replicate.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    done : Conducted
        What happened, with scans.
    baseline : DataFrame
        Its patients at screening.
    members : mapping of str to ndarray of bool, shape (n,)
        Who is in each subgroup.
    number : int
        Of the replicate, from 0.
    formats : sequence of Format
        In which rows are encoded; none makes no tables.

    Returns
    -------
    dict of str to Encoded
        By name. A table without rows, such as the doses of arms that take nothing, is
        left out.
    """
    if not formats:
        return {}
    known = table_plan(design)
    source = Source(
        design=design,
        known=known,
        number=number,
        done=done,
        baseline=baseline,
        members=members,
    )
    found: dict[str, Encoded] = {}
    for name, make in TABLES.items():
        columns = make(source)
        if columns:
            dataset = known.datasets[name]
            found[name] = encode(dataset, table_of(dataset, columns), formats)
    return found
