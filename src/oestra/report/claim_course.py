"""The runs of a claim as small charts: readouts over time, or over doses."""

import math
from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from oestra.appraisal.verdict import ClaimResult
from oestra.claims.claim_expression import readouts_in
from oestra.claims.readings import Readings
from oestra.report.canvas import COLORS

__all__ = ["CHART_WIDTH", "claim_charts"]

CHART_WIDTH = 252
_TOP, _PLOT, _LEFT, _LINE = 18, 84, 34, 12
_MOST = 2
_CHARACTER = 5.1


def claim_charts(result: ClaimResult) -> list[tuple[str, int]]:
    """Draw up to two readouts of a claim's runs.

    Parameters
    ----------
    result : ClaimResult
        A claim that was tried.

    Returns
    -------
    list of (str, int)
        SVG of a chart, at the origin, and its height; none for a claim without runs.
    """
    wanted: dict[str, dict[str, None]] = {}
    for one in result.claim.checks:
        for run, readout in readouts_in(one.value) if one.value else ():
            if run in result.experiments:
                wanted.setdefault(readout, {})[run] = None
    charts = []
    for readout, runs in wanted.items():
        series = [_series(result, run, readout) for run in runs]
        alike = [one for one in series if one.over_doses == series[0].over_doses]
        if len(alike) > 1 and len(charts) < _MOST:
            charts.append(_chart(readout, alike, list(result.claim.runs)))
    return charts


def _series(result: ClaimResult, run: str, readout: str) -> Readings:
    return result.experiments[run].read(readout, run)


def _chart(
    readout: str, series: Sequence[Readings], order: Sequence[str]
) -> tuple[str, int]:
    """Draw one readout; a run keeps its color in every chart of the claim."""
    doses = series[0].over_doses
    low, high = _ends(series, doses=doses)
    top = max(float(one.values.max()) for one in series) or 1.0
    floor = min(0.0, *(float(one.values.min()) for one in series))
    legend, lines = _legend(series, order)
    base = _TOP + _PLOT
    shown, unit = _axis_end(low, high, doses=doses)
    parts = [
        f'<text x="{_LEFT}" y="11" fill="#333" font-weight="600" font-size="10">'
        f"{escape(readout.replace('_', ' '))}</text>",
        f'<path d="M{_LEFT} {_TOP}V{base}H{CHART_WIDTH - 6}" fill="none" '
        'stroke="#BBB"/>',
        _small(_LEFT - 4, _TOP + 8, f"{top:.2g}", "end"),
        _small(_LEFT - 4, base, f"{floor:.2g}", "end"),
        _small(_LEFT, base + 11, shown, "start"),
        _small(CHART_WIDTH - 6, base + 11, unit, "end"),
    ]
    for one in series:
        index = order.index(one.name)
        x = _across(one.at, low, high, doses=doses)
        y = base - _PLOT * (one.values - floor) / (top - floor or 1.0)
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{_color(index)}" '
            f'stroke-width="1.6"{_dash(index)}/>'
        )
    height = base + 18 + _LINE * lines
    return "".join(parts) + legend, height


def _color(index: int) -> str:
    return COLORS[index % len(COLORS)]


def _dash(index: int) -> str:
    return "" if index < len(COLORS) else ' stroke-dasharray="4 2"'


def _ends(series: Sequence[Readings], *, doses: bool) -> tuple[float, float]:
    first = min(float(one.at[0]) for one in series)
    last = max(float(one.at[-1]) for one in series)
    return (math.log10(first), math.log10(last)) if doses else (0.0, last)


def _across(
    at: NDArray[np.float64], low: float, high: float, *, doses: bool
) -> NDArray[np.float64]:
    values = np.log10(at) if doses else at
    return _LEFT + (CHART_WIDTH - 6 - _LEFT) * (values - low) / (high - low)


def _axis_end(low: float, high: float, *, doses: bool) -> tuple[str, str]:
    """Return what stands at both ends of the horizontal axis."""
    if doses:
        return f"{10**low:g}", f"{10**high:g} nM"
    if high < 0.1:
        return "0", f"{1440 * high:.0f} minutes"
    return "0", f"{high:g} days"


def _small(x: float, y: float, text: str, anchor: str) -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="8.5" fill="#777" text-anchor="{anchor}">'
        f"{escape(text)}</text>"
    )


def _legend(series: Sequence[Readings], order: Sequence[str]) -> tuple[str, int]:
    """Return the names of the runs in their colors, and how many lines they take."""
    x, line, parts = float(_LEFT), 1, []
    for one in series:
        index = order.index(one.name)
        name = one.name.replace("_", " ")
        wide = _CHARACTER * len(name) + 20
        if x + wide > CHART_WIDTH and x > _LEFT:
            x, line = float(_LEFT), line + 1
        y = _TOP + _PLOT + 14 + _LINE * line
        parts.append(
            f'<path d="M{x:.0f} {y - 3}h11" stroke="{_color(index)}" '
            f'stroke-width="2.2"{_dash(index)}/>'
            f'<text x="{x + 14:.0f}" y="{y}" font-size="9" fill="#444">'
            f"{escape(name)}</text>"
        )
        x += wide
    return "".join(parts), line
