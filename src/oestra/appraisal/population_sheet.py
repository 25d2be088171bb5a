"""A population at a glance: the share or the spread of every trait."""

from dataclasses import dataclass, field

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

__all__ = ["Trait", "describe_traits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """One trait over all patients.

    Parameters
    ----------
    name : str
        Column of the population; its last word is often the unit.
    median, low, high : float, optional
        Median and central 90 % of patients, of a number.
    percent : dict of str to float
        Share of patients by category, of anything else; yes and no for marks.
    """

    name: str
    median: float | None = None
    low: float | None = None
    high: float | None = None
    percent: dict[str, float] = field(default_factory=dict)

    def to_json_dict(self) -> dict[str, object]:
        """Return the printed form."""
        if self.percent:
            return {"trait": self.name, "percent": self.percent}
        spread = {"median": self.median, "low": self.low, "high": self.high}
        return {"trait": self.name, **spread}


def describe_traits(covariates: pd.DataFrame) -> list[Trait]:
    """Describe every column of a population.

    Parameters
    ----------
    covariates : DataFrame, n rows
        One row a patient.

    Returns
    -------
    list of Trait
        In the order of the columns.
    """
    return [_describe(str(name), column) for name, column in covariates.items()]


def _describe(name: str, column: pd.Series) -> Trait:
    if is_bool_dtype(column):
        share = 100.0 * float(column.mean())
        return Trait(name=name, percent={"yes": share, "no": 100.0 - share})
    if is_numeric_dtype(column):
        low, median, high = (float(column.quantile(q)) for q in (0.05, 0.5, 0.95))
        return Trait(name=name, median=median, low=low, high=high)
    shares = 100.0 * column.value_counts(normalize=True)
    return Trait(name=name, percent={str(k): float(v) for k, v in shares.items()})
