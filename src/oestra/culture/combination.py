"""Two drugs at all pairs of doses: HSA, Bliss, ZIP, Loewe, MuSyC, isobologram."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.culture.conclusion import conclude, judge
from oestra.culture.doses import DoseSeries
from oestra.culture.experiment import Culture
from oestra.culture.medium import Condition
from oestra.culture.musyc import Musyc, fit_musyc
from oestra.culture.reading_days import reading_days
from oestra.culture.readout import Readout, find_readout
from oestra.culture.schedule import Schedule, constant
from oestra.culture.synergy import (
    bliss_excess,
    combination_index,
    dose_for_effect,
    hsa_excess,
    isobole,
)
from oestra.culture.zip_score import zip_excess

__all__ = ["Combination", "combination"]

Array = NDArray[np.float64]
_DENSE, _REACH = 161, 1e3
_POINTS, _ALONG, _LEAST = 9, 61, 1e-4
_WHY = "one of the drugs alone, or every pair of doses, falls short of this effect"


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """A matrix of doses of two drugs.

    Parameters
    ----------
    line : str
        The cell line.
    drugs : tuple of str
        First and second drug.
    background : str
        What all cultures get besides.
    days : float
        Length of the experiment.
    readout : Readout
        What was read at its end.
    untreated : float
        The readout without either drug.
    doses : tuple of ndarray, shapes (n,) and (m,)
        Doses of each, nM, without 0.
    alone : tuple of ndarray, shapes (n,) and (m,)
        Effect of each alone: the share of the untreated readout that is lost.
    effect : ndarray, shape (n, m)
        Effect of each pair.
    hsa : ndarray, shape (n, m)
        Effect beyond that of the better drug alone.
    bliss : ndarray, shape (n, m)
        Effect beyond independent action.
    zip : ndarray, shape (n, m)
        Effect beyond drugs that leave each other's potency alone; NaN with fewer than
        four doses of a drug.
    musyc : Musyc or None
        Surface that tells efficacy and potency apart; None with fewer than four doses.
    index : ndarray, shape (n, m)
        Loewe's combination index; NaN where neither drug alone has the effect.
    effect_level : float
        Effect of the isobole.
    isobole : ndarray, shape (k, 2)
        Pairs of doses that have this effect.
    intercepts : tuple of float
        Doses of each drug alone with this effect, ``inf`` for none.
    """

    line: str
    drugs: tuple[str, str]
    background: str
    days: float
    readout: Readout
    untreated: float
    doses: tuple[Array, Array]
    alone: tuple[Array, Array]
    effect: Array
    hsa: Array
    bliss: Array
    zip: Array
    musyc: Musyc | None
    index: Array
    effect_level: float
    isobole: Array
    intercepts: tuple[float, float]

    @property
    def index_on_isobole(self) -> float | None:
        """Mean combination index of the pairs on the isobole.

        None where one of the drugs alone never has the effect: the mean would then
        depend on which pairs were tried.
        """
        if not len(self.isobole) or np.any(np.isinf(self.intercepts)):
            return None
        first, second = self.isobole.T
        index = combination_index((first, second), self.intercepts)
        return float(np.mean(index))

    @property
    def conclusion(self) -> str:
        """What the references say of the pair, in a sentence."""
        means = {
            name: float(np.mean(excess))
            for name, excess in (
                ("HSA", self.hsa),
                ("Bliss", self.bliss),
                ("ZIP", self.zip),
            )
        }
        return conclude(judge(means, self.index_on_isobole))

    def table(self) -> pd.DataFrame:
        """Return one row a pair of doses, single drugs and none included."""
        first, second = (np.append(0.0, d) for d in self.doses)
        a, b = (grid.ravel() for grid in np.meshgrid(first, second, indexing="ij"))
        full = np.zeros((len(first), len(second)))
        full[1:, 0], full[0, 1:], full[1:, 1:] = *self.alone, self.effect
        index = np.full_like(full, np.nan)
        index[1:, 1:] = self.index
        excess = {}
        for name in ("hsa", "bliss", "zip"):
            excess[name] = np.zeros_like(full)
            excess[name][1:, 1:] = getattr(self, name)
        return pd.DataFrame(
            {
                f"{self.drugs[0]}_nm": a,
                f"{self.drugs[1]}_nm": b,
                self.readout.name: self.untreated * (1.0 - full.ravel()),
                "effect": full.ravel(),
                **{f"{name}_excess": one.ravel() for name, one in excess.items()},
                "combination_index": index.ravel(),
            }
        )

    def to_json_dict(self) -> dict[str, Any]:
        """Return the matrix as JSON can hold it; null where there is no number."""
        index = np.where(np.isfinite(self.index), self.index, None)  # pyright: ignore[reportCallIssue, reportArgumentType]
        reached = [dose if np.isfinite(dose) else None for dose in self.intercepts]
        mean = self.index_on_isobole
        return {
            "line": self.line,
            "drugs": list(self.drugs),
            "background": self.background,
            "days": self.days,
            "readout": self.readout.name,
            "unit": self.readout.unit,
            "untreated": self.untreated,
            "doses_nm": [doses.tolist() for doses in self.doses],
            "effect_alone": [effects.tolist() for effects in self.alone],
            "effect": self.effect.tolist(),
            "hsa_excess": self.hsa.tolist(),
            "bliss_excess": self.bliss.tolist(),
            "bliss_excess_mean": float(self.bliss.mean()),
            "zip_excess": self._zip(),
            "musyc": self._musyc(),
            "conclusion": self.conclusion,
            "combination_index": index.tolist(),
            "isobole": {
                "effect": self.effect_level,
                "doses_nm": self.isobole.tolist(),
                "alone_nm": reached,
                "combination_index": mean,
                "reason": None if mean is not None else _WHY,
            },
        }

    def _zip(self) -> list[list[float]] | None:
        return None if np.isnan(self.zip).any() else self.zip.tolist()

    def _musyc(self) -> dict[str, Any] | None:
        found = self.musyc
        if found is None:
            return None
        return {
            "effect_at_saturation": [found.first.end, found.second.end, found.both],
            "half_maximal_nm": [found.first.half, found.second.half],
            "steepness": [found.first.steepness, found.second.steepness],
            "efficacy": found.efficacy,
            "potency": list(found.potency),
            "error": found.error,
        }


def _dense(series: DoseSeries, other: DoseSeries) -> Array:
    """Return the doses at which a drug alone is tried, to know equivalent doses."""
    top = series.doses[-1] + (other.doses[-1] if other.name == series.name else 0.0)
    high = min(top * _REACH, 9.9e5)
    return np.geomspace(series.doses[0] / _REACH, high, _DENSE)


def combination(  # noqa: PLR0913
    culture: Culture,
    first: DoseSeries,
    second: DoseSeries,
    *,
    background: Condition | Schedule | None = None,
    days: float = 7.0,
    readout: str = "cell_number_fold",
    effect_level: float = 0.5,
) -> Combination:
    """Grow cells at all pairs of doses of two drugs, in one call of the solver.

    Parameters
    ----------
    culture : Culture
        The cells, from `oestra.culture.experiment.prepare`.
    first, second : DoseSeries
        The drugs and their doses.
    background : Condition or Schedule, optional
        What all cultures get besides.
    days : float
        Length of the experiment.
    readout : str
        What is read at its end; the effect is the share of it that is lost.
    effect_level : float
        Effect of the isobole, between 0 and 1.

    Returns
    -------
    Combination
        Effects and how they compare with those of each drug alone. Equivalent doses
        come from the simulated curves of the single drugs, not from fitted ones.

    Raises
    ------
    InputError
        If the readout is unknown or not positive without drugs.
    """
    one = find_readout(readout, culture.library)
    at = reading_days(days, 2)
    if not 0.0 < effect_level < 1.0:
        raise InputError(
            f"The effect of an isobole lies between 0 and 1, got {effect_level:g}."
        )
    given = background or Condition()
    rest = constant(given) if isinstance(given, Condition) else given
    rest = second.during(0.0, first.during(0.0, rest))
    dense = _dense(first, second), _dense(second, first)
    singles = [
        series.during(float(dose), rest)
        for series, doses in zip((first, second), dense, strict=True)
        for dose in (*series.doses, *doses)
    ]
    pairs = [
        second.during(float(b), first.during(float(a), rest))
        for a in first.doses
        for b in second.doses
    ]
    effects, untreated = _effects(culture, one, [rest, *singles, *pairs], at)
    n, m = len(first.doses), len(second.doses)
    sizes = np.cumsum([n, _DENSE, m, _DENSE])
    alone_a, curve_a, alone_b, curve_b, grid = np.split(effects[1:], sizes)
    together = grid.reshape(n, m)
    curves = (dense[0], curve_a), (dense[1], curve_b)
    equivalent = tuple(dose_for_effect(*curve, together) for curve in curves)
    doses = first.doses[:, None], second.doses[None, :]
    index = combination_index(doses, (equivalent[0], equivalent[1]))
    reached = tuple(float(dose_for_effect(*curve, effect_level)) for curve in curves)
    ends = reached[0], reached[1]
    grid_a, grid_b = _along_isobole((first, second), ends)
    conditions = [
        second.during(float(b), first.during(float(a), rest))
        for a in grid_a
        for b in grid_b
    ]
    around, _ = _effects(culture, one, [rest, *conditions], at)
    shape = len(grid_a), len(grid_b)
    return Combination(
        line=culture.strain.line.id,
        drugs=(first.name, second.name),
        background=str(given),
        days=days,
        readout=one,
        untreated=untreated,
        doses=(first.doses, second.doses),
        alone=(alone_a, alone_b),
        effect=together,
        hsa=hsa_excess(alone_a[:, None], alone_b[None, :], together),
        bliss=bliss_excess(alone_a[:, None], alone_b[None, :], together),
        zip=zip_excess((first.doses, second.doses), (alone_a, alone_b), together),
        musyc=fit_musyc((first.doses, second.doses), (alone_a, alone_b), together),
        index=np.where(together > 0.0, index, np.nan),
        effect_level=effect_level,
        isobole=isobole((grid_a, grid_b), around[1:].reshape(shape), effect_level),
        intercepts=ends,
    )


def _effects(
    culture: Culture, readout: Readout, conditions: list[Schedule], at: Array
) -> tuple[Array, float]:
    """Return the share of the first condition's readout that each loses, and that."""
    response = culture.read(readout, conditions, at)[:, -1]
    untreated = float(response[0])
    if untreated <= 0.0:
        raise InputError(
            f"{readout.name} is {untreated:.3g} without the drugs, so that no share "
            "of it can be lost; choose another readout, such as cell_number_fold."
        )
    return 1.0 - response / untreated, untreated


def _along_isobole(
    series: tuple[DoseSeries, DoseSeries], ends: tuple[float, float]
) -> tuple[Array, Array]:
    """Return doses of both drugs among which the isobole runs."""
    first, second = series
    if np.isfinite(ends[0]):
        first_doses = ends[0] * np.linspace(0.1, 0.9, _POINTS)
    else:
        first_doses = np.geomspace(first.doses[0], first.doses[-1], _POINTS)
    top = 3.0 * ends[1] if np.isfinite(ends[1]) else 3.0 * second.doses[-1]
    return first_doses, np.geomspace(top * _LEAST, top, _ALONG)
