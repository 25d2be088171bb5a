"""The names of the readouts, for lists of what can be asked."""

from oestra.core.library import SHIPPED, Kind, Library
from oestra.core.yaml_blocks import top_level_blocks

__all__ = ["readout_names"]


def readout_names(library: Library = SHIPPED) -> tuple[str, ...]:
    """Return the names of the readouts of a library, without reading what they are."""
    found: list[str] = []
    for file in library.files(Kind.READOUTS, "oestra.culture.readouts"):
        found += top_level_blocks(file.read_text(encoding="utf-8")) or ()
    return tuple(found)
