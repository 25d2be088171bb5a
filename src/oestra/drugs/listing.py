"""The drugs of the library at a glance, read without all that is known of them."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from oestra.core.cached_record import cached_record, content_key
from oestra.core.errors import unknown_name
from oestra.core.name import plain_name
from oestra.core.yaml_blocks import read_keys

__all__ = ["ListedDrug", "drug_files", "find_listed", "list_drugs"]

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


def drug_files() -> list[Path]:
    """Return the files of the library, by name."""
    folder = Path(str(files("oestra.drugs") / "library"))
    return sorted(folder.glob("*.yaml"), key=lambda path: path.name)


@cache
def list_drugs() -> tuple[ListedDrug, ...]:
    """Return the drugs of the library, by name.

    Returns
    -------
    tuple of ListedDrug
        Their files are not checked here but when a drug is used.
    """
    paths = drug_files()
    key = f"{_FORM} {content_key(paths)}"
    found = cached_record("drugs", key, lambda: [_read(path) for path in paths])
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


def find_listed(name: str) -> ListedDrug:
    """Find a drug by its id or an alias, ignoring case, hyphens and spaces.

    Parameters
    ----------
    name : str
        Such as ``"everolimus"`` or ``"RAD001"``.

    Returns
    -------
    ListedDrug
        What the list says of it.

    Raises
    ------
    InputError
        If there is none; the message names the nearest.
    """
    drugs = list_drugs()
    for names in (lambda drug: (drug.id,), lambda drug: drug.aliases):
        for drug in drugs:
            if plain_name(name) in map(plain_name, names(drug)):
                return drug
    known = [known for drug in drugs for known in (drug.id, *drug.aliases)]
    raise unknown_name("drug", name, known)


def _read(path: Path) -> dict[str, Any]:
    try:
        data = read_keys(path.read_text(encoding="utf-8"), _KEYS)
        return {
            "id": data["id"],
            "aliases": list(data.get("aliases", [])),
            "class": data["class"],
            "targets": [action["target"] for action in data["targets"]],
            "regimens": list(data.get("standard_regimens", [])),
        }
    except Exception:
        _explain(path)
        raise


def _explain(path: Path) -> None:
    """Read the whole drug, which says what is wrong with the file."""
    from oestra.drugs.load import read_drug  # noqa: PLC0415 - slow to load

    read_drug(path)
