"""Public names that go: for two releases they work, and say what to use instead.

A name that is deprecated in 0.5 works in 0.5 and 0.6 and is gone in 0.7. The table of
`oestra` holds names of the package; an argument or an option calls `warn_deprecated`
where it is read.
"""

import re
import warnings
from dataclasses import dataclass

__all__ = ["RELEASES", "Deprecated", "warn_deprecated"]

RELEASES = 2
"""Minor versions in which a deprecated name still works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deprecated:
    """What became of a public name.

    Parameters
    ----------
    instead : str
        The public name that takes its place.
    since : str
        The minor version in which it was deprecated, such as ``"0.5"``.

    Raises
    ------
    ValueError
        If the version is no minor version.
    """

    instead: str
    since: str

    def __post_init__(self) -> None:
        """Refuse what is no minor version."""
        if not re.fullmatch(r"\d+\.\d+", self.since):
            raise ValueError(f"{self.since!r} is no minor version, such as 0.5.")

    @property
    def gone(self) -> str:
        """The minor version without the name."""
        major, minor = self.since.split(".")
        return f"{major}.{int(minor) + RELEASES}"

    def due(self, version: str) -> bool:
        """Tell whether a version should be without the name.

        Parameters
        ----------
        version : str
            Such as ``"0.7.1"``.
        """
        now, gone = (
            tuple(int(part) for part in text.split(".")[:2])
            for text in (version, self.gone)
        )
        return now >= gone


def warn_deprecated(name: str, how: Deprecated, *, above: int = 2) -> None:
    """Say that a name goes, and what takes its place.

    Parameters
    ----------
    name : str
        As people write it.
    how : Deprecated
        What became of it.
    above : int
        How many calls up the line stands that is to change; 2 is whoever called the
        function that calls this.

    Warns
    -----
    DeprecationWarning
        Always; Python shows it where scripts and tests use the name.
    """
    warnings.warn(
        f"{name} is deprecated since {how.since} and gone in {how.gone}; "
        f"use {how.instead}.",
        DeprecationWarning,
        stacklevel=above + 1,
    )
