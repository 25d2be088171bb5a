"""What is listed in files of a library, each under a name and other names."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError

from oestra.core.errors import InputError
from oestra.core.library import Kind, Library
from oestra.core.library_file import read_list
from oestra.core.name import plain_name

__all__ = ["find_record", "names_of", "read_records"]


class _Named(Protocol):
    @property
    def aliases(self) -> tuple[str, ...]: ...


_T = TypeVar("_T", bound=_Named)


def read_records(
    library: Library, kind: Kind, model: type[_T], name: Callable[[_T], str]
) -> Mapping[str, _T]:
    """Return every record of a kind, the package's first.

    Parameters
    ----------
    library : Library
        Whose.
    kind : Kind
        Which; those of the package lie beside this file.
    model : type
        Dataclass of one record.
    name : callable
        Returns the name of a record.

    Returns
    -------
    mapping of str to record
        By name.

    Raises
    ------
    InputError
        If a file cannot be read, or a name or other name is given to two records.
    """
    check = TypeAdapter(model).validate_python
    found: dict[str, _T] = {}
    owner: dict[str, str] = {}
    for file in library.files(kind, f"oestra.culture.{kind.value}"):
        try:
            listed = [check(one) for one in read_list(file, f"a list of {kind.value}")]
        except ValidationError as error:
            raise InputError(f"{library.place(file)}: {error}.") from None
        for one in listed:
            for word in dict.fromkeys((name(one), *one.aliases)):
                other = owner.setdefault(plain_name(word), name(one))
                if other != name(one) or name(one) in found:
                    raise InputError(
                        f"{library.place(file)}: {word!r} of {name(one)!r} is a name "
                        f"of {other!r} already."
                    )
            found[name(one)] = one
    return MappingProxyType(found)


def find_record(records: Mapping[str, _T], name: str) -> _T | None:
    """Return the record that has this name among its names; None where none has."""
    wanted = plain_name(name)
    for own, one in records.items():
        if wanted in map(plain_name, (own, *one.aliases)):
            return one
    return None


def names_of(records: Mapping[str, _T]) -> list[str]:
    """Return every name of every record, for errors that name the nearest."""
    return [word for own, one in records.items() for word in (own, *one.aliases)]
