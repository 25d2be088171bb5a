"""What can be read from a culture, each with its unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter
from ruamel.yaml import YAML

from oestra.core.errors import unknown_name

__all__ = ["Readout", "find_readout", "readouts"]


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


@cache
def readouts() -> dict[str, Readout]:
    """Return every readout by its name."""
    text = files("oestra.culture").joinpath("readouts.yaml").read_text("utf-8")
    entries = YAML(typ="safe").load(text)
    read = TypeAdapter(Readout).validate_python
    return {name: read({"name": name, **entry}) for name, entry in entries.items()}


def find_readout(name: str) -> Readout:
    """Find a readout by its name or an alias, ignoring case, hyphens and underscores.

    Raises
    ------
    InputError
        If there is none; names the nearest.
    """

    def plain(text: str) -> str:
        return "".join(c for c in text.casefold() if c not in " -_")

    for readout in readouts().values():
        if plain(name) in map(plain, (readout.name, *readout.aliases)):
            return readout
    known = [n for one in readouts().values() for n in (one.name, *one.aliases)]
    raise unknown_name("readout", name, known)
