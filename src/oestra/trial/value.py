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
    """

    number: float | None
    reason: str = ""
