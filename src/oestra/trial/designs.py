"""Finding a trial by name, and reading a design from its file."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from oestra.core.errors import InputError, OestraError, nearest, unknown_name
from oestra.core.library import SHIPPED, Kind, Library, library_of
from oestra.core.name import plain_name
from oestra.core.yaml_text import line_of, not_yaml
from oestra.drugs.regimen import Regimen
from oestra.trial.admissible import check_criterion
from oestra.trial.criterion import names_in
from oestra.trial.design import TrialDesign

__all__ = ["designs", "find_design", "read_design"]

Place = tuple[str | int, ...]


def _model_at(place: Place) -> type[BaseModel]:
    """Return the record that holds a key, to name its neighbors."""
    model: Any = TrialDesign
    for step in place[:-1]:
        field = getattr(model, "model_fields", {}).get(step)
        if field is None:
            continue
        parts = [field.annotation]
        while parts:
            part = parts.pop()
            if isinstance(part, type) and issubclass(part, BaseModel):
                model = part
                break
            parts.extend(getattr(part, "__args__", ()))
    return model


def _explain(fault: Mapping[str, Any], text: str, name: str) -> InputError:
    place: Place = fault["loc"]
    key = ".".join(str(step) for step in place)
    where = f"{name}, line {line_of(text, place)}"
    if fault["type"] == "extra_forbidden":
        allowed = list(_model_at(place).model_fields)
        hint = nearest(str(place[-1]), allowed)
        known = f"nearest is {hint!r}" if hint else f"known are {', '.join(allowed)}"
        return InputError(f"{where}: no key {key!r}; {known}.")
    if fault["type"] == "missing":
        return InputError(f"{where}: the key {key!r} is missing.")
    reason = fault["msg"].removeprefix("Value error, ")
    given = fault["input"]
    shown = f", got {given!r}" if isinstance(given, str | int | float) else ""
    return InputError(f"{where}: {key + ': ' if key else ''}{reason}{shown}.")


def _check_criteria(
    design: TrialDesign, text: str, name: str, library: Library
) -> None:
    for place, criterion in design.criteria_texts():
        where = f"{name}, line {line_of(text, place)}"
        check_criterion(criterion, design.definitions, where=where, library=library)


def _check_definitions(design: TrialDesign, text: str, name: str) -> None:
    """Raise if a definition leads back to itself."""
    names = {key: names_in(value) for key, value in design.definitions.items()}
    for key in names:
        reached, ahead = set[str](), [key]
        while ahead:
            found = names[ahead.pop()] & names.keys()
            ahead += found - reached
            reached |= found
        if key in reached:
            line = line_of(text, ("definitions", key))
            raise InputError(f"{name}, line {line}: {key!r} is defined by itself.")


def _check_regimens(
    design: TrialDesign, text: str, name: str, library: Library
) -> None:
    for place, regimen in design.regimens():
        where = f"{name}, line {line_of(text, place)}"
        try:
            drugs = Regimen.parse(regimen, library).drugs
        except OestraError as error:
            raise InputError(f"{where}: {error}") from error
        if "crossover" in place and not drugs:
            raise InputError(f"{where}: a crossover needs a drug, got {regimen!r}.")


def read_design(
    path: Path, library: Library = SHIPPED, *, shipped: bool = False
) -> TrialDesign:
    """Read a trial's design from its file.

    Parameters
    ----------
    path : Path
        A YAML file in the schema of the library.
    library : Library
        Whose drugs the arms may take.
    shipped : bool
        A file of the library: its regimens are read only when the trial is run.

    Returns
    -------
    TrialDesign
        The checked design: criteria and regimens can be read.

    Raises
    ------
    InputError
        If the file cannot be read or does not fit; the message names file, line and
        the nearest valid key.
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = YAML(typ="safe", pure=True).load(text)
    except OSError as error:
        raise InputError(f"Cannot read {str(path)!r}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not a text file in UTF-8.") from error
    except MarkedYAMLError as error:
        raise not_yaml(error, path.name) from error
    if not isinstance(data, dict):
        raise InputError(f"{path.name} must hold the keys of one trial.")
    try:
        design = TrialDesign.model_validate(data)
    except ValidationError as error:
        # A key misspelled is also a key missing: name the misspelling.
        faults = sorted(error.errors(), key=lambda f: f["type"] != "extra_forbidden")
        raise _explain(faults[0], text, path.name) from None
    _check_criteria(design, text, path.name, library)
    _check_definitions(design, text, path.name)
    if not shipped:
        _check_regimens(design, text, path.name, library)
    return design


def _read(library: Library) -> Mapping[str, TrialDesign]:
    own = set(library.own(Kind.TRIALS))
    found: dict[str, TrialDesign] = {}
    for file in library.files(Kind.TRIALS, "oestra.trial.library"):
        path = Path(str(file))
        design = read_design(path, library, shipped=path not in own)
        if design.id != path.stem or design.id in found:
            raise InputError(f"{path.name} declares the trial {design.id!r}.")
        found[design.id] = design
    return MappingProxyType(dict(sorted(found.items())))


def designs(library: Library = SHIPPED) -> Mapping[str, TrialDesign]:
    """Return every trial of a library, by id."""
    return library.once(_read)


def _named(name: str, library: Library) -> TrialDesign | None:
    """Return the trial whose file has this name, without reading the others."""
    for file in library.files(Kind.TRIALS, "oestra.trial.library"):
        path = Path(str(file))
        if plain_name(path.stem) == name:
            own = path in set(library.own(Kind.TRIALS))
            return read_design(path, library, shipped=not own)
    return None


def find_design(name: str | Path, library: Library | None = None) -> TrialDesign:
    """Return the design of a trial of a library, or of a file.

    Parameters
    ----------
    name : str or Path
        Id, registry number or alias, whatever its case, spaces and hyphens; or the
        path of a YAML file.
    library : Library, optional
        Where to look, and whose drugs the arms may take; by default that of the
        package, of installed packages and of ``OESTRA_LIBRARY``.

    Returns
    -------
    TrialDesign
        The design.

    Raises
    ------
    InputError
        If there is no such trial or file, or the file does not fit.
    """
    library = library or library_of()
    if isinstance(name, Path) or name.endswith((".yaml", ".yml")):
        return read_design(Path(name), library)
    plain = plain_name(name)
    quick = _named(plain, library)
    if quick is not None:
        return quick
    names = {
        known: design
        for design in designs(library).values()
        for known in (design.id, *design.aliases)
    }
    for known, design in names.items():
        if plain_name(known) == plain:
            return design
    raise unknown_name("trial", name, names)
