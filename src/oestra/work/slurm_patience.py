"""How long Slurm may be silent while its jobs run."""

import time

from oestra.core.errors import OestraError

__all__ = ["KEPT", "Patience"]

KEPT = "what is in the --store is found again by the next run"


class Patience:
    """How long something has not worked.

    Parameters
    ----------
    seconds : float
        How long it may not.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._since: float | None = None

    def well(self) -> None:
        """Begin anew: it worked."""
        self._since = None

    def ill(self, reason: str) -> None:
        """Wait, unless it has not worked for long.

        Parameters
        ----------
        reason : str
            Why it did not.

        Raises
        ------
        OestraError
            If it has not worked for too long.
        """
        now = time.monotonic()
        if self._since is None:
            self._since = now
        if now - self._since > self._seconds:
            raise OestraError(
                f"Slurm has not answered for {self._seconds / 60:.0f} min ({reason}); "
                f"{KEPT}."
            )
