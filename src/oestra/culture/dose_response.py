"""How a readout follows the dose of one drug."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.culture.band import band_columns, band_record
from oestra.culture.doses import DoseSeries
from oestra.culture.experiment import Culture
from oestra.culture.gr_curve import GrCurve, gr_area, gr_curve
from oestra.culture.growth_inhibition import (
    ReadDose,
    absolute_ic50,
    gr50,
    gr_values,
    relative_ic50,
)
from oestra.culture.medium import Condition
from oestra.culture.reading_days import reading_days
from oestra.culture.readout import Readout, find_readout, read_as
from oestra.culture.schedule import Schedule, constant

__all__ = ["DoseResponse", "DoseSpread", "dose_response", "half_maximal_dose"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseSpread:
    """What parameter sets make of a number that is read from a curve.

    Parameters
    ----------
    low, high : float or None
        Ends of the middle 95 % of the sets that have one; None where none has.
    reached, sets : int
        How many sets have one, of how many.
    """

    low: float | None
    high: float | None
    reached: int
    sets: int

    def __str__(self) -> str:
        """Write the interval and how many sets have none."""
        if self.low is None or self.high is None:
            return f"in none of {self.sets} sets"
        told = f"95 % of sets {self.low:.3g} to {self.high:.3g}"
        if self.reached < self.sets:
            told += f", reached in {self.reached} of {self.sets}"
        return told

    def to_json_dict(self) -> dict[str, Any]:
        """Return the interval as JSON can hold it."""
        return {
            "low": self.low,
            "high": self.high,
            "sets_reached": self.reached,
            "sets": self.sets,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseResponse:
    """Readouts at the end of an experiment, by dose.

    Parameters
    ----------
    line : str
        The cell line.
    drug : str
        Whose dose changes.
    background : str
        What all cultures get besides.
    days : float
        Length of the experiment.
    readouts : tuple of Readout
        What was read.
    doses : ndarray, shape (n,)
        Concentrations, nM.
    untreated : dict of str to float
        Each readout without the drug.
    responses : dict of str to ndarray, shape (n,)
        Each readout by dose.
    folds : ndarray, shape (n + 1,)
        Cells at the end over those at the start, without the drug first.
    bands : dict of str to ndarray, shape (2, n + 1)
        Lower and upper end of each readout, and of ``gr``, over parameter sets,
        without the drug first; empty for one set.
    spreads : dict of str to DoseSpread
        By their names, what the sets make of the doses and of GR; empty for one set.
    """

    line: str
    drug: str
    background: str
    days: float
    readouts: tuple[Readout, ...]
    doses: Array
    untreated: dict[str, float]
    responses: dict[str, Array]
    folds: Array
    bands: dict[str, Array] = field(default_factory=dict)
    spreads: dict[str, DoseSpread] = field(default_factory=dict)

    @property
    def gr(self) -> Array:
        """Growth-rate inhibition by dose, (n,); see `growth_inhibition`."""
        return gr_values(self.folds[1:], float(self.folds[0]))

    @property
    def gr50(self) -> ReadDose:
        """Dose at which GR is 0.5."""
        return gr50(self.doses, self.gr)

    @property
    def gr_max(self) -> float | None:
        """GR at the highest dose; None where untreated cells do not grow."""
        last = float(self.gr[-1])
        return None if np.isnan(last) else last

    @property
    def gr_curve(self) -> GrCurve:
        """Sigmoid curve through GR; see `oestra.culture.gr_curve`."""
        return gr_curve(self.doses, self.gr)

    @property
    def gr_area(self) -> float | None:
        """Mean of 1 - GR over the logarithm of the dose."""
        return gr_area(self.doses, self.gr)

    def numbers(self) -> dict[str, float | None]:
        """Return what is read from the curves, by name; None where not reached."""
        curve = self.gr_curve
        found: dict[str, float | None] = {
            "gr50": self.gr50.nm,
            "gr_max": self.gr_max,
            "gr_inf": curve.gr_inf,
            "gec50": curve.gec50,
            "gr_aoc": self.gr_area,
        }
        for one in self.readouts:
            found[f"absolute_ic50 {one.name}"] = self.absolute_ic50(one.name).nm
            found[f"relative_ic50 {one.name}"] = self.relative_ic50(one.name).nm
        return found

    def absolute_ic50(self, readout: str) -> ReadDose:
        """Return the dose at which half of an untreated readout is left."""
        name = read_as(readout, self.readouts)
        return absolute_ic50(self.doses, self.responses[name], self.untreated[name])

    def relative_ic50(self, readout: str) -> ReadDose:
        """Return the dose of half the change that the highest dose brings."""
        name = read_as(readout, self.readouts)
        return relative_ic50(self.doses, self.responses[name], self.untreated[name])

    def half_maximal(self, readout: str) -> float | None:
        """Return the dose of half the change that the highest dose brings, nM."""
        name = read_as(readout, self.readouts)
        return half_maximal_dose(self.doses, self.responses[name], self.untreated[name])

    def table(self) -> pd.DataFrame:
        """Return one row a dose, nM, the culture without the drug first."""
        columns = {
            one.name: np.append(self.untreated[one.name], self.responses[one.name])
            for one in self.readouts
        }
        doses = np.append(0.0, self.doses)
        gr = gr_values(self.folds, float(self.folds[0]))
        ends = {
            column: end
            for name, band in self.bands.items()
            for column, end in band_columns(name, band).items()
        }
        return pd.DataFrame({"dose_nm": doses, **columns, "gr": gr, **ends})

    def to_json_dict(self) -> dict[str, Any]:
        """Return the curves as JSON can hold them."""
        return {
            "line": self.line,
            "drug": self.drug,
            "background": self.background,
            "days": self.days,
            "doses_nm": self.doses.tolist(),
            "growth": {
                "gr": [None if np.isnan(one) else float(one) for one in self.gr],
                "gr50": self.gr50.to_json_dict(),
                "gr_max": self.gr_max,
                "gr_aoc": self.gr_area,
                "curve": self.gr_curve.to_json_dict(),
            },
            "readouts": {
                one.name: {
                    "unit": one.unit,
                    "untreated": self.untreated[one.name],
                    "response": self.responses[one.name].tolist(),
                    "half_maximal_nm": self.half_maximal(one.name),
                    "relative_ic50": self.relative_ic50(one.name).to_json_dict(),
                    "absolute_ic50": self.absolute_ic50(one.name).to_json_dict(),
                }
                for one in self.readouts
            },
            **(self._spread() if self.bands else {}),
        }

    def _spread(self) -> dict[str, Any]:
        """Return what the parameter sets spread, as JSON can hold it."""
        bands = {name: band_record(band) for name, band in self.bands.items()}
        spreads = {name: one.to_json_dict() for name, one in self.spreads.items()}
        return {"bands_95": bands, "spreads_95": spreads}


def half_maximal_dose(doses: Array, response: Array, untreated: float) -> float | None:
    """Return the lowest dose of half the change between none and the highest dose.

    Parameters
    ----------
    doses : ndarray, shape (n,)
        Positive and ascending.
    response : ndarray, shape (n,)
        Response at each.
    untreated : float
        Response at dose 0.

    Returns
    -------
    float or None
        Interpolated in the logarithm of the dose; None if nothing changes, or the
        lowest dose already does more than half.
    """
    change = response - untreated
    if abs(change[-1]) <= 1e-9 * max(abs(untreated), 1e-9):
        return None
    share = change / change[-1]
    past = int(np.argmax(share >= 0.5))
    if past == 0:
        return None
    left, right = share[past - 1], share[past]
    step = (0.5 - left) / (right - left)
    logs = np.log(doses[past - 1 : past + 1])
    return float(np.exp(logs[0] + step * (logs[1] - logs[0])))


def dose_response(
    culture: Culture,
    series: DoseSeries,
    *,
    background: Condition | Schedule | None = None,
    days: float = 7.0,
    readouts: Sequence[str] = ("cell_number_fold",),
) -> DoseResponse:
    """Grow cells at every dose of a series, all in one call of the solver.

    Parameters
    ----------
    culture : Culture
        The cells, from `oestra.culture.experiment.prepare`.
    series : DoseSeries
        The drug, hormone or growth factor and its doses, added to the background.
    background : Condition or Schedule, optional
        What all cultures get besides.
    days : float
        Length of the experiment.
    readouts : sequence of str
        What to read at its end.

    Returns
    -------
    DoseResponse
        Each readout by dose.

    Raises
    ------
    InputError
        If a readout is unknown or the length not positive.
    """
    library = culture.library
    asked = tuple(dict.fromkeys(find_readout(name, library) for name in readouts))
    at = reading_days(days, 2)
    rest = background or Condition()
    rest = constant(rest) if isinstance(rest, Condition) else rest
    conditions = [series.during(float(d), rest) for d in (0.0, *series.doses)]
    end = culture.grow(conditions, at)[:, -1]
    number = find_readout("cell_number_fold", library)
    read = {one.name: one.of(end, culture.symbols) for one in asked}
    return DoseResponse(
        line=culture.strain.line.id,
        drug=series.name,
        background=str(rest),
        days=days,
        readouts=asked,
        doses=series.doses,
        untreated={name: float(values[0]) for name, values in read.items()},
        responses={name: values[1:] for name, values in read.items()},
        folds=number.of(end, culture.symbols),
    )
