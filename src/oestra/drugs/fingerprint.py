"""What of a drug's file changes results, for the keys of what was simulated with it."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from oestra.core.library import Library
from oestra.core.quantity import Quantity
from oestra.drugs.drug import Drug
from oestra.drugs.rate_times import harms, rate_times
from oestra.drugs.reported import Reported
from oestra.drugs.target import Lever, find_lever

__all__ = ["acting_parts", "acting_places"]

_TOLD = frozenset(
    {
        "aliases",
        "assay",
        "assays",
        "drug_class",
        "estrogen",
        "exposures",
        "fact",
        "mechanism",
        "note",
        "standard_regimens",
        "washout",
    }
)
"""Fields that are shown and move nothing."""
_TIMES = frozenset({"times_on_drug", "control_times"})
"""Fields that act through the harms whose rates they belong to."""
_HARM = frozenset({"toxicities", "discontinuation"})
"""Fields that move trials, and nothing before them."""


def acting_parts(drugs: Iterable[Drug], *, harm: bool) -> tuple[object, ...]:
    """Return the numbers and names of drugs that simulations depend on.

    Parameters
    ----------
    drugs : iterable of Drug
        The drugs.
    harm : bool
        Whether harm counts, as on trial.

    Returns
    -------
    tuple
        Equal for drugs that act alike; sources, reasons and intervals do not count.
    """
    left_out = _TOLD | _TIMES | (frozenset() if harm else _HARM)
    each = {drug.id: drug for drug in drugs}
    plain = tuple(_plain(each[name], left_out) for name in sorted(each))
    if not harm:
        return plain
    return (*plain, *(_timed(each[name]) for name in sorted(each)))


def acting_places(
    drugs: Iterable[Drug], library: Library
) -> list[tuple[str, tuple[str, ...]]]:
    """Return where the targets of drugs take hold of the cell, without the words.

    Parameters
    ----------
    drugs : iterable of Drug
        The drugs.
    library : Library
        Whose targets.

    Returns
    -------
    list of tuple
        Each target with the parameters that it sets or reads.
    """
    hit = sorted({action.target for drug in drugs for action in drug.targets})
    return [(name, _names(find_lever(name, library))) for name in hit]


def _timed(drug: Drug) -> tuple[tuple[float, float], ...]:
    return tuple(rate_times(drug, one, usual=0.0) for one in harms(drug))


def _names(lever: Lever) -> tuple[str, ...]:
    return (lever.parameter, lever.accumulation, lever.kill, lever.kill_rate)


def _plain(value: Any, left_out: frozenset[str]) -> object:
    if isinstance(value, Reported):
        return value.value, value.unit, value.between_patient_cv
    if isinstance(value, Quantity):
        return value.value, value.unit
    if is_dataclass(value):
        kept = [one.name for one in fields(value) if one.name not in left_out]
        return tuple((name, _plain(getattr(value, name), left_out)) for name in kept)
    if isinstance(value, Mapping):
        return tuple((str(k), _plain(v, left_out)) for k, v in sorted(value.items()))
    if isinstance(value, tuple):
        return tuple(_plain(one, left_out) for one in value)
    return value
