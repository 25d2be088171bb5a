"""Who reads the scans of a trial."""

from enum import StrEnum

__all__ = ["Reader"]


class Reader(StrEnum):
    """A reader of scans."""

    LOCAL = "local"
    """The investigator, who treats by what she reads."""
    CENTRAL = "central"
    """An independent reader, who sees the same scans later."""

    @property
    def code(self) -> str:
        """What follows the code of a time to an event by this reading in tables."""
        return self.value[:3].upper()

    @property
    def stratum(self) -> str:
        """Name of the results by this reading, beside those of the primary one."""
        return f"{self.value} reading"
