"""What came of an experiment on cells: courses of untreated and treated cultures."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.culture.band import band_columns, band_record
from oestra.culture.readout import Readout, read_as

__all__ = ["CellResult"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellResult:
    """The courses of untreated and treated cells from the same state.

    Parameters
    ----------
    line : str
        The cell line.
    genotype : dict of str to str
        Its altered genes.
    medium : str
        What both cultures grow in.
    pretreatment : tuple of str
        What both went through.
    drug : str
        What the treated culture gets besides.
    readouts : tuple of Readout
        What was read.
    times_days : ndarray, shape (points,)
        When, from the start of treatment.
    untreated, treated : dict of str to ndarray, shape (points,)
        The courses by readout.
    model : str
        Hash of the cell's sources.
    clones : dict of str to tuple of ndarray, shape (points,)
        Share of each clone of a mixture, untreated and treated; empty for one clone.
    bands : dict of str to dict of str to ndarray, shape (2, points)
        By readout, the lower and upper end of ``untreated``, ``treated`` and their
        ``ratio`` over parameter sets; empty for one set.
    """

    line: str
    genotype: dict[str, str]
    medium: str
    pretreatment: tuple[str, ...]
    drug: str
    readouts: tuple[Readout, ...]
    times_days: Array
    untreated: dict[str, Array]
    treated: dict[str, Array]
    model: str
    clones: dict[str, tuple[Array, Array]] = field(default_factory=dict)
    bands: dict[str, dict[str, Array]] = field(default_factory=dict)

    def table(self) -> pd.DataFrame:
        """Return the courses as rows of culture, days and one column a readout."""
        parts = [
            pd.DataFrame(
                {
                    "culture": name,
                    "days": self.times_days,
                    **courses,
                    **{
                        column: end
                        for one, band in self.bands.items()
                        for column, end in band_columns(one, band[name]).items()
                    },
                    **{f"share of {n}": share[k] for n, share in self.clones.items()},
                }
            )
            for k, (name, courses) in enumerate(
                (("untreated", self.untreated), ("treated", self.treated))
            )
        ]
        return pd.concat(parts, ignore_index=True)

    def final(self, readout: str) -> tuple[float, float]:
        """Return a readout at the end, untreated and treated."""
        name = read_as(readout, self.readouts)
        return float(self.untreated[name][-1]), float(self.treated[name][-1])

    def ratio(self, readout: str) -> float:
        """Return a readout at the end, treated over untreated."""
        untreated, treated = self.final(readout)
        return treated / untreated

    def _bands(self, readout: str) -> dict[str, Any]:
        return {n: band_record(band) for n, band in self.bands[readout].items()}

    def _clones(self) -> dict[str, Any]:
        return {
            name: {"untreated": before.tolist(), "treated": after.tolist()}
            for name, (before, after) in self.clones.items()
        }

    def to_json_dict(self) -> dict[str, Any]:
        """Return the experiment and its courses as JSON can hold them."""
        times = self.times_days.tolist()
        return {
            "line": self.line,
            "genotype": self.genotype,
            "medium": self.medium,
            "pretreatment": list(self.pretreatment),
            "drug": self.drug,
            "model": self.model,
            **({"clones": self._clones()} if self.clones else {}),
            "readouts": {
                one.name: {
                    "unit": one.unit,
                    "text": one.text,
                    "untreated": self.untreated[one.name].tolist(),
                    "treated": self.treated[one.name].tolist(),
                    "times_days": times,
                    **({"bands_95": self._bands(one.name)} if self.bands else {}),
                }
                for one in self.readouts
            },
        }
