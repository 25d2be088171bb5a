"""What a culture medium may hold besides drugs."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter
from ruamel.yaml import YAML

from oestra.core.quantity import Quantity

__all__ = ["Substance", "find_substance", "substances"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Substance:
    """A hormone or growth factor of a medium.

    Parameters
    ----------
    id : str
        Name under which everything else knows it.
    aliases : tuple of str
        Other names.
    parameter : str
        Parameter of the cell that holds its concentration, nM; empty for a precursor.
    molar_mass : Quantity
        In g/mol.
    """

    id: str
    aliases: tuple[str, ...] = ()
    parameter: str = ""
    molar_mass: Quantity


@cache
def substances() -> dict[str, Substance]:
    """Return every substance by its id."""
    text = files("oestra.culture").joinpath("substances.yaml").read_text("utf-8")
    read = TypeAdapter(list[Substance]).validate_python(YAML(typ="safe").load(text))
    return {substance.id: substance for substance in read}


def find_substance(name: str) -> Substance | None:
    """Find a substance by any of its names, or None if it is not one."""

    def plain(text: str) -> str:
        return "".join(c for c in text.casefold() if c not in " -_")

    wanted = plain(name)
    for substance in substances().values():
        if wanted in map(plain, (substance.id, *substance.aliases)):
            return substance
    return None
