"""A small picture of a claim: each measured number on the scale of what is expected."""

import math
from html import escape
from textwrap import wrap

from oestra.appraisal.verdict import CheckResult, ClaimResult, Verdict
from oestra.report.claim_course import CHART_WIDTH, claim_charts

__all__ = ["VERDICT_COLORS", "draw_claim"]

VERDICT_COLORS = {
    Verdict.HOLDS: "#00795A",
    Verdict.FAILS: "#B83A00",
    Verdict.OPEN: "#8A6100",
}
_BAND = {Verdict.HOLDS: "#CDE9DF", Verdict.FAILS: "#F6DCCF", Verdict.OPEN: "#F3E7C8"}
_WIDTH, _ROW, _LINE, _LEFT, _RIGHT = 520, 46, 13, 8, 8
_CHARACTERS = 70
_FONT = "font-family=\"system-ui, 'Helvetica Neue', Arial, sans-serif\""


def draw_claim(result: ClaimResult) -> str:
    """Draw the checks of a claim as one SVG.

    Each row has the expected range as a band and the measured number as a mark; below
    stand the courses of the runs it was read from.

    Parameters
    ----------
    result : ClaimResult
        A claim that was tried.

    Returns
    -------
    str
        SVG text; it stands alone and inside a page.
    """
    rows, height = "", 0
    for one in result.checks:
        lines = wrap(one.measure, _CHARACTERS) or [""]
        rows += _row(one, lines, height)
        height += _ROW + _LINE * (len(lines) - 1)
    charts = claim_charts(result)
    for index, (chart, _) in enumerate(charts):
        x = _LEFT + index * (CHART_WIDTH + 4)
        rows += f'<g transform="translate({x} {height + 8})">{chart}</g>'
    height += max((tall + 8 for _, tall in charts), default=0)
    title = escape(f"{result.claim.id}: {result.claim.statement}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img" {_FONT} font-size="11">'
        f"<title>{title}</title>{rows}</svg>\n"
    )


def _scale(one: CheckResult) -> tuple[float, float]:
    """Return the ends of the axis: expectation, number and room around both."""
    finite = [v for v in (one.expected.low, one.expected.high) if math.isfinite(v)]
    shown = [*finite, *([one.measured] if one.measured is not None else [])]
    if len(finite) == 1 and one.unit == "1":
        shown.append(1.0)
    low, high = min(shown), max(shown)
    room = 0.18 * (high - low) or 0.25 * abs(high) or 1.0
    start = 0.0 if low >= 0 and low - room < 0.25 * high else low - room
    return start, high + room


def _row(one: CheckResult, lines: list[str], top: int) -> str:
    low, high = _scale(one)
    width = _WIDTH - _LEFT - _RIGHT

    def place(value: float) -> float:
        inside = min(max((value - low) / (high - low), 0.0), 1.0)
        return _LEFT + width * inside

    color = VERDICT_COLORS[one.verdict]
    left, right = place(one.expected.low), place(one.expected.high)
    y = top + 27 + _LINE * (len(lines) - 1)
    unit = "" if one.unit == "1" else f" {one.unit}"
    told = "-" if one.measured is None else one.expected.write(one.measured) + unit
    parts = [
        *(
            f'<text x="{_LEFT}" y="{top + 14 + _LINE * i}" fill="#333">'
            f"{escape(line)}</text>"
            for i, line in enumerate(lines)
        ),
        f'<text x="{_WIDTH - _RIGHT}" y="{top + 14}" fill="{color}" font-weight="600" '
        f'text-anchor="end">{escape(told)}</text>',
        f'<rect x="{left:.1f}" y="{y - 5}" width="{max(right - left, 2):.1f}" '
        f'height="10" rx="2" fill="{_BAND[one.verdict]}"/>',
        f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}" stroke="#BBB"/>',
        *(_tick(place(v), y, v) for v in (one.expected.low, one.expected.high)
          if math.isfinite(v)),
    ]  # fmt: skip
    if one.measured is not None:
        x = place(one.measured)
        parts.append(
            f'<path d="M{x:.1f} {y - 7} l5 7 l-5 7 l-5 -7 z" fill="{color}" '
            'stroke="#fff" stroke-width="1"/>'
        )
    return "".join(parts)


def _tick(x: float, y: int, value: float) -> str:
    return (
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y - 6}" y2="{y + 6}" stroke="#777"/>'
        f'<text x="{min(max(x, 16), _WIDTH - 16):.1f}" y="{y + 16}" fill="#777" '
        f'font-size="9" text-anchor="middle">{value:g}</text>'
    )
