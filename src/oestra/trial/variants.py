"""Variants of a trial in its file: what each changes, merged into the design.

A variant holds only what differs. Mappings are merged key by key, ``arms`` by the ids
of arms, and everything else is replaced; a key that is given as null is taken out.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from oestra.core.errors import shown, unknown_name
from oestra.core.name import ID_RULE, is_id
from oestra.trial.fault import Fault

__all__ = ["KEY", "Variant", "variants_of"]

KEY = "variants"
_OWN = ("id", "aliases", KEY)
Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A design as a variant makes it, before it is checked.

    Parameters
    ----------
    name : str
        Of the variant.
    data : mapping of str to Any
        All keys of the design; its id is that of the trial, a hyphen and the name.
    written : mapping of tuple to tuple
        Where in the file what the variant changes is written, by its place in ``data``.
    """

    name: str
    data: Mapping[str, Any]
    written: Mapping[Place, Place]

    def place(self, place: Place) -> Place:
        """Return where in the file a place of the design is written."""
        for length in range(len(place), 0, -1):
            if place[:length] in self.written:
                return (*self.written[place[:length]], *place[length:])
        return place


def variants_of(data: Mapping[str, Any]) -> tuple[list[Variant], list[Fault]]:
    """Return the variants of a design, and what is wrong with how they are written.

    Parameters
    ----------
    data : mapping of str to Any
        The file, as read.

    Returns
    -------
    tuple of list of Variant and list of Fault
        In the order of the file.
    """
    if KEY not in data:
        return [], []
    given = data[KEY]
    if not isinstance(given, dict) or not given:
        why = (
            f"{KEY} must name at least one variant, such as 'half-dose: {{arms: ...}}'"
        )
        return [], [Fault((KEY,), why)]
    found: list[Variant] = []
    faults: list[Fault] = []
    for name, changes in given.items():
        at = (KEY, name)
        wrong = _wrong(name, changes)
        if wrong:
            faults.append(Fault(at, wrong))
            continue
        merged = {key: part for key, part in deepcopy(dict(data)).items() if key != KEY}
        merged.pop("aliases", None)
        merged["id"] = f"{data.get('id')}-{name}"
        merged.setdefault("same_chance_as", str(data.get("id")))
        written: dict[Place, Place] = {("id",): at}
        for key, value in changes.items():
            faults += _merge(merged, (key,), value, (*at, key), written)
        found.append(Variant(name=name, data=merged, written=written))
    return found, faults


def _wrong(name: object, changes: object) -> str:
    if not isinstance(name, str) or not is_id(name):
        return f"{shown(name)} cannot name a variant: {ID_RULE}"
    if not isinstance(changes, dict) or not changes:
        return f"the variant {shown(name)} must hold the keys that it changes"
    own = next((key for key in _OWN if key in changes), None)
    return f"a variant cannot change {shown(own)}" if own else ""


def _merge(
    design: dict[str, Any],
    place: Place,
    value: Any,
    origin: Place,
    written: dict[Place, Place],
) -> list[Fault]:
    """Put one change into a design, and note where it is written."""
    *path, last = place
    here: Any = design
    for step in path:
        here = here[step]
    if place == ("arms",) and isinstance(value, dict):
        return _merge_arms(design, value, origin, written)
    if value is None:
        here.pop(last, None)
        return []
    old = here.get(last) if isinstance(here, dict) else None
    if isinstance(old, dict) and isinstance(value, dict):
        faults: list[Fault] = []
        for key, part in value.items():
            faults += _merge(design, (*place, key), part, (*origin, key), written)
        return faults
    here[last] = deepcopy(value)
    written[place] = origin
    return []


def _merge_arms(
    design: dict[str, Any],
    arms: Mapping[str, Any],
    origin: Place,
    written: dict[Place, Place],
) -> list[Fault]:
    listed = design.get("arms")
    known = {
        arm.get("id"): number
        for number, arm in enumerate(listed if isinstance(listed, list) else [])
        if isinstance(arm, dict)
    }
    faults: list[Fault] = []
    for name, changes in arms.items():
        at = (*origin, name)
        if name not in known:
            told = str(unknown_name("arm", str(name), map(str, known)))
            faults.append(Fault(at, told))
        elif not isinstance(changes, dict):
            faults.append(Fault(at, f"arm {shown(name)} must hold the keys it changes"))
        else:
            for key, part in changes.items():
                place = ("arms", known[name], key)
                faults += _merge(design, place, part, (*at, key), written)
    return faults
