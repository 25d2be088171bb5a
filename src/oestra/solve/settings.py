"""How precisely, how long and in how many threads to integrate."""

from dataclasses import dataclass
from typing import Any

from oestra.core.errors import InputError, unknown_name
from oestra.solve.kernel import METHODS

__all__ = ["Settings"]

_BOUNDS = {"rtol": (1e-13, 0.1), "atol": (1e-100, 1e6), "max_steps": (1, 1e12)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Tolerances and limits of a simulation.

    Parameters
    ----------
    rtol, atol : float
        Relative and absolute tolerance of each step: from 1e-13 to 0.1, and from 1e-100
        to 1e6.
    method : str
        ``"rodas4"``; ``"rodas5p"`` for tolerances below 1e-6; or ``"radau"``, slow and
        sturdy, for models without events.
    max_steps : int
        Steps a lane may try in one call of the kernel.
    threads : int or None
        Threads, by default one per processor core.

    Raises
    ------
    InputError
        If a tolerance or limit lies out of bounds, or the method is not known.
    """

    rtol: float = 1e-6
    atol: float = 1e-12
    method: str = "rodas5p"
    max_steps: int = 100_000
    threads: int | None = None

    def __post_init__(self) -> None:
        """Check that every number lies within its bounds."""
        for name, (least, most) in _BOUNDS.items():
            value = getattr(self, name)
            if not least <= value <= most:
                raise InputError(
                    f"{name} lies between {least:g} and {most:g}, got {value!r}."
                )
        if self.method not in METHODS:
            raise unknown_name("method", self.method, METHODS)

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of `oestra.solve.Kernel.advance`."""
        return {
            "rtol": self.rtol,
            "atol": self.atol,
            "method": self.method,
            "max_steps": self.max_steps,
            "threads": self.threads,
        }
