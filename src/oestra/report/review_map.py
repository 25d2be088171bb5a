"""Figures 1 and 2 of the review as drawings with the model's numbers in them."""

import math
from html import escape
from typing import Any

from oestra.appraisal.map_numbers import MapNumbers, map_file

__all__ = ["draw_biology", "draw_pathways"]

_UP, _DOWN, _STILL = (213, 94, 0), (0, 114, 178), (244, 244, 241)
_INK, _LINE = "#22282E", "#77808A"
_WIDTH, _HEIGHT = 98, 40
_FULL = math.log(4.0)
"""Fold change at which a color is full."""


def _tint(change: float) -> str:
    """Return the color of a log fold change: blue for less, orange for more."""
    share = min(abs(change) / _FULL, 1.0) * 0.62
    end = _UP if change > 0 else _DOWN
    mixed = [round(a + share * (b - a)) for a, b in zip(_STILL, end, strict=True)]
    return f"rgb({mixed[0]},{mixed[1]},{mixed[2]})"


def _told(value: float) -> str:
    if value == 0:
        return "0"
    if abs(value) < 0.001:
        return f"{value:.0e}".replace("e-0", "e-")
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def draw_pathways(numbers: MapNumbers) -> str:
    """Draw the network, each node with its activity untreated and treated.

    Parameters
    ----------
    numbers : MapNumbers
        The activities.

    Returns
    -------
    str
        SVG.
    """
    plan = map_file("figure_2")
    nodes = plan["nodes"]
    parts = [_region(region) for region in plan["regions"]]
    parts += [_edge(edge, nodes) for edge in plan["edges"]]
    parts += [_node(node, numbers) for node in nodes.values()]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map" role="img" '
        f'viewBox="0 0 {plan["width"]} {plan["height"]}">'
        f"<title>{escape(plan['title'])}</title>{_MARKERS}{''.join(parts)}</svg>"
    )


_MARKERS = f"""<defs>
<marker id="on" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7"
 orient="auto-start-reverse"><path d="M0 1 L9 5 L0 9 z" fill="{_LINE}"/></marker>
<marker id="off" viewBox="0 0 10 10" refX="5" refY="5" markerWidth="9" markerHeight="9"
 orient="auto-start-reverse"><path d="M5 0 V10" stroke="#B83A00" stroke-width="2"/>
</marker></defs>"""


def _region(region: dict[str, Any]) -> str:
    x, y = region["x"], region["y"]
    return (
        f'<rect x="{x}" y="{y}" width="{region["w"]}" height="{region["h"]}" rx="12" '
        f'fill="#FBFAF7" stroke="#E3DFD6"/>'
        f'<text x="{x + region["w"] - 12}" y="{y + 18}" font-size="11" fill="#8A857A" '
        f'text-anchor="end" font-style="italic">{escape(region["label"])}</text>'
    )


def _border(
    node: dict[str, Any], toward: tuple[float, float], gap: float
) -> tuple[float, float]:
    """Return where a line toward a point leaves a node's box."""
    x, y = node["x"], node["y"]
    dx, dy = toward[0] - x, toward[1] - y
    wide = node.get("w", _WIDTH) / 2 + gap
    high = (_HEIGHT if "symbol" in node else 26) / 2 + gap
    share = min(
        wide / abs(dx) if dx else math.inf, high / abs(dy) if dy else math.inf, 1.0
    )
    return x + dx * share, y + dy * share


def _edge(edge: dict[str, Any], nodes: dict[str, dict[str, Any]]) -> str:
    start, end = nodes[edge["from"]], nodes[edge["to"]]
    via = [tuple(point) for point in edge.get("via", ())]
    first = via[0] if via else (end["x"], end["y"])
    last = via[-1] if via else (start["x"], start["y"])
    points = [_border(start, first, 1), *via, _border(end, last, 4)]
    stops = edge.get("kind") == "inhibits"
    return (
        f'<path d="{_smooth(points)}" fill="none" '
        f'stroke="{"#B83A00" if stops else _LINE}" stroke-width="1.3" '
        f'stroke-opacity="{0.85 if stops else 0.75}" '
        f'marker-end="url(#{"off" if stops else "on"})"/>'
    )


