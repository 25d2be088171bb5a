"""Simulated beside published: one row a quantity, with intervals and a verdict."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import pandas as pd

from oestra.evidence.target_row import TargetRow
from oestra.evidence.vocabulary import Use
from oestra.trial.endpoints import (
    ENDPOINTS,
    HAZARD_RATIO,
    LANDMARK,
    find_endpoint,
    median_of,
)
from oestra.trial.result import (
    ContrastResult,
    Estimate,
    StratumResult,
    TrialResult,
)
from oestra.trial.scale import LOG_CHANGE, LOGIT, Scale

__all__ = [
    "Cell",
    "Comparison",
    "compare",
    "comparison_table",
    "estimate_cell",
    "published_rows",
]

WHOLE = "ITT"
_WIDE_RATIO = 4.0
"""Assumed: an interval from half to twice a number says little about it."""
_WIDE_POINTS = 40.0
"""Assumed: so does one as wide as that of 12 of 24 patients, in percent of patients."""
_PFS = "pfs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """An estimate with its interval; None where there is none, and why.

    Parameters
    ----------
    estimate, low, high : float or None
        The number and its interval.
    p : float or None
        Median log-rank p of the replicates.
    reason : str
        Why something is None.
    error : float or None
        Monte Carlo error of a simulated estimate.
    won, won_low, won_high : float or None
        Trials that the arm wins, in percent, with the exact 95 % interval.
    """

    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    reason: str = ""
    error: float | None = None
    won: float | None = None
    won_low: float | None = None
    won_high: float | None = None

    def text(self, digits: int = 1) -> str:
        """Write the estimate and its interval, or why there is none.

        Parameters
        ----------
        digits : int
            Digits after the point.
        """
        if self.estimate is None:
            late = "not reached" in self.reason
            return "not reached" if late else self.reason or "-"
        text = f"{self.estimate:.{digits}f}"
        if self.error is not None:
            text += f" ±{self.error:.{digits}f}"
        low = "" if self.low is None else f"{self.low:.{digits}f}"
        high = "" if self.high is None else f"{self.high:.{digits}f}"
        if not low and not high:
            return text
        if not high:
            return f"{text} ({low} to -)"
        return (
            text
            if low == high and text.startswith(low)
            else f"{text} ({low} to {high})"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One quantity of a trial, simulated and published.

    Parameters
    ----------
    stratum, endpoint, arm, control : str
        Keys, as the evidence spells them; control is empty but for ratios.
    of : str
        The time-to-event endpoint behind a ratio or landmark, else empty.
    at_months : float, optional
        Time of a landmark.
    simulated, published : Cell
        The two numbers.
    use : str
        What the published number may do to the model, empty if there is none.
    """

    stratum: str
    endpoint: str
    arm: str
    control: str = ""
    of: str = ""
    at_months: float | None = None
    simulated: Cell = Cell()
    published: Cell = Cell()
    use: str = ""

    @property
    def name(self) -> str:
        """Name of the endpoint for people."""
        known = find_endpoint(self.endpoint).heading
        if self.at_months is not None:
            return f"{known} at {self.at_months:g} months"
        return f"{known}, {self.of.upper()}" if self.control else known

    @property
    def decimals(self) -> int:
        """Digits after the point."""
        return find_endpoint(self.endpoint).decimals

    @property
    def verdict(self) -> str:
        """What the published estimate says of the simulated interval.

        ``inside`` or ``outside`` the prediction interval, which is where one more
        trial of that size would fall; ``wide`` where it is inside, but the interval
        would hold nearly anything; empty where one of the two is missing.
        """
        value, found = self.published.estimate, self.simulated
        if value is None or found.low is None:
            return ""
        high = math.inf if found.high is None else found.high
        if not found.low <= value <= high:
            return "outside"
        scale = find_endpoint(self.endpoint).scale
        return "wide" if _wide(scale, found.low, high) else "inside"

    @property
    def inside(self) -> bool | None:
        """Whether the published estimate lies in a simulated interval that tells."""
        return {"inside": True, "outside": False}.get(self.verdict)

    @property
    def key(self) -> tuple[object, ...]:
        """What identifies the quantity."""
        place = (self.stratum, self.endpoint, self.arm, self.control)
        return (*place, self.of, self.at_months)


def _wide(scale: Scale, low: float, high: float) -> bool:
    """Tell whether an interval would hold nearly anything."""
    if scale is LOGIT:
        return high - low > _WIDE_POINTS
    if scale is LOG_CHANGE:
        low, high = low + 100.0, high + 100.0
    return low <= 0 or high / low > _WIDE_RATIO


