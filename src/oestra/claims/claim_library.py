"""Read the claims, and find one by its id."""

from collections.abc import Mapping
from types import MappingProxyType

from oestra.claims.claim import Claim
from oestra.core.errors import InputError, unknown_name
from oestra.core.library import SHIPPED, Kind, Library
from oestra.core.read_model import read_model
from oestra.core.text_file import decode

__all__ = ["claims", "find_claim", "read_claim"]


def read_claim(text: str, where: str, *, trusted: bool = False) -> Claim:
    """Read one claim.

    Parameters
    ----------
    text : str
        YAML.
    where : str
        Name of the file, for errors.
    trusted : bool
        Whether it ships with the package.

    Returns
    -------
    Claim
        The claim.

    Raises
    ------
    InputError
        If the file does not fit; names file, key and line of every fault.
    """
    return read_model(Claim, text, where, trusted=trusted)


def _read(library: Library) -> Mapping[str, Claim]:
    found: dict[str, Claim] = {}
    own = set(library.own(Kind.CLAIMS))
    for file in library.files(Kind.CLAIMS, "oestra.claims.library"):
        text = decode(file.read_bytes(), file.name)
        claim = read_claim(text, file.name, trusted=file not in own)
        first = file.name.partition("-")[0]
        misnamed = file not in own and claim.id != f"C{first}"
        if misnamed or claim.id in found:
            raise InputError(f"{file.name} declares the claim {claim.id!r}.")
        found[claim.id] = claim
    return MappingProxyType(found)


def claims(library: Library = SHIPPED) -> Mapping[str, Claim]:
    """Return every claim by id, those of the review in its order, then own ones."""
    return library.once(_read)


def find_claim(name: str, library: Library = SHIPPED) -> Claim:
    """Return a claim by id or number, such as ``"C018"``, ``"c18"`` or ``"18"``.

    Raises
    ------
    InputError
        If there is none; names the nearest.
    """
    known = claims(library)
    digits = name.strip().casefold().removeprefix("c")
    key = f"C{int(digits):03d}" if digits.isdecimal() else name
    if key not in known:
        raise unknown_name("claim", name, known, where="the library of claims")
    return known[key]
