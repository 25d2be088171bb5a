"""What the trials lose without each mechanism: the whole study as a record."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from oestra.appraisal.ablation_table import (
    ablation_table,
    inside_intervals,
    mechanism_table,
    moves,
    of_mechanism,
)
from oestra.calibration.ablation import Ablations
from oestra.calibration.crossing import Exchanged
from oestra.core.disclaimer import DISCLAIMER

__all__ = ["Studied", "ablation_record"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Studied:
    """An ablation study with what it was made of.

    Parameters
    ----------
    found : Ablations
        Endpoints with and without each mechanism.
    exchanged : tuple of Exchanged
        Pairs of trials with their treatments exchanged.
    hashes : mapping of str to str
        Fingerprints of model and evidence.
    settings : mapping
        Patients and seed.
    """

    found: Ablations
    exchanged: tuple[Exchanged, ...]
    hashes: Mapping[str, str]
    settings: Mapping[str, int]


def ablation_record(studied: Studied) -> dict[str, Any]:
    """Return the study ready for JSON.

    Parameters
    ----------
    studied : Studied
        The study.

    Returns
    -------
    dict
        Settings and fingerprints; for each mechanism what was set, its effect, the
        endpoints that leave and enter their intervals, and every change; pairs of
        trials with their treatments exchanged.
    """
    found = studied.found
    table = ablation_table(found)
    told = {one.id: one for one in (*found.mechanisms, *found.failed)}
    return {
        "about": DISCLAIMER,
        "settings": dict(studied.settings),
        "hashes": dict(studied.hashes),
        "endpoints": len(found.rows),
        "inside": sum(inside_intervals(found, found.value)),
        "mechanisms": [
            {
                **row,
                "set": dict(told[row["mechanism"]].set),
                "reason": told[row["mechanism"]].reason,
                **_changes(of_mechanism(table, row["mechanism"])),
            }
            for row in mechanism_table(found).to_dict("records")
        ],
        "failed": [one.id for one in found.failed],
        "exchanged": [_exchanged(one) for one in studied.exchanged],
    }


def _exchanged(one: Exchanged) -> dict[str, Any]:
    return {
        "id": one.exchange.id,
        "title": one.exchange.heading,
        "trials": [asdict(crossed) for crossed in one.crossed],
    }


def _changes(part: pd.DataFrame) -> dict[str, Any]:
    leaves, enters = moves(part)
    kept = ["endpoint", "with_all", "without", "change", "unit", "change_se"]
    return {
        "leaving": list(leaves["endpoint"]),
        "entering": list(enters["endpoint"]),
        "changes": part.loc[:, kept].to_dict("records"),
    }