def published_rows(result: TrialResult) -> tuple[TargetRow, ...]:
    """Return the published quantities that a result was set beside.

    Parameters
    ----------
    result : TrialResult
        A simulated trial.

    Returns
    -------
    tuple of TargetRow
        Those of the evidence, and of the files of its library.
    """
    absent = {"low": None, "high": None, "n": None}
    return tuple(TargetRow.model_validate(absent | {**r}) for r in result.published)


def compare(result: TrialResult, published: Sequence[TargetRow]) -> list[Comparison]:
    """Set every simulated quantity of a trial beside what was published.

    Parameters
    ----------
    result : TrialResult
        What was simulated.
    published : sequence of TargetRow
        Published quantities of the same trial; duplicates (``use: exclude``) are left
        out.

    Returns
    -------
    list of Comparison
        The whole trial first, then its strata, in the order of the result.
    """
    shown = {row.key: row for row in _published(published)}
    rows = list(_simulated(WHOLE, result.overall))
    for name, part in result.strata.items():
        rows += _simulated(name, part)
    seen = {row.key for row in rows}
    joined = [_join(row, shown.get(row.key)) for row in rows]
    joined += [row for row in shown.values() if row.key not in seen]
    strata = list(dict.fromkeys(row.stratum for row in joined))
    return sorted(joined, key=lambda row: (strata.index(row.stratum), _place(row)))


def comparison_table(rows: Sequence[Comparison]) -> pd.DataFrame:
    """Return comparisons as a table, for CSV and notebooks.

    Parameters
    ----------
    rows : sequence of Comparison
        The comparisons.

    Returns
    -------
    DataFrame
        One row each: keys, then what is simulated and published, use and verdict.
    """
    flat: list[dict[str, Any]] = []
    for row in rows:
        record = asdict(row)
        simulated, known = record.pop("simulated"), record.pop("published")
        use = record.pop("use")
        record |= {f"simulated_{name}": simulated[name] for name in simulated}
        record |= {f"published_{name}": known[name] for name in ("estimate", "low")}
        flat.append(record | {"published_high": known["high"], "use": use})
        flat[-1] |= {"inside": row.inside, "verdict": row.verdict}
    return pd.DataFrame(flat)


def _place(row: Comparison) -> tuple[int, int, float]:
    """Return where a quantity stands: in the order of the registry.

    A hazard ratio follows the median of its time to an event.
    """
    named = list(ENDPOINTS)
    name = median_of(row.of).name if row.control and row.of else row.endpoint
    return named.index(name), bool(row.control), row.at_months or 0.0


def _join(row: Comparison, known: Comparison | None) -> Comparison:
    if known is None:
        return row
    return replace(row, published=known.published, use=known.use)


def _published(rows: Sequence[TargetRow]) -> Iterator[Comparison]:
    for row in rows:
        if row.use is Use.EXCLUDE:
            continue
        yield Comparison(
            stratum=row.stratum,
            endpoint=row.endpoint,
            arm=row.arm,
            control=row.control or "",
            of=row.of or "",
            at_months=row.at_months,
            published=Cell(estimate=row.estimate, low=row.low, high=row.high),
            use=row.use,
        )


def _simulated(stratum: str, part: StratumResult) -> Iterator[Comparison]:
    for arm in part.arms.values():
        for name, value in arm.endpoints.items():
            yield Comparison(
                stratum=stratum,
                endpoint=name,
                arm=arm.id,
                simulated=estimate_cell(value),
            )
        for months, value in arm.landmarks.items():
            yield Comparison(
                stratum=stratum,
                endpoint=LANDMARK.name,
                arm=arm.id,
                of=_PFS,
                at_months=months,
                simulated=estimate_cell(value),
            )
    for contrast in part.contrasts:
        yield Comparison(
            stratum=stratum,
            endpoint=HAZARD_RATIO.name,
            arm=contrast.arm,
            control=contrast.control,
            of=contrast.endpoint,
            simulated=_ratio_cell(contrast),
        )


def _ratio_cell(contrast: ContrastResult) -> Cell:
    """Return a hazard ratio with the share of trials that its arm wins."""
    cell, won = estimate_cell(contrast.hazard_ratio), contrast.won
    cell = replace(cell, p=contrast.p.estimate)
    if won is None or won.estimate is None:
        return cell
    low, high = won.low or 0.0, 1.0 if won.high is None else won.high
    return replace(cell, won=100 * won.estimate, won_low=100 * low, won_high=100 * high)


def estimate_cell(value: Estimate) -> Cell:
    """Return an estimate over replicates as it is shown."""
    return Cell(
        estimate=value.estimate,
        low=value.low,
        high=value.high,
        reason=value.reason,
        error=value.error,
    )
