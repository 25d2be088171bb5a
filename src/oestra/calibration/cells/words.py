"""What the words of the measurements mean to the culture room."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from oestra.calibration.cells.experiment import Arm
from oestra.core.read_yaml import read_yaml
from oestra.evidence.cell_measurement import CellMeasurement

__all__ = ["arm_at", "arm_of", "medium_of", "steps_of", "symbol_of", "words"]

_STARVED = "starved"


@cache
def words() -> Mapping[str, Any]:
    """Return the words, as ``words.yaml`` has them."""
    text = files("oestra.calibration.cells").joinpath("words.yaml").read_text("utf-8")
    return read_yaml(text)


def medium_of(word: str) -> str:
    """Return a medium as the culture room reads it."""
    known = words()
    return known["media"][known["media_words"].get(word, word)]["text"]


def steps_of(steps: Iterable[str] = (_STARVED,)) -> tuple[str, ...]:
    """Return what cells went through; by default they were starved."""
    return tuple(words()[_STARVED] if one == _STARVED else one for one in steps)


def symbol_of(row: CellMeasurement) -> str:
    """Return the symbol of the cell that a row reads."""
    return words()["readouts"][row.readout][0]


def arm_of(treatment: str) -> Arm:
    """Return the arm of a treatment."""
    return Arm(condition=words()["treatments"].get(treatment, treatment))


def arm_at(name: str, dose: float) -> Arm:
    """Return the arm of an inhibitor at a dose, nM."""
    load = words()["loads"].get(name)
    if load is None:
        return Arm(condition=f"{name} {dose:.6g} nM")
    both = {load["parameter"]: load["half"], **load.get("also", {})}
    return Arm(loads=tuple((k, dose / half) for k, half in sorted(both.items())))
