"""The clones a tumor is made of, one lane of the solver each."""

from enum import IntEnum

__all__ = ["MUTATION_RATES", "Clone"]


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