def _smooth(points: list[tuple[float, float]]) -> str:
    """Return a path with rounded corners at the points between its ends."""
    text = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for before, at, after in zip(points, points[1:], points[2:], strict=False):
        near, far = _short_of(at, before), _short_of(at, after)
        text += (
            f" L{near[0]:.1f} {near[1]:.1f} Q{at[0]:.1f} {at[1]:.1f} "
            f"{far[0]:.1f} {far[1]:.1f}"
        )
    return text + f" L{points[-1][0]:.1f} {points[-1][1]:.1f}"


def _short_of(
    corner: tuple[float, float], other: tuple[float, float]
) -> tuple[float, float]:
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    share = min(14.0 / (math.hypot(dx, dy) or 1.0), 0.5)
    return corner[0] + dx * share, corner[1] + dy * share


def _node(node: dict[str, Any], numbers: MapNumbers) -> str:
    width = node.get("w", _WIDTH)
    x, y = node["x"], node["y"]
    label = escape(node["label"])
    if "symbol" not in node:
        return (
            f'<rect x="{x - width / 2}" y="{y - 13}" width="{width}" height="26" '
            f'rx="13" fill="#FFF" stroke="{_LINE}" stroke-dasharray="3 2"/>'
            f'<text x="{x}" y="{y + 4}" font-size="11.5" text-anchor="middle" '
            f'fill="{_INK}">{label}</text>'
        )
    before, after = (
        numbers.untreated[node["symbol"]],
        numbers.treated[node["symbol"]],
    )
    change = math.log(max(after, 1e-12) / max(before, 1e-12))
    sign = "▲" if change > 0.05 else "▼" if change < -0.05 else "="
    bold = 2.2 if node.get("fate") else 1.1
    return (
        f"<g><title>{label}: {before:.4g} untreated, {after:.4g} treated</title>"
        f'<rect x="{x - width / 2}" y="{y - _HEIGHT / 2}" width="{width}" '
        f'height="{_HEIGHT}" rx="7" fill="{_tint(change)}" stroke="{_INK}" '
        f'stroke-width="{bold}"/>'
        f'<text x="{x}" y="{y - 4}" font-size="11.5" font-weight="600" '
        f'text-anchor="middle" fill="{_INK}">{label}</text>'
        f'<text x="{x}" y="{y + 12}" font-size="11" text-anchor="middle" '
        f'fill="{_INK}">{_told(before)} → {_told(after)} {sign}</text></g>'
    )


def draw_biology(numbers: MapNumbers) -> str:
    """Draw the five panels of the receptor's biology with a bar for each condition.

    Parameters
    ----------
    numbers : MapNumbers
        Heights of the bars.

    Returns
    -------
    str
        HTML: one figure a panel.
    """
    panels = map_file("figure_1")["panels"]
    return "".join(_panel(panel, numbers.panels[panel["letter"]]) for panel in panels)


def _panel(panel: dict[str, Any], values: tuple[float, ...]) -> str:
    chain = " <i>→</i> ".join(f"<b>{escape(step)}</b>" for step in panel["chain"])
    return (
        f'<figure class="panel"><h4><span>{panel["letter"]}</span> '
        f"{escape(panel['title'])}</h4><p class='chain'>{chain}</p>"
        f"{_bars(panel, values)}<figcaption>{escape(panel['text'])}</figcaption>"
        "</figure>"
    )


def _bars(panel: dict[str, Any], values: tuple[float, ...]) -> str:
    height, left, width = 26, 116, 300
    top = max(*values, 1e-9)
    rows = []
    for index, (bar, value) in enumerate(zip(panel["bars"], values, strict=True)):
        y = 18 + index * height
        long = max((width - left - 40) * value / top, 1.0)
        shade = ("#9AA3AB", "#0072B2", "#D55E00")[index]
        rows.append(
            f'<text x="{left - 6}" y="{y + 12}" font-size="11" text-anchor="end" '
            f'fill="{_INK}">{escape(bar["label"])}</text>'
            f'<rect x="{left}" y="{y}" width="{long:.1f}" height="16" rx="2" '
            f'fill="{shade}"/>'
            f'<text x="{left + long + 5:.1f}" y="{y + 12}" font-size="11" '
            f'fill="{_INK}">{_told(value)}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {width} {22 + height * len(values)}">'
        f'<text x="{left}" y="11" font-size="10" fill="#77808A">'
        f"{escape(panel['what'])}</text>{''.join(rows)}</svg>"
    )
