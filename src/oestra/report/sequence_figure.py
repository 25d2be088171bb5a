"""Orders of therapies as bars: mean months on each line; chemotherapy is hatched."""

from collections.abc import Mapping
from textwrap import fill, wrap
from typing import TYPE_CHECKING, Any

from oestra.appraisal.sequence_result import OrderResult, Sequences
from oestra.report.canvas import (
    COLORS,
    GRAY,
    journal_style,
    legend_beneath,
    literal,
    new_figure,
    tidy,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_sequences"]

_FILLS = COLORS[:-1]
_PALE, _DARK = "#D9D9D9", "#8C8C8C"
_HEIGHT = 0.56
_LEAST = 0.045
"""Share of the width from which a stretch has its months written in it."""
_TITLE, _NAME, _LABEL = 90, 108, 34
"""Characters of a line of the title, above a bar, and of the legend."""


def _looks(found: Sequences) -> dict[str, dict[str, Any]]:
    """Return how each therapy looks, the same in every order."""
    known = {line.line.name: line.line for one in found.orders for line in one.lines}
    looks: dict[str, dict[str, Any]] = {}
    for number, (name, line) in enumerate(known.items()):
        look: dict[str, Any] = {"facecolor": _FILLS[number % len(_FILLS)]}
        # Beyond six therapies colors return, dotted.
        again = "...." if number >= len(_FILLS) else ""
        look["hatch"] = "////" if line.chemotherapy else again
        looks[name] = look
    return looks


def _above(text: str) -> str:
    """Return a name on the two lines there is room for; tables have all of it."""
    lines = wrap(literal(text), _NAME)
    return "\n".join(lines[:2]) + (" ..." if len(lines) > 2 else "")


def _bar(
    axes: "Axes", place: int, left: float, months: float, look: Mapping[str, Any]
) -> float:
    """Draw a stretch and return where it ends."""
    axes.barh(
        place,
        months,
        left=left,
        height=_HEIGHT,
        edgecolor="white",
        linewidth=0.8,
        **look,
    )
    return left + months


def _draw_order(
    axes: "Axes",
    place: int,
    one: OrderResult,
    looks: Mapping[str, dict[str, Any]],
    widest: float,
) -> None:
    left = 0.0
    for line in one.lines:
        end = _bar(axes, place, left, line.months, looks[line.line.name])
        if line.months >= _LEAST * widest:
            axes.text(
                (left + end) / 2,
                place,
                f"{line.months:.1f}",
                ha="center",
                va="center",
                fontsize=7,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.2},
            )
        left = end
    left = _bar(axes, place, left, one.between_months, {"facecolor": _PALE})
    left = _bar(axes, place, left, one.after_months, {"facecolor": _DARK})
    axes.errorbar(
        one.survival.middle,
        place + 0.36,
        xerr=[
            [one.survival.middle - one.survival.low],
            [one.survival.high - one.survival.middle],
        ],
        fmt="D",
        color=GRAY,
        markersize=3,
        elinewidth=0.8,
        capsize=2,
    )
    axes.text(
        0.0,
        place - 0.33,
        _above(f"{place + 1}. {one.order.name}"),
        va="bottom",
        fontsize=7.5,
    )


def draw_sequences(found: Sequences) -> "Figure":
    """Draw how patients spend the months of the horizon, order by order.

    Parameters
    ----------
    found : Sequences
        The orders.

    Returns
    -------
    Figure
        180 mm wide, a bar an order: mean months alive on each line, between lines and
        after the last, and mean survival with its 90 % interval beneath it.
    """
    looks = _looks(found)
    widest = min(
        1.05 * max(max(one.survival.high, one.alive_months) for one in found.orders),
        1.02 * found.months,
    )
    with journal_style():
        figure = new_figure(180, 46 + 17 * len(found.orders) + 4 * len(looks))
        axes = figure.subplots()
        for place, one in enumerate(found.orders):
            _draw_order(axes, place, one, looks, widest)
        axes.set_xlim(0, widest)
        axes.set_ylim(len(found.orders) - 0.4, -0.75)
        axes.set_yticks([])
        axes.set_xlabel(f"Mean months of {found.months:g}")
        axes.set_title(fill(literal(f"Orders for {found.profile.text}"), _TITLE))
        tidy(axes, grid="x")
        rest: dict[str, dict[str, Any]] = {
            "between lines": {"facecolor": _PALE},
            "after the last line, untreated": {"facecolor": _DARK},
        }
        for name, look in {**looks, **rest}.items():
            # Out of sight: for the legend alone.
            axes.barh(
                -9, 1, edgecolor="white", label=fill(literal(name), _LABEL), **look
            )
        axes.plot(
            [], [], "D", color=GRAY, markersize=3, label="alive in all, 90 % interval"
        )
        legend_beneath(
            figure,
            [axes],
            title="Months on each therapy; hatched: chemotherapy",
            columns=3,
        )
    return figure
