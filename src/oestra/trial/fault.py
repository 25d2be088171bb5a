"""A rule that a design breaks."""

from typing import NamedTuple

__all__ = ["Fault"]


class Fault(NamedTuple):
    """A rule that a design breaks, and where in its file."""

    place: tuple[str | int, ...]
    text: str
