"""The names of the readouts, for lists of what can be asked."""

from importlib.resources import files

from oestra.core.yaml_blocks import top_level_blocks

__all__ = ["readout_names"]


def readout_names() -> tuple[str, ...]:
    """Return the names of the readouts that ship, without reading what they are."""
    text = files("oestra.culture").joinpath("readouts.yaml").read_text("utf-8")
    return tuple(top_level_blocks(text) or ())
