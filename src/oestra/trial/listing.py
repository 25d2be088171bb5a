"""The trials of the library at a glance, read without all that a design holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from oestra.core.cached_record import cached_record, content_key
from oestra.core.yaml_blocks import read_keys

__all__ = ["ListedTrial", "list_trials"]

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


@cache
def list_trials() -> tuple[ListedTrial, ...]:
    """Return the trials of the library, by name.

    Returns
    -------
    tuple of ListedTrial
        Their files are not checked here but when a trial is run.
    """
    folder = Path(str(files("oestra.trial") / "library"))
    paths = sorted(folder.glob("*.yaml"), key=lambda path: path.stem)
    key = f"{_FORM} {content_key(paths)}"
    found = cached_record("trials", key, lambda: [_read(path) for path in paths])
    return tuple(
        ListedTrial(
            id=one["id"],
            aliases=tuple(one["aliases"]),
            title=one["title"],
            prediction=one["prediction"],
            arms=tuple(one["arms"]),
        )
        for one in found
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        data = read_keys(path.read_text(encoding="utf-8"), _KEYS)
        arms = [
            {key: arm[key] for key in ("id", "label", "regimen", "n")}
            for arm in data["arms"]
        ]
        return {
            "id": data["id"],
            "aliases": list(data.get("aliases", [])),
            "title": data["title"],
            "prediction": data.get("prediction", False),
            "arms": arms,
        }
    except Exception:
        _explain(path)
        raise


def _explain(path: Path) -> None:
    """Read the whole design, which says what is wrong with the file."""
    from oestra.trial.library import read_design  # noqa: PLC0415 - slow to load

    read_design(path, shipped=True)
