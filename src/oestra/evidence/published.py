"""Read the evidence files, once, into typed records."""

import hashlib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml.error import MarkedYAMLError

from oestra.core.errors import InputError
from oestra.core.name import plain_name
from oestra.core.named import find_named
from oestra.core.read_yaml import read_yaml
from oestra.core.yaml_text import not_yaml
from oestra.evidence.bibliography import Source, read_bibliography
from oestra.evidence.known_facts import (
    CellFile,
    CellObservation,
    PopulationFact,
    PopulationFile,
)
from oestra.evidence.locate import line_of
from oestra.evidence.target_row import TargetList, TargetRow
from oestra.evidence.trial_evidence import TrialEvidence
from oestra.evidence.vocabulary import Endpoint, Use

__all__ = [
    "FOLDER",
    "TARGET_FILES",
    "cell_observations",
    "cell_quantities",
    "digest",
    "epidemiology",
    "find_trial",
    "published",
    "read_record",
    "sources",
    "targets",
    "trials",
]

FOLDER = Path(__file__).parent
"""Where the evidence files lie."""
TARGET_FILES = ("targets.yaml", "targets_wave2.yaml")
"""Frozen lists of targets: trials to the review's time, and nine later ones."""

_Model = TypeVar("_Model", bound=BaseModel)


@lru_cache(maxsize=64)
def _validated(text: str, model: type[_Model]) -> _Model:
    return model.model_validate(read_yaml(text))


def _place(steps: tuple[int | str, ...]) -> str:
    names = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return "".join(names).lstrip(".") or "the file"


def read_record(path: Path, model: type[_Model]) -> _Model:
    """Read one YAML file into a record.

    Parameters
    ----------
    path : Path
        The file.
    model : type
        The record it must hold.

    Returns
    -------
    model
        The validated record.

    Raises
    ------
    InputError
        If the file is no YAML or does not fit; the message names file and line.
    """
    try:
        return _validated(path.read_text(encoding="utf-8"), model)
    except MarkedYAMLError as error:
        raise not_yaml(error, path.name) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = _place(first["loc"])
        raise InputError(
            f"{path.name}, line {line_of(path, place)}: {place}: {first['msg']}."
        ) from error


@cache
def _trial(path: Path) -> TrialEvidence:
    trial = read_record(path, TrialEvidence)
    if trial.id != path.stem:
        raise InputError(f"{path.name} declares the trial {trial.id!r}.")
    return trial


@cache
def trials() -> Mapping[str, TrialEvidence]:
    """Return every trial of the evidence, by id."""
    paths = sorted((FOLDER / "trials").glob("*.yaml"))
    return MappingProxyType({path.stem: _trial(path) for path in paths})


def find_trial(name: str) -> TrialEvidence:
    """Return the trial of that id, registry number or alias.

    Parameters
    ----------
    name : str
        The name; case, hyphens, underscores and spaces do not matter.

    Returns
    -------
    TrialEvidence
        The trial.

    Raises
    ------
    InputError
        If no trial has that name; the message names the nearest.
    """
    plain = plain_name(name)
    for path in (FOLDER / "trials").glob("*.yaml"):
        if plain_name(path.stem) == plain:
            return _trial(path)
    names: dict[str, TrialEvidence] = {}
    for trial in trials().values():
        others = (
            trial.aliases if trial.same_trial_as else trial.aliases + trial.registry
        )
        names.update(dict.fromkeys((trial.id, *others), trial))
    return find_named("trial", name, names)


@cache
def targets() -> tuple[TargetRow, ...]:
    """Return the rows of the frozen lists, in their order."""
    lists = (read_record(FOLDER / name, TargetList) for name in TARGET_FILES)
    return tuple(row for one in lists for row in one.targets)


def published(
    trial: str,
    *,
    stratum: str | None = None,
    arm: str | None = None,
    endpoint: Endpoint | str | None = None,
    use: Use | str | None = None,
) -> tuple[TargetRow, ...]:
    """Return the published quantities of a trial.

    Parameters
    ----------
    trial : str
        Trial id.
    stratum, arm, endpoint, use : str, optional
        Only rows with that value; all where absent.

    Returns
    -------
    tuple of TargetRow
        The rows, in the order of the list; empty where nothing was published.
    """
    wanted = {"stratum": stratum, "arm": arm, "endpoint": endpoint, "use": use}
    asked = {name: value for name, value in wanted.items() if value is not None}
    return tuple(
        row
        for row in targets()
        if row.trial == trial
        and all(getattr(row, name) == value for name, value in asked.items())
    )


@cache
def sources() -> Mapping[str, Source]:
    """Return every source by key."""
    return MappingProxyType(read_bibliography(FOLDER / "sources"))


@cache
def epidemiology() -> Mapping[str, PopulationFact]:
    """Return what is known of the population, by id."""
    file = read_record(FOLDER / "epidemiology.yaml", PopulationFile)
    return MappingProxyType({fact.id: fact for fact in file.quantities})


@cache
def _cells() -> CellFile:
    return read_record(FOLDER / "cell_facts.yaml", CellFile)


def cell_quantities() -> Mapping[str, PopulationFact]:
    """Return the measured quantities of cells, by id."""
    return MappingProxyType({fact.id: fact for fact in _cells().quantities})


def cell_observations() -> Mapping[str, CellObservation]:
    """Return what experiments on cells showed, by id."""
    return MappingProxyType({fact.id: fact for fact in _cells().observations})


_DIGESTED = frozenset({".bib", ".csv", ".yaml"})


@cache
def digest() -> str:
    """Return a hash of all evidence files, for manifests.

    Returns
    -------
    str
        Hexadecimal BLAKE2b digest over names and contents, 32 characters.
    """
    hasher = hashlib.blake2b(digest_size=16)
    for path in sorted(p for p in FOLDER.rglob("*") if p.suffix in _DIGESTED):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        name = path.relative_to(FOLDER).as_posix().encode()
        hasher.update(name + b"\0" + str(len(content)).encode() + b"\0" + content)
    return hasher.hexdigest()
