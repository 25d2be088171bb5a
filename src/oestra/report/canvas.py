"""The look of every figure: size, type, colors, and how it is saved.

Colors are those of Okabe and Ito, told apart by readers of any color vision; arms
differ in line style too, so that a figure survives a black-and-white printer.

References
----------
.. [1] Okabe M, Ito K (2008). Color universal design.
   https://jfly.uni-koeln.de/color/
"""

import io
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "COLORS",
    "DASHES",
    "GRAY",
    "figure_bytes",
    "headline",
    "inline_svg",
    "journal_style",
    "legend_beneath",
    "literal",
    "new_figure",
    "save_figure",
    "svg_element",
    "tidy",
]

COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
"""One per arm or clone, in order."""

DASHES = ("-", (0, (4, 1.5)), (0, (1, 1.2)), (0, (5, 1.5, 1, 1.5)))
"""Line style of each arm, in order."""

GRAY = "#5A5A5A"

_PRINT_DPI = 300

_STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 8,
    "axes.titlesize": 9,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 8,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "legend.fontsize": 7.5,
    "legend.frameon": False,
    "lines.linewidth": 1.4,
    # Layout is found once, and no setting of the user's begins it again.
    "figure.autolayout": False,
    "figure.constrained_layout.use": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "oestra",
}


def literal(text: str) -> str:
    """Return text of a file for a figure, where dollars would begin a formula."""
    return text.replace("$", r"\$")


@contextmanager
def journal_style() -> Generator[None]:
    """Apply the house style to all that is drawn inside."""
    import matplotlib as mpl  # noqa: PLC0415 - slow to load

    with mpl.rc_context(_STYLE):
        yield


def new_figure(width_mm: float, height_mm: float) -> "Figure":
    """Return an empty figure that needs no display.

    Parameters
    ----------
    width_mm, height_mm : float
        Size on paper; a journal's double column is about 180 mm wide.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow to load

    return Figure(figsize=(width_mm / 25.4, height_mm / 25.4), layout="constrained")


def tidy(axes: "Axes", *, grid: str | None = None) -> None:
    """Let ticks point outward and draw a pale grid along one axis, if asked."""
    axes.tick_params(direction="out", length=3)
    if grid in {"x", "y", "both"}:
        axes.grid(visible=True, axis=grid, color="#E6E6E6", linewidth=0.6)  # pyright: ignore[reportArgumentType]
        axes.set_axisbelow(True)


def headline(figure: "Figure", text: str) -> None:
    """Write the title of a figure of several panels above them all."""
    figure.suptitle(text, x=0.01, ha="left", fontsize=9, fontweight="bold")


def legend_beneath(
    figure: "Figure", panels: "Sequence[Axes]", *, title: str = "", columns: int = 1
) -> None:
    """Name what panels show beneath them all, where no legend can cover a curve.

    It comes last: the layout is found and then stays, so that a figure looks the same
    in every format and each time it is saved.

    Parameters
    ----------
    figure : Figure
        Of `new_figure`, which makes room.
    panels : sequence of Axes
        Whose labels to show.
    title : str
        First line.
    columns : int
        Names beside each other.
    """
    named = [axes.get_legend_handles_labels() for axes in panels]
    figure.legend(
        [handle for handles, _ in named for handle in handles],
        [label for _, labels in named for label in labels],
        loc="outside lower left",
        title=title or None,
        alignment="left",
        ncols=columns,
    )
    _settle(figure)


def _settle(figure: "Figure") -> None:
    """Find the layout once, as in print: type is wider there than on a screen.

    A figure that keeps an engine of layout, even one that does nothing, is drawn twice
    whenever it is saved.
    """
    engine = figure.get_layout_engine()
    if engine is not None:
        screen = figure.dpi
        figure.dpi = _PRINT_DPI
        engine.execute(figure)
        figure.dpi = screen
    figure.set_layout_engine(None)


def save_figure(figure: "Figure", folder: Path, name: str) -> list[Path]:
    """Write a figure as PNG and SVG; the same figure gives the same bytes.

    Parameters
    ----------
    figure : Figure
        What to save.
    folder : Path
        An existing folder.
    name : str
        File name without ending.

    Returns
    -------
    list of Path
        The two files.
    """
    files = [folder / f"{name}.{kind}" for kind in ("png", "svg")]
    for file, data in zip(files, figure_bytes(figure), strict=True):
        file.write_bytes(data)
    return files


def figure_bytes(figure: "Figure") -> tuple[bytes, bytes]:
    """Return a figure as the bytes of a PNG and of an SVG file.

    Parameters
    ----------
    figure : Figure
        What to save.
    """
    png, svg = io.BytesIO(), io.BytesIO()
    with journal_style():
        figure.savefig(
            png,
            format="png",
            dpi=_PRINT_DPI,
            facecolor="white",
            metadata={"Software": "oestra"},
        )
        figure.savefig(svg, format="svg", facecolor="white", metadata={"Date": None})
    return png.getvalue(), svg.getvalue()


def inline_svg(figure: "Figure") -> str:
    """Return a figure as an ``svg`` element for a page, as wide as the page allows."""
    buffer = io.StringIO()
    with journal_style():
        figure.savefig(buffer, format="svg", facecolor="white", metadata={"Date": None})
    return svg_element(buffer.getvalue())


def svg_element(text: str) -> str:
    """Return the ``svg`` element of a file, as wide as the page allows."""
    start = text.index("<svg") + len("<svg")
    return f'<svg style="max-width:100%;height:auto"{text[start:]}'
