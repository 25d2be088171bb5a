"""CONSORT flow: who was screened, randomized, treated, lost and analyzed.

References
----------
.. [1] Schulz KF, Altman DG, Moher D (2010). CONSORT 2010 statement. BMJ 340:c332.
   doi:10.1136/bmj.c332
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import fill
from typing import TYPE_CHECKING, Any

from oestra.report.canvas import GRAY, journal_style, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

__all__ = ["ArmFlow", "Flow", "draw_consort", "share_text"]

_BASIS = """\
{patients:,} patients were simulated and screened
at {screened:,} decisions when a therapy is chosen.
Rare patients were simulated more often;
in percent, each counts as in the population.
n: virtual patients of one trial."""
_LINE = 0.024
"""Height of a line of text, of the whole figure."""
_USUAL, _SMALLEST = 8.0, 5.5
_SIZES = ((3, _USUAL), (4, 7.0), (6, 6.0))
"""Size of type for so many arms at most."""
_CHARACTERS = 108
"""Characters of the usual size in a line across the figure, less the boxes' edges."""
_ARROW = {"arrowstyle": "-|>", "color": GRAY, "shrinkA": 0, "shrinkB": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmFlow:
    """Patients of one arm, from allocation to analysis.

    Parameters
    ----------
    label : str
        The arm's name.
    allocated, treated, analyzed : int
        Numbers of patients; ongoing are those on treatment at the data cut.
    discontinued : mapping of str to int
        Patients who stopped, by reason.
    ongoing : int
        Patients on treatment at the data cut.
    ends : bool
        Whether treatment has a planned end, after which patients are followed on.
    """

    label: str
    allocated: int
    treated: int
    analyzed: int
    discontinued: Mapping[str, int] = field(default_factory=dict)
    ongoing: int = 0
    ends: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Patients of a trial, from screening to analysis.

    Parameters
    ----------
    screened, patients : int
        Decision points that were screened, and the simulated patients they belong to.
    eligible : float
        Eligible decisions in percent of all, each as frequent as in the population.
    randomized : int
        Virtual patients.
    excluded : mapping of str to float
        Decision points not eligible, in the same percent, by the first unmet criterion.
    arms : sequence of ArmFlow
        The arms in their order.
    by_chance : bool
        Whether patients were randomized; else they enrolled into the arms.
    """

    screened: int
    patients: int
    eligible: float
    randomized: int
    arms: Sequence[ArmFlow]
    excluded: Mapping[str, float] = field(default_factory=dict)
    by_chance: bool = True


def share_text(percent: float) -> str:
    """Write a share in percent, told from none however small.

    Parameters
    ----------
    percent : float
        The share.

    Returns
    -------
    str
        One digit after the point; no line break can split it.
    """
    shown = "<\u00a00.1" if 0.0 < percent < 0.05 else f"{percent:.1f}"
    return f"{shown}\u00a0%"


def draw_consort(flow: Flow, *, title: str) -> "Figure":
    """Draw the flow as boxes and arrows.

    Parameters
    ----------
    flow : Flow
        The numbers.
    title : str
        What was run.

    Returns
    -------
    Figure
        180 mm wide.
    """
    with journal_style():
        # More arms leave narrower boxes, whose text takes more lines.
        figure = new_figure(180, 175 if len(flow.arms) < 4 else 215)
        axes = figure.subplots()
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.axis("off")
        axes.set_title(f"{title}: flow of virtual patients")
        _draw_enrollment(axes, flow)
        share = 1 / len(flow.arms)
        for index, arm in enumerate(flow.arms):
            _draw_arm(axes, arm, (index + 0.5) * share, share, by_chance=flow.by_chance)
    return figure


def _draw_enrollment(axes: "Axes", flow: Flow) -> None:
    screened = _box(axes, 0.5, 0.95, "Screened\n100\u00a0%")
    eligible = _box(axes, 0.5, 0.74, f"Eligible\n{share_text(flow.eligible)}")
    entered = "Randomized" if flow.by_chance else "Enrolled"
    randomized = _box(axes, 0.5, 0.62, f"{entered}\nn = {flow.randomized:,}")
    reasons = [
        f"Not eligible  {share_text(100.0 - flow.eligible)}",
        *(["by the first criterion not met:"] if flow.excluded else []),
        *_reasons(flow.excluded, share_text, limit=6),
    ]
    listed = "\n".join(reasons)
    y = min(0.845, 0.97 - _LINE * (1 + listed.count("\n")) / 2)
    side = _box(axes, 0.6, y, listed, multialignment="left", ha="left")
    axes.annotate(
        "",
        xy=(0.0, 0.5),
        xycoords=side,
        xytext=(0.5, y),
        textcoords="data",
        arrowprops={**_ARROW, "shrinkB": 6},
    )
    basis = _BASIS.format(patients=flow.patients, screened=flow.screened)
    axes.text(0.0, 0.845, basis, va="center", color=GRAY, fontsize=7, linespacing=1.4)
    _join(axes, screened, eligible)
    _join(axes, eligible, randomized)


def _draw_arm(
    axes: "Axes", arm: ArmFlow, x: float, share: float, *, by_chance: bool
) -> None:
    size = next((pt for most, pt in _SIZES if 1 / share <= most), _SMALLEST)
    width = int(_CHARACTERS * share * _USUAL / size)

    def box(y: float, *lines: str, **look: Any) -> "Text":
        return _box(axes, x, y, "\n".join(lines), fontsize=size, **look)

    def told(text: str) -> str:
        return fill(text, width, subsequent_indent="   ")

    name = fill(arm.label, width=int(0.75 * width))
    entered = "allocated" if by_chance else "enrolled"
    allocated = box(0.475, name, f"{entered}  {_n(arm.allocated)}")
    treated = box(0.355, fill("Started treatment", width), _n(arm.treated))
    total = sum(arm.discontinued.values())
    # After a planned end patients progress and are followed without treatment.
    stopped = "Stopped or progressed" if arm.ends else "Discontinued"
    going_on = "Followed" if arm.ends else "On treatment"
    followed = box(
        0.2,
        told(f"{stopped}  {_n(total)}"),
        *_reasons(arm.discontinued, _n, limit=6, width=width),
        told(f"{going_on} at data cut  {_n(arm.ongoing)}"),
        multialignment="left",
    )
    whom = "Analyzed (intention to treat)" if by_chance else "Analyzed"
    analyzed = box(0.045, fill(whom, width), _n(arm.analyzed))
    axes.plot([0.5, 0.5, x, x], [0.585, 0.555, 0.555, 0.535], color=GRAY, lw=1)
    axes.annotate(
        "",
        xy=(0.5, 1.0),
        xycoords=allocated,
        xytext=(x, 0.54),
        textcoords="data",
        arrowprops={**_ARROW, "shrinkB": 6},
    )
    for upper, lower in (
        (allocated, treated),
        (treated, followed),
        (followed, analyzed),
    ):
        _join(axes, upper, lower)


def _reasons(
    counts: Mapping[str, float],
    text: Callable[[float], str],
    *,
    limit: int,
    width: int = 46,
) -> list[str]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    lines = [
        fill(
            f"{reason}\u00a0\u00a0{text(count)}",
            width,
            initial_indent="   ",
            subsequent_indent="      ",
        )
        for reason, count in ordered[:limit]
    ]
    rest = [count for _, count in ordered[limit:]]
    return [*lines, f"   other reasons  {text(sum(rest))}"] if rest else lines


def _n(count: float) -> str:
    """Write a count that no line break can split."""
    return f"n\u00a0=\u00a0{count:,.0f}"


def _box(axes: "Axes", x: float, y: float, text: str, **look: Any) -> "Text":
    """Draw a box; ``look`` is of text, centered unless it says otherwise."""
    frame = {"boxstyle": "round,pad=0.5,rounding_size=0.15", "fc": "white", "ec": GRAY}
    usual: dict[str, Any] = {"ha": "center", "va": "center", "linespacing": 1.45}
    usual |= {"multialignment": "center", "bbox": frame}
    return axes.text(x, y, text, **(usual | look))


def _join(axes: "Axes", upper: "Text", lower: "Text") -> None:
    """Draw an arrow from the foot of one box to the head of the next."""
    axes.annotate(
        "",
        xy=(0.5, 1.0),
        xycoords=lower,
        xytext=(0.5, 0.0),
        textcoords=upper,
        arrowprops={**_ARROW, "shrinkA": 6, "shrinkB": 6},
    )
