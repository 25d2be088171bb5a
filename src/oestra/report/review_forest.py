"""The scoreboard: published intervals against predictive ones, misses first."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from oestra.appraisal.review import Scored, misses_first
from oestra.evidence.target_row import TargetRow
from oestra.evidence.vocabulary import EndpointKind
from oestra.trial.endpoints import HAZARD_RATIO, find_endpoint
from oestra.trial.scale import LOG, LOG_CHANGE, LOGIT, Scale

__all__ = ["FAMILIES", "Family", "draw_forest"]

_PUBLISHED, _UNJUDGED = "#5A6470", "#0072B2"
_COLORS = {True: "#00795A", False: "#B83A00", None: _UNJUDGED}
_LABEL, _PLOT, _NUMBERS, _ROW = 330, 400, 190, 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Endpoints that share an axis.

    Parameters
    ----------
    title : str
        Heading.
    kinds : tuple of EndpointKind
        Which.
    scale : Scale
        On which they are compared.
    log : bool
        Whether the axis is logarithmic.
    ticks : tuple of float
        Where it is labeled.
    reference : float, optional
        Where a line stands, such as a ratio of 1.
    """

    title: str
    kinds: tuple[EndpointKind, ...]
    scale: Scale
    log: bool
    ticks: tuple[float, ...]
    reference: float | None = None

    def holds(self, row: TargetRow) -> bool:
        """Tell whether a published number stands on this axis."""
        endpoint = find_endpoint(row.endpoint)
        return endpoint.kind in self.kinds and endpoint.scale is self.scale


FAMILIES = (
    Family(
        title="Hazard ratios",
        kinds=(EndpointKind.HAZARD_RATIO,),
        scale=LOG,
        log=True,
        ticks=(0.25, 0.5, 0.75, 1.0, 1.5, 2.5),
        reference=1.0,
    ),
    Family(
        title="Medians, months",
        kinds=(EndpointKind.MEDIAN,),
        scale=LOG,
        log=True,
        ticks=(1.5, 3, 6, 12, 24),
    ),
    Family(
        title="Response and clinical benefit, percent",
        kinds=(EndpointKind.RESPONSE,),
        scale=LOGIT,
        log=False,
        ticks=(0, 20, 40, 60, 80),
    ),
    Family(
        title="Free of progression, response of Ki67 and of glucose uptake, percent",
        kinds=(EndpointKind.LANDMARK, EndpointKind.KI67, EndpointKind.UPTAKE),
        scale=LOGIT,
        log=False,
        ticks=(0, 20, 40, 60, 80),
    ),
    Family(
        title="Change of Ki67, percent",
        kinds=(EndpointKind.KI67,),
        scale=LOG_CHANGE,
        log=False,
        ticks=(-100, -75, -50, -25, 0),
    ),
    Family(
        title="Course of the trial, percent",
        kinds=(EndpointKind.COURSE,),
        scale=LOGIT,
        log=False,
        ticks=(0, 20, 40, 60, 80),
    ),
    Family(
        title="Odds ratios",
        kinds=(EndpointKind.ODDS_RATIO,),
        scale=LOG,
        log=True,
        ticks=(0.25, 0.5, 1.0, 2.0, 4.0),
        reference=1.0,
    ),
)
"""What the scoreboard shows, in order."""


def draw_forest(scored: Sequence[Scored], family: Family) -> str:
    """Draw one family of endpoints as a forest plot.

    Parameters
    ----------
    scored : sequence of Scored
        Quantities of the family.
    family : Family
        Its axis.

    Returns
    -------
    str
        SVG: in each row the published interval above, the simulated one below.
    """
    place = _axis(family)
    height = _ROW * len(scored) + 46
    width = _LABEL + _PLOT + _NUMBERS
    grid = "".join(_tick(place(t), t, height) for t in family.ticks)
    if family.reference is not None:
        x = place(family.reference)
        grid += f'<path d="M{x:.1f} 24V{height - 22}" stroke="#333"/>'
    rows = "".join(
        _row(one, 30 + i * _ROW, place) for i, one in enumerate(misses_first(scored))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="forest" role="img" '
        f'viewBox="0 0 {width} {height}"><title>{escape(family.title)}</title>'
        '<g font-size="10" fill="#77808A"><text x="0" y="14">trial, stratum, arm'
        "</text>"
        f'<text x="{_LABEL + _PLOT + 12}" y="14">published</text>'
        f'<text x="{width}" y="14" text-anchor="end">simulated</text></g>'
        f"{grid}{rows}</svg>"
    )


