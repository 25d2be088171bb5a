"""Heat maps of endpoints: kinds one above the other, their columns shared."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh
    from matplotlib.figure import Figure

__all__ = ["draw_cells", "stack_panels"]


def stack_panels(figure: "Figure", rows: Sequence[Sequence[str]]) -> "list[Axes]":
    """Return panels one above the other, each as high as its rows are many."""
    panels = figure.subplots(
        len(rows), 1, sharex=True, squeeze=False, height_ratios=list(map(len, rows))
    )
    return list(panels[:, 0])


def draw_cells(
    axes: "Axes",
    value: NDArray[np.float64],
    labels: Sequence[str],
    *,
    colors: str,
    span: tuple[float, float],
) -> "QuadMesh":
    """Fill the cells of a panel, the first row on top.

    Parameters
    ----------
    axes : Axes
        The panel.
    value : ndarray, shape (rows, columns)
        What the colors show; NaN stays white.
    labels : sequence of str
        Names of the rows.
    colors : str
        Name of the color map.
    span : (float, float)
        Values at its ends.

    Returns
    -------
    QuadMesh
        For a color bar.
    """
    rows, columns = value.shape
    low, high = span
    mesh = axes.pcolormesh(
        np.arange(columns + 1),
        np.arange(rows + 1),
        np.ma.masked_invalid(value),
        cmap=colors,
        vmin=low,
        vmax=high,
        edgecolors="#E6E6E6",
        linewidth=0.4,
    )
    axes.set_yticks(np.arange(rows) + 0.5, labels, fontsize=6)
    axes.set_ylim(rows, 0)
    axes.tick_params(length=0)
    return mesh
