"""Inspection of a document's XML before it is interpreted.

The library that interprets SBML descends into nested elements without limit and calls
a missing package a schema error; what it cannot survive or explain is refused here.
"""

import re
from xml.parsers import expat

from oestra.core.errors import InputError

__all__ = ["MAXIMUM_DEPTH", "inspect_xml"]

MAXIMUM_DEPTH = 1000
"""Deepest nesting of elements that is read."""

_PART_OF_CORE = ("l3v2extendedmath",)
_PACKAGE = re.compile(r"/level3/version\d+/([^/]+)/")


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

    def open(self, tag: str, attributes: dict[str, str]) -> None:
        """Enter an element."""
        if self.depth == 0:
            self._root(tag.rpartition(" ")[2], attributes)
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
        for attribute, value in attributes.items():
            package = _PACKAGE.search(attribute)
            if not (package and attribute.endswith(" required") and value == "true"):
                continue
            if package[1] not in _PART_OF_CORE:
                raise InputError(
                    f"{self.name} requires the SBML package {package[1]!r}, which is "
                    "not supported; Level 3 core is."
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
        deep, or requires a package.
    """
    inspector = _Inspector(name)
    parser = expat.ParserCreate(namespace_separator=" ")
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
