"""A number of one replicate."""

from dataclasses import dataclass

__all__ = ["Value"]


@dataclass(frozen=True, slots=True)
class Value:
    """A number of one replicate, or why there is none.

    Parameters
    ----------
    number : float or None
        The estimate.
    reason : str
        Why there is none, empty otherwise.
    place : float, optional
        Where it stands among the numbers of other replicates although it is none:
        infinite for a median that was not reached, 0 for the hazard ratio of an arm
        without events. Such replicates are not left out.
    """

    number: float | None
    reason: str = ""
    place: float | None = None

    @property
    def rank(self) -> float | None:
        """The number, or where it stands; None where nothing is known."""
        return self.place if self.number is None else self.number
