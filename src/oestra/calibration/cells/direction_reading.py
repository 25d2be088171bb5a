"""Directions: what rises, falls or stays where no number was read."""

import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from oestra.calibration.cells.experiment import Arm, Setting
from oestra.calibration.cells.reading import LEAST, Reading, Sight, log_of
from oestra.calibration.cells.words import medium_of, steps_of
from oestra.core.read_yaml import read_yaml
from oestra.evidence.cell_measurement import CellMeasurement, Direction

__all__ = ["direction_readings"]


@cache
def _directed() -> Mapping[str, Mapping[str, Any]]:
    text = (
        files("oestra.calibration.cells").joinpath("directions.yaml").read_text("utf-8")
    )
    return read_yaml(text)


def direction_readings(row: CellMeasurement) -> list[Reading]:
    """Return what is read of a row: one reading a symbol of the cell."""
    how = _directed().get(row.id)
    if how is None:
        return []
    medium = medium_of(how["medium"])
    setting = Setting(
        line=how["line"], medium=medium, pretreat=steps_of(how["pretreat"])
    )
    control = Setting(
        line=how["line"],
        medium=medium,
        pretreat=steps_of(how.get("control_pretreat", how["pretreat"])),
    )
    arm, against = Arm(condition=how["arm"]), Arm(condition=how["control"])
    days = float(how["days"])
    signs = {Direction.UP: 1.0, Direction.DOWN: -1.0, Direction.SAME: 0.0}

    def reading(symbol: str) -> Reading:
        def change(see: Sight) -> float:
            treated = see(setting, arm, symbol, days)
            untreated = see(control, against, symbol, days)
            if symbol == "growth_rate":
                return (treated - untreated) / 0.3
            return log_of(treated / max(untreated, LEAST), math.e)

        return Reading(
            id=f"{row.id}/{symbol}",
            kind="direction",
            group=f"{row.source}/{row.id}",
            course=row.id,
            observed=signs.get(row.value, 1.0)
            if isinstance(row.value, Direction)
            else 1.0,
            error=1.0,
            needs=((setting, arm, (days,)), (control, against, (days,))),
            predict=change,
        )

    return [reading(symbol) for symbol in how["symbols"]]
