"""The version of the fit of the cell: ``python -m oestra.calibration.cells.version``.

To be run after every edit of code that repeats experiments on cells; see
`oestra.core.declared`.
"""

import sys

import numpy as np

from oestra.calibration.cells.belonging import cell_fit_data
from oestra.calibration.cells.problem import CellProblem, terms
from oestra.core.declared import Declaration, Golden

__all__ = ["CELL_FITS"]


def _golden() -> Golden:
    """Repeat all experiments with the files' own values."""
    problem = CellProblem.of()
    seen = problem.evaluate(np.zeros(len(problem.free)))
    value = np.full(len(terms()), np.nan) if seen is None else seen[1]
    return Golden(
        values={
            term.id: float(f"{v:.7g}") for term, v in zip(terms(), value, strict=True)
        }
    )


CELL_FITS = Declaration(
    "oestra.calibration.cells",
    ("oestra.calibration.cells.gauss_newton",),
    _golden,
    cell_fit_data,
)
"""What a fit of the cell depends on."""


if __name__ == "__main__":
    print(CELL_FITS.declare(solver="--solver" in sys.argv[1:]))  # noqa: T201
