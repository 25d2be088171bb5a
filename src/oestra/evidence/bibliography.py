"""A strict reader for the BibTeX files of the sources.

The subset is what the project writes: ``@kind{key, field = {value}, ...}`` with values
in braces, and ``%`` comments on lines of their own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from oestra.core.errors import InputError

__all__ = ["Source", "read_bibliography"]

_HEAD = re.compile(r"@(?P<kind>\w+)\s*\{\s*(?P<key>[^\s,{}]+)\s*,")
_FIELD = re.compile(r"\s*(?P<name>\w+)\s*=\s*\{")
_SEPARATOR = re.compile(r"\s*,?")
_SPACE = re.compile(r"\s*")
_COMMENT = re.compile(r"^[ \t]*%.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One entry of the bibliography.

    Parameters
    ----------
    key : str
        Name under which evidence cites it.
    kind : str
        BibTeX type, such as ``"article"``.
    fields : dict of str to str
        Its fields; ``note`` says how far it was read.
    file : str
        File that declares it.
    line : int
        Line in that file.
    """

    key: str
    kind: str
    fields: dict[str, str] = field(default_factory=dict)
    file: str = ""
    line: int = 0

    @property
    def citation(self) -> str:
        """Author, year and place of publication, as far as known."""
        names = ("author", "title", "journal", "howpublished", "year", "doi", "url")
        return ". ".join(self.fields[name] for name in names if name in self.fields)


def _fault(path: Path, text: str, at: int, what: str) -> InputError:
    return InputError(f"{path.name}, line {text.count(chr(10), 0, at) + 1}: {what}.")


def _braced(text: str, start: int) -> int:
    depth = 1
    for at in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return at
    return -1


def _past(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _fields(text: str, at: int, path: Path) -> tuple[dict[str, str], int]:
    found: dict[str, str] = {}
    while match := _FIELD.match(text, at):
        name = match["name"].lower()
        end = _braced(text, match.end())
        if end < 0:
            raise _fault(
                path, text, match.start("name"), f"field {name!r} has no closing brace"
            )
        if name in found:
            raise _fault(path, text, match.start("name"), f"field {name!r} twice")
        found[name] = " ".join(text[match.end() : end].split())
        at = end + 1
        at = _past(_SEPARATOR, text, at)
    at = _past(_SPACE, text, at)
    if not text.startswith("}", at):
        raise _fault(path, text, at, "expected 'name = {value}' or a closing brace")
    return found, at + 1


def _entries(path: Path) -> Iterator[Source]:
    text = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    at = 0
    while (at := _past(_SPACE, text, at)) < len(text):
        head = _HEAD.match(text, at)
        if head is None:
            raise _fault(path, text, at, "expected '@kind{key,'")
        line = text.count("\n", 0, at) + 1
        fields, at = _fields(text, head.end(), path)
        yield Source(
            key=head["key"],
            kind=head["kind"].lower(),
            fields=fields,
            file=path.name,
            line=line,
        )


def read_bibliography(folder: Path) -> dict[str, Source]:
    """Read every ``*.bib`` file of a folder.

    Parameters
    ----------
    folder : Path
        Where the files lie.

    Returns
    -------
    dict of str to Source
        Entries by key.

    Raises
    ------
    InputError
        If a file is malformed, or a key is declared twice.
    """
    sources: dict[str, Source] = {}
    for path in sorted(folder.glob("*.bib")):
        for source in _entries(path):
            first = sources.get(source.key)
            if first is not None:
                raise InputError(
                    f"Source {source.key!r} is declared twice: {first.file}, line "
                    f"{first.line}, and {source.file}, line {source.line}."
                )
            sources[source.key] = source
    return sources
