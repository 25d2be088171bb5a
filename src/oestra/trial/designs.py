"""Finding a trial by name, and reading a design from its file."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from oestra.core.errors import InputError
from oestra.core.library import SHIPPED, Kind, Library, library_of
from oestra.core.name import plain_name
from oestra.core.named import find_named
from oestra.core.text_file import read_text
from oestra.trial.design import TrialDesign
from oestra.trial.design_file import parse_design, parse_designs

__all__ = ["designs", "find_design", "find_designs", "read_design"]


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
        If the file cannot be read or does not fit, with every fault: the message
        names file, line and the nearest valid key.
    """
    return parse_design(read_text(path), path.name, None if shipped else library)


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


def _refuse_borrowed(design: TrialDesign, name: str, library: Library) -> None:
    """Raise if a design goes by the name of a trial of the library that it is not.

    Published results are found by name, and would be set beside another trial.
    """
    known = {
        plain_name(known): one
        for one in designs(library).values()
        for known in (one.id, *one.aliases)
    }
    one = known.get(plain_name(design.id))
    if one is not None and one != design:
        raise InputError(
            f"{name}: the id {design.id!r} is that of a trial of the library "
            f"({one.id}), whose published results are not those of this design; give "
            "it an id of its own."
        )


def find_designs(
    name: str | Path, library: Library | None = None
) -> tuple[TrialDesign, ...]:
    """Return a trial, and the variants that its file holds.

    Parameters
    ----------
    name, library
        As of `find_design`.

    Returns
    -------
    tuple of TrialDesign
        The trial first; alone where it has no variants.

    Raises
    ------
    InputError
        As of `find_design`.
    """
    library = library or library_of()
    if not _is_file(name):
        return (find_design(name, library),)
    found = parse_designs(read_text(Path(name)), Path(name).name, library)
    for design in found:
        _refuse_borrowed(design, Path(name).name, library)
    return found


def _is_file(name: str | Path) -> bool:
    return isinstance(name, Path) or name.endswith((".yaml", ".yml"))


def find_design(name: str | Path, library: Library | None = None) -> TrialDesign:
    """Return the design of a trial of a library, or of a file.

    Parameters
    ----------
    name : str or Path
        Id, registry number or alias, whatever its case, spaces and hyphens; or the
        path of a YAML file, whose variants are left out.
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
        If there is no such trial or file, the file does not fit, or it goes by the
        name of another trial of the library.
    """
    library = library or library_of()
    if _is_file(name):
        design = read_design(Path(name), library)
        _refuse_borrowed(design, Path(name).name, library)
        return design
    quick = _named(plain_name(str(name)), library)
    if quick is not None:
        return quick
    names = {
        known: design
        for design in designs(library).values()
        for known in (design.id, *design.aliases)
    }
    return find_named("trial", str(name), names)
