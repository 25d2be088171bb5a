"""The drugs of a library at a glance, read without all that is known of them."""

from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from oestra.core.cached_record import cached_record, content_key
from oestra.core.errors import unknown_name
from oestra.core.library import SHIPPED, Kind, Library
from oestra.core.name import plain_name
from oestra.core.yaml_blocks import read_keys

__all__ = ["ListedDrug", "find_listed", "list_drugs"]

_KEYS = ("id", "aliases", "class", "targets", "standard_regimens")
_FORM = 1
"""To be raised when what is kept of a drug changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDrug:
    """What a list says of a drug.

    Parameters
    ----------
    id, drug_class : str
        Name and class.
    aliases, targets, regimens : tuple of str
        Other names, what it hits, and how it is given; the first regimen is the
        reference, and what only forms from another drug has none.
    """

    id: str
    aliases: tuple[str, ...]
    drug_class: str
    targets: tuple[str, ...]
    regimens: tuple[str, ...]


def list_drugs(library: Library = SHIPPED) -> tuple[ListedDrug, ...]:
    """Return the drugs of a library, the package's first, by name.

    Parameters
    ----------
    library : Library
        The package's own files are not checked here but when a drug is used; those of
        other folders are.

    Returns
    -------
    tuple of ListedDrug
        One a file.

    Raises
    ------
    InputError
        If a file of the library is no drug.
    """
    paths = library.files(Kind.DRUGS, "oestra.drugs.library")
    own = library.own(Kind.DRUGS)
    found = cached_record(
        "drugs",
        f"{_FORM} {content_key(paths)}",
        lambda: _checked(library) if own else [_read(path) for path in paths],
    )
    return tuple(
        ListedDrug(
            id=one["id"],
            aliases=tuple(one["aliases"]),
            drug_class=one["class"],
            targets=tuple(one["targets"]),
            regimens=tuple(one["regimens"]),
        )
        for one in found
    )


def find_listed(name: str, library: Library = SHIPPED) -> ListedDrug:
    """Find a drug by its id or an alias, ignoring case, hyphens and spaces.

    Parameters
    ----------
    name : str
        Such as ``"everolimus"`` or ``"RAD001"``.
    library : Library
        Where to look.

    Returns
    -------
    ListedDrug
        What the list says of it.

    Raises
    ------
    InputError
        If there is none; the message names the nearest.
    """
    drugs = list_drugs(library)
    for drug in drugs:
        if plain_name(name) in map(plain_name, (drug.id, *drug.aliases)):
            return drug
    known = [known for drug in drugs for known in (drug.id, *drug.aliases)]
    raise unknown_name("drug", name, known)


def _read(path: Traversable) -> dict[str, Any]:
    data = read_keys(path.read_text(encoding="utf-8"), _KEYS)
    return {
        "id": data["id"],
        "aliases": list(data.get("aliases", [])),
        "class": data["class"],
        "targets": [action["target"] for action in data["targets"]],
        "regimens": list(data.get("standard_regimens", [])),
    }


def _checked(library: Library) -> list[dict[str, Any]]:
    """Read whole drugs, which finds what is wrong with a file."""
    from oestra.drugs.load import drugs  # noqa: PLC0415 - slow to load

    return [
        {
            "id": drug.id,
            "aliases": list(drug.aliases),
            "class": str(drug.drug_class),
            "targets": [str(action.target) for action in drug.targets],
            "regimens": list(drug.standard_regimens),
        }
        for drug in drugs(library).values()
    ]
