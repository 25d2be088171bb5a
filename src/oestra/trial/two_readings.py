"""Endpoints by two readers of the same scans, side by side, and where they differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from oestra.trial.design import TrialDesign
from oestra.trial.reader import Reader

__all__ = [
    "OTHER",
    "ReadersDiffer",
    "as_treated",
    "by_other_reader",
    "count_differences",
    "differences",
    "other_reader",
]

OTHER = "other_reader_"
"""Before the names of columns that hold what the reader who is not primary saw."""
_CLOSE_DAYS = 7.0
"""Days by which two readings of one scan cannot differ."""


def other_reader(design: TrialDesign) -> Reader | None:
    """Return the reader who is not primary; None where there is only one."""
    return design.reading[1] if design.reading else None


def by_other_reader(table: pd.DataFrame) -> pd.DataFrame:
    """Return the patients of a trial with the endpoints of the other reader.

    Parameters
    ----------
    table : DataFrame
        Patients, with columns that begin with `OTHER`.
    """
    theirs = [name for name in table.columns if str(name).startswith(OTHER)]
    own = {str(name).removeprefix(OTHER): table[name] for name in theirs}
    return table.drop(columns=theirs).assign(**own)


def as_treated(design: TrialDesign, table: pd.DataFrame) -> pd.DataFrame:
    """Return the patients with the endpoints of the reader who decides on treatment.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    table : DataFrame
        Its patients.
    """
    return by_other_reader(table) if other_reader(design) is Reader.LOCAL else table


def count_differences(table: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Count how two readers agree on progression or death.

    Parameters
    ----------
    table : DataFrame
        Patients of an arm.

    Returns
    -------
    ndarray of int, shape (6,)
        Patients; events by both within a week, by both with the other reader later,
        with her earlier; by the primary reader alone, by the other alone.
    """
    day, other = (table[f"{p}pfs_day"].to_numpy(dtype=float) for p in ("", OTHER))
    event, too = (table[f"{p}pfs_event"].to_numpy(dtype=bool) for p in ("", OTHER))
    both, later = event & too, other - day
    kinds = (
        both & (np.abs(later) <= _CLOSE_DAYS),
        both & (later > _CLOSE_DAYS),
        both & (later < -_CLOSE_DAYS),
        event & ~too,
        ~event & too,
    )
    return np.array([len(table), *(int(kind.sum()) for kind in kinds)])


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadersDiffer:
    """How two readers agree on progression or death in an arm, percent of patients.

    Parameters
    ----------
    primary, other : str
        Who they are.
    same_event_percent : float
        An event for both on one scan.
    other_later_percent, other_earlier_percent : float
        An event for both, and the other reader's more than a week after or before.
    primary_alone_percent, other_alone_percent : float
        An event for one of them alone.
    """

    primary: str
    other: str
    same_event_percent: float
    other_later_percent: float
    other_earlier_percent: float
    primary_alone_percent: float
    other_alone_percent: float

    @property
    def discordant_percent(self) -> float:
        """Patients for whom the readers do not agree, in status or day."""
        return (
            self.other_later_percent
            + self.other_earlier_percent
            + self.primary_alone_percent
            + self.other_alone_percent
        )

    def to_json_dict(self) -> dict[str, str | float]:
        """Return the printed form."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return fields | {"discordant_percent": self.discordant_percent}


def differences(
    design: TrialDesign, counts: Sequence[Mapping[str, Any]]
) -> dict[str, ReadersDiffer]:
    """Sum up how two readers agree over replicates.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    counts : sequence of mapping of str to ndarray
        Of each replicate, by arm, as `count_differences` returns them.

    Returns
    -------
    dict of str to ReadersDiffer
        By arm; empty where there is one reader.
    """
    if not design.reading:
        return {}
    primary, other = design.reading
    found: dict[str, ReadersDiffer] = {}
    for arm in design.arm_ids:
        whole, *kinds = np.sum([one[arm] for one in counts], axis=0)
        same, later, earlier, mine, theirs = (100.0 * k / max(whole, 1) for k in kinds)
        found[arm] = ReadersDiffer(
            primary=primary.value,
            other=other.value,
            same_event_percent=float(same),
            other_later_percent=float(later),
            other_earlier_percent=float(earlier),
            primary_alone_percent=float(mine),
            other_alone_percent=float(theirs),
        )
    return found
