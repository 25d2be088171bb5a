"""One file of a library as it was written, and the lines on which things stand."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oestra.core.errors import OestraError
from oestra.core.library import Kind
from oestra.core.text_file import read_text
from oestra.core.yaml_text import line_of, load_yaml
from oestra.own_library.fault import Fault

__all__ = ["Document", "Place", "read_document"]

Place = Sequence[str | int]
_LINE = re.compile(r", line (\d+)(?=:)|\s*\(line (\d+)\)")
_QUOTED = re.compile(r"'([^'\n]+)'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file that could be read.

    Parameters
    ----------
    kind : Kind
        What it is to hold.
    path : Path
        The file.
    shown : str
        Its path as people gave it.
    text : str
        Its text.
    data : object
        What the YAML of it says; None for pathways.
    """

    kind: Kind
    path: Path
    shown: str
    text: str
    data: Any = None

    def fault(self, place: Place, problem: str | Exception) -> Fault:
        """Return a fault at a place: keys and positions, the outermost first."""
        line = line_of(self.text, place) if place else 0
        return Fault(self.shown, line, _sentence(str(problem)))

    def of_error(self, error: OestraError, place: Place = ()) -> Iterator[Fault]:
        """Yield the faults that a reader told, one or several, with their lines."""
        sentences: Iterable[str] = getattr(error, "sentences", (str(error),))
        for sentence in sentences:
            name = re.escape(self.path.name)
            plain = sentence.replace(str(self.path), self.path.name)
            plain = re.sub(rf" in ({name}, line \d+)\b", "", plain)
            found = _LINE.search(plain)
            line = int(found[1] or found[2]) if found else 0
            plain = _LINE.sub("", plain, count=1)
            plain = plain.removeprefix(f"{self.path.name}: ")
            plain = plain.replace(f" in {self.path.name}", "")
            if not line:
                line = line_of(self.text, place) if place else self._mentions(plain)
            yield Fault(self.shown, line, _sentence(plain))

    def _mentions(self, sentence: str) -> int:
        """Return the first line that holds what a sentence quotes; 0 for none."""
        for word in _QUOTED.findall(sentence):
            for number, line in enumerate(self.text.splitlines(), start=1):
                if word in line.split(" #")[0]:
                    return number
        return 0


def _sentence(text: str) -> str:
    plain = " ".join(text.split())
    return plain if plain.endswith(".") else f"{plain}."


def read_document(kind: Kind, path: Path, shown: str) -> Document | Fault:
    """Read a file of a library, or return why it cannot be read.

    Parameters
    ----------
    kind : Kind
        What it is to hold.
    path : Path
        The file.
    shown : str
        Its path as people gave it.

    Returns
    -------
    Document or Fault
        The file, or why it is none.
    """
    try:
        text = read_text(path)
        data = None if kind is Kind.PATHWAYS else load_yaml(text, path.name)
    except OestraError as error:
        empty = Document(kind=kind, path=path, shown=shown, text="")
        return next(empty.of_error(error))
    return Document(kind=kind, path=path, shown=shown, text=text, data=data)
