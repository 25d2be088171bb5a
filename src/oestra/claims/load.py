"""Read the claims, and find one by its id."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from oestra.claims.schema import Claim
from oestra.core.errors import InputError, unknown_name
from oestra.core.yaml_text import not_yaml

__all__ = ["claims", "find_claim", "read_claim"]


def read_claim(text: str, where: str) -> Claim:
    """Read one claim.

    Parameters
    ----------
    text : str
        YAML.
    where : str
        Name of the file, for errors.

    Returns
    -------
    Claim
        The claim.

    Raises
    ------
    InputError
        If the file does not fit; names file and key.
    """
    try:
        return Claim.model_validate(YAML(typ="safe").load(text))
    except MarkedYAMLError as error:
        raise not_yaml(error, where) from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(step) for step in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        raise InputError(f"{where}: {key}: {reason}.") from error


@cache
def claims() -> Mapping[str, Claim]:
    """Return every claim by id, in the order of the review."""
    found: dict[str, Claim] = {}
    folder = files("oestra.claims.library")
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if not file.name.endswith(".yaml"):
            continue
        claim = read_claim(file.read_text(encoding="utf-8"), file.name)
        if claim.number != int(file.name.partition("-")[0]) or claim.id in found:
            raise InputError(f"{file.name} declares the claim {claim.id!r}.")
        found[claim.id] = claim
    return MappingProxyType(found)


def find_claim(name: str) -> Claim:
    """Return a claim by id or number, such as ``"C018"``, ``"c18"`` or ``"18"``.

    Raises
    ------
    InputError
        If there is none; names the nearest.
    """
    digits = name.strip().casefold().removeprefix("c")
    key = f"C{int(digits):03d}" if digits.isdecimal() else name
    if key not in claims():
        raise unknown_name("claim", name, claims(), where="the library of claims")
    return claims()[key]
