"""What a YAML document may hold, checked event by event before any of it is built."""

import re
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)
from ruamel.yaml.events import CollectionEndEvent as EndEvent

from oestra.core.errors import InputError, shown
from oestra.core.text_file import check_characters

__all__ = ["scan"]

_DEEPEST = 20
_MOST_NODES = 20_000
_LONGEST = 10_000
_DIGITS = 17
_INTEGER = re.compile(r"[-+]?(0x[0-9a-fA-F_]+|(0[ob])?[0-9_]*[0-9][0-9_]*)")
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}([Tt\s].*)?")


@dataclass(slots=True)
class _Level:
    """A mapping or list that is open."""

    mapping: bool
    anchor: str | None
    before: int
    keys: dict[str, int] = field(default_factory=dict)
    at_key: bool = True


@dataclass(slots=True)
class _Scan:
    """Follows the events of one document."""

    where: str
    levels: list[_Level] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    nodes: int = 0
    documents: int = 0

    def refuse(self, event: Any, reason: str) -> InputError:
        return InputError(f"{self.where}, line {event.start_mark.line + 1}: {reason}.")

    def take(self, event: Any) -> None:
        """Check one event."""
        if isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise self.refuse(event, "a second document begins; one is read")
        elif isinstance(event, NodeEvent):
            self.node(event)
        elif isinstance(event, EndEvent):
            level = self.levels.pop()
            if level.anchor:
                self.sizes[level.anchor] = self.nodes - level.before

    def node(self, event: Any) -> None:
        """Check a scalar, an alias or the start of a mapping or list."""
        before = self.nodes
        self.nodes += self.size(event)
        if self.nodes > _MOST_NODES:
            raise self.refuse(event, f"more than {_MOST_NODES:,} values are given")
        if not isinstance(event, AliasEvent) and (event.tag or "!") != "!":
            raise self.refuse(event, f"tags such as {shown(event.tag)} are not read")
        if self.levels and self.levels[-1].mapping:
            self.pair(event, self.levels[-1])
        if isinstance(event, ScalarEvent):
            self.scalar(event)
            if event.anchor:
                self.sizes[event.anchor] = 1
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            mapping = isinstance(event, MappingStartEvent)
            self.sizes.pop(event.anchor, None)
            self.levels.append(_Level(mapping, event.anchor, before))
            if len(self.levels) > _DEEPEST:
                raise self.refuse(event, f"more than {_DEEPEST} levels are nested")

    def size(self, event: Any) -> int:
        """Return how many values an event stands for."""
        if not isinstance(event, AliasEvent):
            return 1
        if any(level.anchor == event.anchor for level in self.levels):
            raise self.refuse(event, f"*{event.anchor} stands within itself")
        if event.anchor not in self.sizes:
            raise self.refuse(event, f"no anchor &{event.anchor} comes before")
        return self.sizes[event.anchor]

    def pair(self, event: Any, level: _Level) -> None:
        """Check a key, or step over a value."""
        level.at_key = not level.at_key
        if level.at_key:
            return
        if not isinstance(event, ScalarEvent):
            raise self.refuse(event, "a key must be a word")
        first = level.keys.get(event.value)
        if first is not None:
            reason = (
                f"the key {shown(event.value)} is given twice, first on line {first}"
            )
            raise self.refuse(event, reason)
        level.keys[event.value] = event.start_mark.line + 1

    def scalar(self, event: Any) -> None:
        """Check a text or number."""
        line = f"{self.where}, line {event.start_mark.line + 1}"
        if len(event.value) > _LONGEST:
            reason = f"{shown(event.value)} has more than {_LONGEST:,} characters"
            raise self.refuse(event, reason)
        check_characters(event.value, line)
        if event.style:
            return
        if len(event.value) > _DIGITS and _INTEGER.fullmatch(event.value):
            reason = f"{shown(event.value)} has more than {_DIGITS} digits"
            raise self.refuse(event, reason)
        if _DATE.fullmatch(event.value):
            reason = f"{shown(event.value)} is read as a date; write it in quotes"
            raise self.refuse(event, reason)


def scan(text: str, where: str) -> None:
    """Check that a YAML document is small and plain enough to be read.

    Parameters
    ----------
    text : str
        The document.
    where : str
        Name of the file, for errors.

    Raises
    ------
    InputError
        If there are too many values or levels, a text or number is too long, a key is
        given twice, or there are dates, tags, control characters, a second document,
        or aliases that are unknown or lead to themselves.
    MarkedYAMLError
        If it is no YAML.
    """
    found = _Scan(where)
    for event in YAML(typ="safe", pure=True).parse(text):
        found.take(event)
