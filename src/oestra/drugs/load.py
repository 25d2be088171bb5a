"""Reading drugs from their files, and finding one by any of its names."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

from pydantic import TypeAdapter, ValidationError

from oestra.core.errors import InputError, OestraError, shown, unknown_name
from oestra.core.library import SHIPPED, Kind, Library, library_of
from oestra.core.model_faults import model_faults
from oestra.core.name import ID_RULE, is_id, plain_name
from oestra.core.record_keys import keys_of
from oestra.core.text_file import decode
from oestra.core.yaml_text import load_yaml
from oestra.drugs.drug import Drug
from oestra.drugs.drug_faults import check_drug
from oestra.drugs.target import Maximum, levers

__all__ = ["drugs", "find", "find_drug", "read_drug"]


@cache
def _adapter() -> TypeAdapter[Drug]:
    return TypeAdapter(Drug)


def read_drug(file: Traversable, *, trusted: bool = False) -> Drug:
    """Read one drug file.

    Parameters
    ----------
    file : Traversable
        A YAML file as in ``oestra/drugs/library``; a `pathlib.Path` will do.
    trusted : bool
        Whether it ships with the package.

    Returns
    -------
    Drug
        The drug it describes.

    Raises
    ------
    InputError
        If the file is no drug; the message names file, field and line of every fault.
    """
    text = decode(file.read_bytes(), file.name)
    try:
        data: Any = load_yaml(text, file.name, trusted=trusted)
    except InputError as error:
        reason = str(error).removeprefix(f"{file.name} is not valid YAML: ")
        raise InputError(f"{file.name} is not valid YAML: {reason}") from None
    if not isinstance(data, dict) or {"drug_class", "formed"} & data.keys():
        raise InputError(f"{file.name} must hold the fields of one drug.")
    if "class" in data:
        data["drug_class"] = data.pop("class")
    try:
        drug = _adapter().validate_python(data)
        check_drug(drug)
    except ValidationError as error:
        names = {"drug_class": "class"}
        keys = {names.get(key, key) for key in keys_of(Drug)}
        raise model_faults(error.errors(), text, file.name, names, keys) from None
    except OestraError as error:
        raise InputError(f"{file.name}: {error}") from None
    if not is_id(drug.id):
        raise InputError(f"{file.name}: {shown(drug.id)} cannot be an id: {ID_RULE}.")
    if file.name != f"{drug.id}.yaml":
        raise InputError(f"{file.name} describes {drug.id!r}; name it {drug.id}.yaml.")
    return drug


def _check_targets(drug: Drug, where: str, library: Library) -> None:
    """Refuse targets the library does not have, and limits that would not act."""
    known = levers(library)
    for action in drug.targets:
        if action.target not in known:
            raise unknown_name("target", action.target, known, where=where)
        lever = known[action.target]
        of_drug = lever.maximum is Maximum.DRUG
        if of_drug and action.max_effect is None:
            raise InputError(f"{where}: {action.target} needs a max_effect.")
        if not of_drug and action.max_effect is not None:
            raise InputError(
                f"{where}: the max_effect on {action.target} would not act, as the "
                f"cell limits that effect ({', '.join(lever.limited_by)}); leave it "
                "out."
            )


def _linked(drugs: Mapping[str, Drug]) -> dict[str, Drug]:
    """Give each drug the drugs that its metabolites are."""
    linked = {}
    for name, drug in drugs.items():
        for metabolite in drug.metabolites:
            if metabolite.drug not in drugs:
                raise unknown_name(
                    "metabolite", metabolite.drug, drugs, where=f"{name}.yaml"
                )
        formed = tuple(drugs[metabolite.drug] for metabolite in drug.metabolites)
        linked[name] = replace(drug, formed=formed) if formed else drug
    return linked


def _read_all(library: Library) -> Mapping[str, Drug]:
    found: dict[str, Drug] = {}
    names: dict[str, tuple[str, str]] = {}
    own = set(library.own(Kind.DRUGS))
    for file in library.files(Kind.DRUGS, "oestra.drugs.library"):
        drug = read_drug(file, trusted=file not in own)
        _check_targets(drug, file.name, library)
        for name in (drug.id, *drug.aliases):
            here = (drug.id, library.place(file))
            taken = names.setdefault(plain_name(name), here)
            if taken != here:
                raise InputError(
                    f"{here[1]} names a drug {name!r}, as {taken[1]} does; choose "
                    "another name."
                )
        found[drug.id] = drug
    return MappingProxyType(_linked(found))


def drugs(library: Library = SHIPPED) -> Mapping[str, Drug]:
    """Return every drug of a library by its id."""
    return library.once(_read_all)


def find(name: str, library: Library = SHIPPED) -> Drug:
    """Find a drug by its id or an alias, ignoring case, hyphens and spaces.

    Parameters
    ----------
    name : str
        Such as ``"everolimus"`` or ``"RAD001"``.
    library : Library
        Where to look.

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
    known = drugs(library)
    for drug in known.values():
        if wanted in map(plain_name, (drug.id, *drug.aliases)):
            return drug
    raise unknown_name(
        "drug", name, [word for d in known.values() for word in (d.id, *d.aliases)]
    )


def find_drug(name: str, *, library: Library | None = None) -> Drug:
    """Find a drug as the command line does.

    Parameters
    ----------
    name : str
        Id or alias.
    library : Library, optional
        Where to look; by default in that of the package, of installed packages and of
        ``OESTRA_LIBRARY``.

    Returns
    -------
    Drug
        The drug.

    Raises
    ------
    InputError
        If there is none; the message names the nearest.
    """
    return find(name, library or library_of())
