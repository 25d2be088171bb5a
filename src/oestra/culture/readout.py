"""What can be read from a culture, each with its unit."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from oestra.core.errors import InputError, unknown_name
from oestra.core.library import SHIPPED, Kind, Library
from oestra.core.library_file import read_mapping
from oestra.core.name import plain_name

__all__ = ["Readout", "find_readout", "read_as", "readouts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readout:
    """Something measured on a culture.

    Parameters
    ----------
    name : str
        Its name.
    symbols : tuple of str
        Symbols of the cell; their product is reported.
    unit : str
        Unit of what is reported.
    text : str
        What it is.
    scale : float
        Factor on the product.
    exponential : bool
        Whether the symbol is a logarithm.
    aliases : tuple of str
        Other names.
    label : str
        How a figure names it; the name by default.
    """

    name: str
    symbols: tuple[str, ...]
    unit: str
    text: str
    scale: float = 1.0
    exponential: bool = False
    aliases: tuple[str, ...] = ()
    label: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.scale < math.inf:
            raise InputError(
                f"The scale of a readout must be above 0, and finite, got "
                f"{self.scale:g}."
            )

    def of(
        self, outputs: NDArray[np.float64], names: Sequence[str]
    ) -> NDArray[np.float64]:
        """Return the readout from recorded symbols.

        Parameters
        ----------
        outputs : ndarray, shape (..., symbols)
            What was recorded.
        names : sequence of str
            Names of the recorded symbols.

        Returns
        -------
        ndarray, shape (...)
            In the readout's unit.
        """
        columns = [names.index(symbol) for symbol in self.symbols]
        product = np.prod(outputs[..., columns], axis=-1)
        return self.scale * (np.exp(product) if self.exponential else product)


def _read(library: Library) -> Mapping[str, Readout]:
    check = TypeAdapter(Readout).validate_python
    found: dict[str, Readout] = {}
    for file in library.files(Kind.READOUTS, "oestra.culture.readouts"):
        entries = read_mapping(file, "readouts by name")
        for name, entry in entries.items():
            if name in found:
                raise InputError(f"{file.name}: {name!r} is declared twice.")
            try:
                found[name] = check({"name": name, **entry})
            except (TypeError, ValidationError) as error:
                raise InputError(f"{file.name}: {name}: {error}.") from None
    return MappingProxyType(found)


def readouts(library: Library = SHIPPED) -> Mapping[str, Readout]:
    """Return every readout of a library by its name."""
    return library.once(_read)


def find_readout(name: str, library: Library = SHIPPED) -> Readout:
    """Find a readout by its name or an alias, ignoring case, hyphens and underscores.

    Raises
    ------
    InputError
        If there is none; names the nearest.
    """
    return _named(name, readouts(library).values(), where=None)


def read_as(name: str, read: Iterable[Readout]) -> str:
    """Return under which name a readout was read in an experiment.

    Parameters
    ----------
    name : str
        The name of a readout, or an alias.
    read : iterable of Readout
        What was read.

    Raises
    ------
    InputError
        If it was not; names the nearest that was.
    """
    return _named(name, read, where="this experiment").name


def _named(name: str, among: Iterable[Readout], *, where: str | None) -> Readout:
    known: list[str] = []
    for readout in among:
        names = (readout.name, *readout.aliases)
        if plain_name(name) in map(plain_name, names):
            return readout
        known += names
    raise unknown_name("readout", name, known, where=where)
