"""The trials of a library at a glance, read without all that a design holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from oestra.core.cached_record import cached_record, content_key
from oestra.core.library import SHIPPED, Kind, Library
from oestra.core.named import find_named
from oestra.core.yaml_blocks import read_keys
from oestra.trial.arm_words import in_words

__all__ = ["ListedTrial", "find_listed", "list_trials"]

_KEYS = ("id", "aliases", "title", "prediction", "arms")
_FORM = 1
"""To be raised when what is kept of a trial changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTrial:
    """What a list says of a trial.

    Parameters
    ----------
    id, title : str
        Name, and one line for people.
    aliases : tuple of str
        Other names.
    prediction : bool
        Whether no result is known to the project.
    arms : tuple of dict
        ``id``, ``label``, ``regimen`` and ``n`` of each.
    """

    id: str
    aliases: tuple[str, ...]
    title: str
    prediction: bool
    arms: tuple[Mapping[str, Any], ...]

    @property
    def patients(self) -> int:
        """Patients of all arms."""
        return sum(arm["n"] for arm in self.arms)


def list_trials(library: Library = SHIPPED) -> tuple[ListedTrial, ...]:
    """Return the trials of a library, by name.

    Parameters
    ----------
    library : Library
        The package's own files are not checked here but when a trial is run; those of
        other folders are.

    Returns
    -------
    tuple of ListedTrial
        In order of their names.

    Raises
    ------
    InputError
        If a file of the library is no trial.
    """
    paths = library.files(Kind.TRIALS, "oestra.trial.library")
    own = library.own(Kind.TRIALS)
    found = cached_record(
        "trials",
        f"{_FORM} {content_key(paths)}",
        lambda: _checked(library) if own else [_read(path) for path in paths],
    )
    return tuple(
        ListedTrial(
            id=one["id"],
            aliases=tuple(one["aliases"]),
            title=one["title"],
            prediction=one["prediction"],
            arms=tuple(one["arms"]),
        )
        for one in sorted(found, key=lambda one: one["id"])
    )


def find_listed(name: str, library: Library = SHIPPED) -> ListedTrial:
    """Return what the list says of a trial.

    Parameters
    ----------
    name : str
        Id or alias, whatever its case, spaces and hyphens.
    library : Library
        Where to look.

    Raises
    ------
    InputError
        If there is no such trial; names the nearest.
    """
    names = {
        known: one for one in list_trials(library) for known in (one.id, *one.aliases)
    }
    return find_named("trial", name, names)


def _read(path: Traversable) -> dict[str, Any]:
    return _entry(read_keys(path.read_text(encoding="utf-8"), _KEYS))


def _entry(data: Mapping[str, Any]) -> dict[str, Any]:
    arms = [
        {
            "id": arm["id"],
            "label": arm["label"],
            "regimen": in_words(arm),
            "n": arm["n"],
        }
        for arm in data["arms"]
    ]
    return {
        "id": data["id"],
        "aliases": list(data.get("aliases", [])),
        "title": data["title"],
        "prediction": data.get("prediction", False),
        "arms": arms,
    }


def _checked(library: Library) -> list[dict[str, Any]]:
    """Read whole designs, which finds what is wrong with a file."""
    from oestra.trial.designs import designs  # noqa: PLC0415 - slow to load

    return [_entry(one.model_dump(mode="json")) for one in designs(library).values()]
