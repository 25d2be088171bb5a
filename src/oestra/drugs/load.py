"""Reading drugs from their files, and finding one by any of its names."""

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from oestra.core.errors import InputError, OestraError, unknown_name
from oestra.core.name import plain_name
from oestra.drugs.disposition import check_kinetics
from oestra.drugs.drug import Drug

__all__ = ["find", "library", "read_drug"]


@cache
def _adapter() -> TypeAdapter[Drug]:
    return TypeAdapter(Drug)


def read_drug(file: Traversable) -> Drug:
    """Read one drug file.

    Parameters
    ----------
    file : Traversable
        A YAML file as in ``oestra/drugs/library``; a `pathlib.Path` will do.

    Returns
    -------
    Drug
        The drug it describes.

    Raises
    ------
    InputError
        If the file is no drug; the message names the file, the field and the fault.
    """
    try:
        data: Any = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    except YAMLError as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{file.name} is not valid YAML: {reason}") from None
    if not isinstance(data, dict) or "drug_class" in data:
        raise InputError(f"{file.name} must hold the fields of one drug.")
    if "class" in data:
        data["drug_class"] = data.pop("class")
    try:
        drug = _adapter().validate_python(data)
        check_kinetics(drug)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, e['loc'])).replace('drug_class', 'class')}: "
            f"{e['msg'][0].lower()}{e['msg'][1:]}"
            for e in error.errors()
        )
        raise InputError(f"{file.name}: {faults}.") from None
    except OestraError as error:
        raise InputError(f"{file.name}: {error}") from None
    if file.name != f"{drug.id}.yaml":
        raise InputError(f"{file.name} describes {drug.id!r}; name it {drug.id}.yaml.")
    return drug


@cache
def _files() -> dict[str, Traversable]:
    folder = resources.files("oestra.drugs") / "library"
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    return {f.name.removesuffix(".yaml"): f for f in files if f.name.endswith(".yaml")}


@cache
def _load(name: str) -> Drug:
    return read_drug(_files()[name])


def library() -> dict[str, Drug]:
    """Return every drug by its id."""
    return {name: _load(name) for name in _files()}


def find(name: str) -> Drug:
    """Find a drug by its id or an alias, ignoring case, hyphens and spaces.

    Parameters
    ----------
    name : str
        Such as ``"everolimus"`` or ``"RAD001"``.

    Returns
    -------
    Drug
        The drug.

    Raises
    ------
    InputError
        If there is none; the message names the nearest.

    Examples
    --------
    >>> find("rad-001").id
    'everolimus'
    """
    wanted = plain_name(name)
    for drug_id in _files():
        if plain_name(drug_id) == wanted:
            return _load(drug_id)
    drugs = library().values()
    for drug in drugs:
        if wanted in map(plain_name, drug.aliases):
            return drug
    known = [known for drug in drugs for known in (drug.id, *drug.aliases)]
    raise unknown_name("drug", name, known)
