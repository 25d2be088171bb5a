"""One set of values for every parameter of the model, as calibration sees it."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from oestra.core.errors import unknown_name
from oestra.core.library import SHIPPED, Library
from oestra.core.quantity import Quantity

__all__ = ["NO_SETTINGS", "ParameterSet", "digest_of_sets"]


@dataclass(frozen=True, slots=True)
class ParameterSet(Mapping[str, float]):
    """Values by name; changed only by `replace`.

    Parameters
    ----------
    values_by_name : dict of str to float
        Every parameter and its value.
    library : Library
        What it was read from: the cell, drugs and practice it belongs to.
    """

    values_by_name: dict[str, float]
    library: Library = SHIPPED

    @classmethod
    def of(
        cls, *tables: Mapping[str, Quantity], library: Library = SHIPPED
    ) -> "ParameterSet":
        """Take the values of tables of quantities, read from a library.

        Raises
        ------
        ValueError
            If two tables declare one name.
        """
        values: dict[str, float] = {}
        for table in tables:
            twice = values.keys() & table.keys()
            if twice:
                raise ValueError(f"declared twice: {sorted(twice)}")
            values.update({name: item.value for name, item in table.items()})
        return cls(values, library)

    def __getitem__(self, name: str) -> float:
        if name not in self.values_by_name:
            raise unknown_name("parameter", name, self.values_by_name)
        return self.values_by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self.values_by_name

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_by_name)

    def __len__(self) -> int:
        return len(self.values_by_name)

    def __hash__(self) -> int:
        return hash(self.digest)

    def replace(self, **values: float) -> "ParameterSet":
        """Return a set with some values changed; unknown names raise `InputError`."""
        for name in values:
            self[name]
        return ParameterSet({**self.values_by_name, **values}, self.library)

    @property
    def digest(self) -> str:
        """Hash of all names and values."""
        text = "\n".join(f"{k}={v!r}" for k, v in sorted(self.values_by_name.items()))
        return hashlib.sha256(text.encode()).hexdigest()


def digest_of_sets(sets: Sequence[ParameterSet]) -> str:
    """Hash parameter sets that are run together; that of a single one is its own."""
    digests = [one.digest for one in sets]
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("".join(digests).encode()).hexdigest()


NO_SETTINGS: Mapping[str, float] = MappingProxyType({})
"""Nothing set by the user."""
