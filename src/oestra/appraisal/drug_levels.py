"""How far each drug of a regimen is on its way to steady state in one patient."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from oestra.core.library import SHIPPED, Library
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects
from oestra.drugs.target import find_lever
from oestra.engagement.regimen_load import drug_ramps

__all__ = ["Level", "drug_levels"]

_WEEK = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The load of one drug on one target, week by week.

    Parameters
    ----------
    drug, target : str
        Their names.
    day : tuple of float
        Middles of the weeks, days from the start of the regimen.
    of_steady_state : tuple of float
        Load of that week over the load at steady state.
    """

    drug: str
    target: str
    day: tuple[float, ...]
    of_steady_state: tuple[float, ...]

    def to_json_dict(self) -> dict[str, Any]:
        """Return the level as JSON can hold it."""
        return asdict(self)


def drug_levels(
    regimen: Regimen,
    subject: PkSubjects,
    until_day: float,
    library: Library = SHIPPED,
) -> tuple[Level, ...]:
    """Return the levels of a regimen in one patient who takes every dose.

    Parameters
    ----------
    regimen : Regimen
        The drugs.
    subject : PkSubjects
        The patient.
    until_day : float
        Day to which they are told, from the start of the regimen.
    library : Library
        Whose targets.

    Returns
    -------
    tuple of Level
        One a drug and target that loads its place in the cell; a target that is held
        by its share alone has no level.
    """
    weeks = max(int(np.ceil(until_day / _WEEK)), 1)
    edges = np.arange(weeks + 1, dtype=np.float64) * _WEEK
    middle = tuple(((edges[:-1] + edges[1:]) / 2).tolist())
    found: list[Level] = []
    for one in regimen.components:
        ramps = drug_ramps(Regimen((one,)), subject, edges, library)
        for target in one.drug.acts_on:
            ramp = ramps.get(find_lever(target, library).parameter)
            if ramp is not None:
                found.append(
                    Level(
                        drug=one.drug.id,
                        target=target,
                        day=middle,
                        of_steady_state=tuple(ramp[0].tolist()),
                    )
                )
    return tuple(found)