def _axis(family: Family) -> Callable[[float], float]:
    low, high = family.ticks[0], 1.25 * family.ticks[-1]
    if family.log:
        low /= 1.15

    def place(value: float) -> float:
        if family.log:
            value = max(value, low)
            share = math.log(value / low) / math.log(high / low)
        else:
            share = (value - low) / (high - low)
        return _LABEL + _PLOT * min(max(share, 0.0), 1.0)

    return place


def _tick(x: float, value: float, height: int) -> str:
    return (
        f'<path d="M{x:.1f} 24V{height - 22}" stroke="#E3DFD6"/>'
        f'<text x="{x:.1f}" y="{height - 8}" font-size="10" fill="#77808A" '
        f'text-anchor="middle">{value:g}</text>'
    )


def _row(one: Scored, y: int, place: Callable[[float], float]) -> str:
    row, found = one.row, one.simulated
    color = _COLORS[one.inside]
    arm = f"{row.arm} : {row.control}" if row.control else row.arm
    part = "" if row.stratum in ("ITT", "all") else f" · {row.stratum}"
    endpoint = find_endpoint(row.endpoint)
    kind = "" if endpoint.name == HAZARD_RATIO.name else f" · {endpoint.label}"
    name = f"{row.trial}{kind}{part} · {arm}"
    short = name if len(name) < 58 else name[:56].rstrip() + "…"
    parts = [
        f'<title>{escape(row.id)}</title><text x="0" y="{y + 13}" font-size="10.5" '
        f'fill="#22282E">{escape(short)}</text>',
        _span(place, (row.low, row.estimate, row.high), y + 6, _PUBLISHED),
        _span(
            place,
            (found.low, found.estimate, found.high),
            y + 14,
            color,
            hollow=one.inside is False,
        ),
        f'<text x="{_LABEL + _PLOT + 12}" y="{y + 13}" font-size="10.5" '
        f'fill="{_PUBLISHED}">{_told(row.estimate, row.low, row.high)}</text>',
        f'<text x="{_LABEL + _PLOT + _NUMBERS}" y="{y + 13}" font-size="10.5" '
        f'fill="{color}" font-weight="600" text-anchor="end">'
        f"{_told(found.estimate, None, None)}</text>",
    ]
    return f"<g>{''.join(parts)}</g>"


def _span(
    place: Callable[[float], float],
    values: tuple[float | None, float | None, float | None],
    y: int,
    color: str,
    *,
    hollow: bool = False,
) -> str:
    low, middle, high = values
    text = ""
    if low is not None and high is not None:
        text += (
            f'<path d="M{place(low):.1f} {y}H{place(high):.1f}" stroke="{color}" '
            'stroke-width="2" stroke-opacity="0.55"/>'
        )
    if middle is not None:
        # Filled or open: misses are told from hits without color, too.
        fill = "#FFFFFF" if hollow else color
        text += (
            f'<circle cx="{place(middle):.1f}" cy="{y}" r="3.4" fill="{fill}" '
            f'stroke="{color}" stroke-width="1.4"/>'
        )
    return text


def _told(estimate: float | None, low: float | None, high: float | None) -> str:
    if estimate is None:
        return "-"
    text = f"{estimate:.3g}"
    return text if low is None or high is None else f"{text} ({low:g} to {high:g})"
