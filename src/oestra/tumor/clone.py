"""The clones a tumor is made of, one lane of the solver each."""

from enum import IntEnum

__all__ = ["MUTATION_RATES", "Clone"]


class Clone(IntEnum):
    """A clone, and its column in arrays of clones."""

    PARENTAL = 0
    ESR1_MUTANT = 1
    RTK_HIGH = 2
    PI3K_HIGH = 3
    AUTONOMOUS = 4


MUTATION_RATES = {
    Clone.ESR1_MUTANT: "mutation_rate_esr1",
    Clone.RTK_HIGH: "mutation_rate_rtk",
    Clone.PI3K_HIGH: "mutation_rate_pi3k",
    Clone.AUTONOMOUS: "mutation_rate_autonomy",
}
"""Parameter that holds the rate, per division of the parental clone."""
