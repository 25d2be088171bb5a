"""Figures drawn side by side by worker processes, and written in their order.

Drawing is work of one thread, as the style of figures is one for the whole process.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from oestra.report.canvas import figure_bytes
from oestra.work.each import Workers

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Plot", "begin_plots"]

Plot: TypeAlias = "partial[Figure]"
"""A figure to be drawn: a function of a module and all that it draws."""


def _drawn(plot: Callable[[], "Figure"]) -> tuple[bytes, bytes]:
    """Draw a figure, and return it as the bytes of a PNG and of an SVG file."""
    return figure_bytes(plot())


def begin_plots(
    plots: Mapping[str, Plot], workers: Workers = 1
) -> Callable[[Path], None]:
    """Let workers draw figures while this process does something else.

    Parameters
    ----------
    plots : mapping of str to Plot
        By file name without ending.
    workers : int or Executor
        Who draws; where it is no executor, this thread does when they are written.

    Returns
    -------
    callable
        Waits for the figures and writes each as PNG and SVG into an existing folder.
    """
    if isinstance(workers, int):
        return lambda folder: _write(
            folder, ((name, _drawn(plot)) for name, plot in plots.items())
        )
    coming = {name: workers.submit(_drawn, plot) for name, plot in plots.items()}

    def write(folder: Path) -> None:
        try:
            _write(folder, ((name, one.result()) for name, one in coming.items()))
        finally:
            for one in coming.values():
                one.cancel()

    return write


def _write(folder: Path, found: Iterable[tuple[str, tuple[bytes, bytes]]]) -> None:
    for name, (png, svg) in found:
        (folder / f"{name}.png").write_bytes(png)
        (folder / f"{name}.svg").write_bytes(svg)
