"""Inspection of a document's XML before it is interpreted.

The library that interprets SBML descends into nested elements without limit and calls
a missing package a schema error; what it cannot survive or explain is refused here. A
package that is required but not used changes nothing and is no reason to refuse.
"""

import re
from collections.abc import Callable
from xml.parsers import expat

from oestra.core.errors import InputError, shown

__all__ = ["MAXIMUM_DEPTH", "inspect_xml"]

MAXIMUM_DEPTH = 1000
"""Deepest nesting of elements that is read."""

_HARMLESS = ("l3v2extendedmath", "comp", "distrib")
"""Packages whose elements may stand: part of core, flattened, and uncertainties, which
change no value (random draws are symbols of formulas, and refused there)."""
_PACKAGE = re.compile(r"^http://www\.sbml\.org/sbml/level3/version\d+/([^/]+)/")


class _Inspector:
    """Follows the elements of one document.

    Parameters
    ----------
    name : str
        What to call the document in messages.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.depth = 0
        self.required: dict[str, str] = {}
        self.line: Callable[[], int] = lambda: 0

    def open(self, tag: str, attributes: dict[str, str]) -> None:
        """Enter an element."""
        if self.depth == 0:
            self._root(tag.rpartition(" ")[2], attributes)
        elif self.required:
            self._refuse_use(tag, attributes)
        self.depth += 1
        if self.depth > MAXIMUM_DEPTH:
            raise InputError(
                f"{self.name} nests elements more than {MAXIMUM_DEPTH} deep; write "
                "long sums and products with one operator."
            )

    def close(self, _tag: str) -> None:
        """Leave an element."""
        self.depth -= 1

    def entity(self, entity: str, *_rest: object) -> None:
        """Refuse a declared entity, which SBML has no use for."""
        raise InputError(f"{self.name} declares the XML entity {entity!r}.")

    def _root(self, tag: str, attributes: dict[str, str]) -> None:
        if tag != "sbml":
            raise InputError(f"{self.name} is not SBML: its root element is <{tag}>.")
        level = attributes.get("level", "3").strip()
        if level not in ("1", "2", "3"):
            raise InputError(
                f"{self.name} is of SBML Level {shown(level)}; Levels 1 to 3 are read."
            )
        for attribute, value in attributes.items():
            space, _, local = attribute.rpartition(" ")
            package = _PACKAGE.search(space)
            required = local == "required" and value.strip() in ("true", "1")
            if package and required and package[1] not in _HARMLESS:
                self.required[space] = package[1]

    def _refuse_use(self, tag: str, attributes: dict[str, str]) -> None:
        """Refuse an element or attribute of a package that is required."""
        for full in (tag, *attributes):
            space, _, local = full.rpartition(" ")
            if space in self.required:
                raise InputError(
                    f"{self.name} needs the SBML package {self.required[space]!r} "
                    f"({local!r} in line {self.line()}), which is not supported; Level "
                    "3 core and 'comp' are."
                )


def inspect_xml(text: str, name: str) -> None:
    """Check that a document can be interpreted safely.

    Parameters
    ----------
    text : str
        The document.
    name : str
        What to call it in messages.

    Raises
    ------
    InputError
        If it is not well-formed XML, is not SBML, declares entities, is nested too
        deep, or uses a required package.
    """
    if text.strip() and not text.lstrip().startswith("<"):
        raise InputError(
            f"{name} is no XML, which begins with '<'; Antimony is read from files "
            "whose name ends in .ant."
        )
    inspector = _Inspector(name)
    parser = expat.ParserCreate(namespace_separator=" ")
    inspector.line = lambda: parser.CurrentLineNumber
    parser.StartElementHandler = inspector.open
    parser.EndElementHandler = inspector.close
    parser.EntityDeclHandler = inspector.entity
    try:
        parser.Parse(text, True)  # noqa: FBT003
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise InputError(
            f"{name} is not well-formed XML: line {error.lineno}: {reason}."
        ) from None
