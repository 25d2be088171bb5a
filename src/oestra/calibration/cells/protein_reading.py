"""Proteins under treatment, over untreated cells of the same day."""

import math
from collections.abc import Mapping
from functools import cache

from oestra.calibration.cells.experiment import Arm
from oestra.calibration.cells.growth_reading import grown_in
from oestra.calibration.cells.reading import LEAST, Reading, Sight, log_of
from oestra.calibration.cells.words import arm_of, symbol_of, words
from oestra.evidence.cell_measurement import CellMeasurement, cell_measurements

__all__ = ["protein_reading"]


def protein_reading(row: CellMeasurement) -> Reading | None:
    """Return what is read of a row; None for controls and what the cell lacks."""
    if row.readout not in words()["readouts"] or row.treatment == "none":
        return None
    setting, arm, symbol = grown_in(row), arm_of(row.treatment), symbol_of(row)
    days = (row.time_h or 0.0) / 24.0
    value = float(row.value)
    if row.scale.startswith("over time 0"):
        # The untreated dish of the same day is the control.
        value /= _controls()[row.readout, row.time_h]

    def ratio(see: Sight) -> float:
        treated = see(setting, arm, symbol, days)
        return log_of(treated / max(see(setting, Arm(), symbol, days), LEAST), 2)

    return Reading(
        id=row.id,
        kind="protein",
        group=f"{row.source}/{row.treatment}",
        course=f"{row.source}/{row.treatment}/{row.readout}",
        observed=log_of(value, 2),
        error=(row.sd or 0.15) / float(row.value) / math.log(2),
        needs=((setting, arm, (days,)), (setting, Arm(), (days,))),
        predict=ratio,
    )


@cache
def _controls() -> Mapping[tuple[str, float | None], float]:
    return {
        (row.readout, row.time_h): float(row.value)
        for row in cell_measurements()
        if row.kind == "protein_timecourse" and row.treatment == "none"
    }
