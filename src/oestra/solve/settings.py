"""How precisely, how long and in how many threads to integrate."""

from dataclasses import dataclass
from typing import Any

__all__ = ["Settings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Tolerances and limits of a simulation.

    Parameters
    ----------
    rtol, atol : float
        Relative and absolute tolerance of each step.
    method : str
        ``"rodas4"``, or ``"rodas5p"`` for tolerances below 1e-6.
    max_steps : int
        Steps a lane may try in one call of the kernel.
    threads : int or None
        Threads, by default one per processor core.
    """

    rtol: float = 1e-6
    atol: float = 1e-12
    method: str = "rodas5p"
    max_steps: int = 100_000
    threads: int | None = None

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of `oestra.solve.Kernel.advance`."""
        return {
            "rtol": self.rtol,
            "atol": self.atol,
            "method": self.method,
            "max_steps": self.max_steps,
            "threads": self.threads,
        }
