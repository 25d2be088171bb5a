"""Finding a trial by name, and reading a design from its file."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from oestra.core.errors import InputError, unknown_name
from oestra.core.name import plain_name
from oestra.core.text_file import read_text
from oestra.trial.design import TrialDesign
from oestra.trial.design_file import parse_design

__all__ = ["designs", "find_design", "read_design"]

def read_design(path: Path, *, shipped: bool = False) -> TrialDesign:
    """Read a trial's design from its file.

    Parameters
    ----------
    path : Path
        A YAML file in the schema of the library.
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
    design = parse_design(read_text(path), path.name, regimens=not shipped)
    if not shipped:
        _refuse_borrowed(design, path.name)
    return design


def _refuse_borrowed(design: TrialDesign, name: str) -> None:
    """Raise if a design goes by the name of a trial of the library that it is not.

    Published results are found by name, and would be set beside another trial.
    """
    known = {
        plain_name(known): one
        for one in designs().values()
        for known in (one.id, *one.aliases)
    }
    one = known.get(plain_name(design.id))
    if one is not None and one != design:
        raise InputError(
            f"{name}: the id {design.id!r} is that of a trial of the library with "
            f"published results ({one.id}), and this design differs from it; give it "
            "an id of its own."
        )


@cache
def _folder() -> Path:
    return Path(str(resources.files("oestra.trial") / "library"))


@cache
def _shipped(name: str) -> TrialDesign:
    design = read_design(_folder() / f"{name}.yaml", shipped=True)
    if design.id != name:
        raise InputError(f"{name}.yaml declares the trial {design.id!r}.")
    return design


@cache
def designs() -> Mapping[str, TrialDesign]:
    """Return every trial of the library, by id."""
    names = sorted(path.stem for path in _folder().glob("*.yaml"))
    return MappingProxyType({name: _shipped(name) for name in names})


def find_design(name: str | Path) -> TrialDesign:
    """Return the design of a trial of the library, or of a file.

    Parameters
    ----------
    name : str or Path
        Id, registry number or alias, whatever its case, spaces and hyphens; or the
        path of a YAML file.

    Returns
    -------
    TrialDesign
        The design.

    Raises
    ------
    InputError
        If there is no such trial or file, or the file does not fit.
    """
    if isinstance(name, Path) or name.endswith((".yaml", ".yml")):
        return read_design(Path(name))
    plain = plain_name(name)
    for path in _folder().glob("*.yaml"):
        if plain_name(path.stem) == plain:
            return _shipped(path.stem)
    names = {
        known: design
        for design in designs().values()
        for known in (design.id, *design.aliases)
    }
    for known, design in names.items():
        if plain_name(known) == plain:
            return design
    raise unknown_name("trial", name, names)
