"""The clones a tumor is made of, one lane of the solver each."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

__all__ = ["MUTATION_RATES", "SECOND_ESR1", "Clone", "esr1_columns", "kinds_of"]


class Clone(IntEnum):
    """A clone, and its column in arrays of clones."""

    PARENTAL = 0
    ESR1_MUTANT = 1
    RTK_HIGH = 2
    PTEN_LOST = 3
    AUTONOMOUS = 4
    NCOR_LOW = 5


MUTATION_RATES = {
    Clone.ESR1_MUTANT: "mutation_rate_esr1",
    Clone.RTK_HIGH: "mutation_rate_rtk",
    Clone.PTEN_LOST: "mutation_rate_pten",
    Clone.AUTONOMOUS: "mutation_rate_autonomy",
    Clone.NCOR_LOW: "mutation_rate_ncor",
}
"""Parameter that holds the rate, per division of the parental clone."""
SECOND_ESR1 = len(Clone)
"""Column of the ESR1 mutants with a second allele, in arrays that have one.

It comes after those of `Clone` and is no member: chance is numbered by how many there
are.
"""


def esr1_columns(clones: int) -> list[int]:
    """Return the columns of ESR1 mutants in arrays of so many clones.

    Examples
    --------
    >>> esr1_columns(len(Clone)), esr1_columns(len(Clone) + 1)
    ([1], [1, 6])
    """
    return [Clone.ESR1_MUTANT.value, SECOND_ESR1][: 1 if clones <= SECOND_ESR1 else 2]


def kinds_of(column: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the kind of clone in some columns, whichever allele ESR1 mutants have.

    Parameters
    ----------
    column : ndarray of int
        Columns of arrays of clones.

    Returns
    -------
    ndarray of int
        Values of `Clone`.
    """
    return np.where(column == SECOND_ESR1, Clone.ESR1_MUTANT, column)
