"""Figures drawn side by side by worker processes, and written in their order.

Drawing is work of one thread, as the style of figures is one for the whole process.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from oestra.report.canvas import figure_bytes
from oestra.work.each import Workers, in_order

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Plot", "save_plots"]

Plot: TypeAlias = "partial[Figure]"
"""A figure to be drawn: a function of a module and all that it draws."""


def _drawn(plot: Callable[[], "Figure"]) -> tuple[bytes, bytes]:
    """Draw a figure, and return it as the bytes of a PNG and of an SVG file."""
    return figure_bytes(plot())


def save_plots(plots: Mapping[str, Plot], folder: Path, workers: Workers = 1) -> None:
    """Draw figures and write each as PNG and SVG.

    Parameters
    ----------
    plots : mapping of str to Plot
        By file name without ending.
    folder : Path
        An existing folder.
    workers : int or Executor
        Who draws; this thread where it is no executor. No byte depends on it.
    """
    calls = [(plot,) for plot in plots.values()]
    if isinstance(workers, int):
        _write(plots, folder, [_drawn(*call) for call in calls])
        return
    with in_order(workers, _drawn, calls) as found:
        _write(plots, folder, list(found))


def _write(
    plots: Mapping[str, Plot], folder: Path, found: list[tuple[bytes, bytes]]
) -> None:
    for name, (png, svg) in zip(plots, found, strict=True):
        (folder / f"{name}.png").write_bytes(png)
        (folder / f"{name}.svg").write_bytes(svg)
