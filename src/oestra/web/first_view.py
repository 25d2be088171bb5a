"""What the page shows first, kept on disk while nothing that it depends on changes.

The model takes a second to load, so that a look at the page right after its start would
wait for it. What the first view asks is always the same.
"""

import platform
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Any

from oestra.core.cached_record import cached_record, content_key
from oestra.core.library import library_of
from oestra.web.endpoint import Endpoint, Given, read_given

__all__ = ["FIRST", "FirstView"]

FIRST: Mapping[str, tuple[tuple[str, str], ...]] = {
    "/api/choices": (),
    "/api/network": (
        ("line", "MCF-7"),
        ("drug", "everolimus 20 nM"),
        ("against", "untreated"),
    ),
}
"""What the network view asks where its address says nothing, by path."""
_LAST = "/api/network"
_KINDS = (".py", ".yaml", ".json", ".csv", ".ant", ".xml")
_LIBRARIES = ("llvmlite", "numpy", "pandas", "scipy")


@dataclass(frozen=True, slots=True)
class FirstView:
    """Endpoints of which the first answers are kept.

    Parameters
    ----------
    endpoints : tuple of Endpoint
        As they answer without.
    answered : threading.Event
        Set when the first view has all that it asks for.
    """

    endpoints: tuple[Endpoint, ...]
    answered: threading.Event

    @property
    def kept(self) -> tuple[Endpoint, ...]:
        """The endpoints, which find the first answers on disk."""
        return tuple(
            replace(one, answer=self._answer(one)) if one.path in FIRST else one
            for one in self.endpoints
        )

    def make(self) -> None:
        """Make what is not kept yet, and load what all further answers need."""
        for one in self.kept:
            if one.path in FIRST:
                one.answer(_first(one.path, one.given))
        for one in self.endpoints:
            if one.path in FIRST:
                one.answer(read_given(one.given, []))

    def _answer(self, one: Endpoint) -> Callable[[Mapping[str, Any]], Any]:
        first = _first(one.path, one.given)

        def answer(given: Mapping[str, Any]) -> Any:
            if given != first:
                return one.answer(given)
            try:
                name = f"page {one.path}"
                return cached_record(name, fingerprint(), lambda: one.answer(given))
            finally:
                if one.path == _LAST:
                    self.answered.set()

        return answer


def _first(path: str, given: tuple[Given, ...]) -> dict[str, Any]:
    return read_given(given, list(FIRST[path]))


@cache
def fingerprint() -> str:
    """Return what differs wherever the model or its libraries do."""
    held = [*_files(Path(str(files("oestra"))))]
    for folder in library_of().folders:
        held += _files(folder)
    return " ".join([content_key(held), platform.python_version(), *_versions()])


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.suffix in _KINDS)


def _versions() -> Iterator[str]:
    for name in _LIBRARIES:
        try:
            yield version(name)
        except PackageNotFoundError:
            yield "-"
