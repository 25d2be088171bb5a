"""Cell numbers: courses, against a vehicle, and week by week on tamoxifen."""

import math
from functools import cache

from oestra.calibration.cells.experiment import Arm, Setting
from oestra.calibration.cells.reading import Needs, Reading, Sight
from oestra.calibration.cells.words import arm_of, medium_of, words
from oestra.evidence.cell_measurement import CellMeasurement, cell_measurements
from oestra.network.cell_line import find_line

__all__ = ["grown_in", "growth_reading"]


def growth_reading(row: CellMeasurement) -> Reading | None:
    """Return what is read of a row; None where nothing of it can be repeated."""
    return _weekly(row) if row.source == "magi2021" else _course(row)


def grown_in(row: CellMeasurement) -> Setting:
    """Return the cells of a row that grew before they were treated."""
    steps = (words()["grown"],) if row.source == "he2025" else ()
    return Setting(line="MCF-7", medium=medium_of(row.medium), pretreat=steps)


def _course(row: CellMeasurement) -> Reading | None:
    if row.censored in {"confluent"}:
        return None
    arm, hours = arm_of(row.treatment), row.time_h or 0.0
    setting, days = grown_in(row), hours / 24.0
    value, sd = float(row.value), row.sd or 0.0
    number = "log_cell_number"
    needs: Needs = ((setting, arm, (days,)), (setting, Arm(), (days,)))

    def fold(see: Sight) -> float:
        return see(setting, arm, number, days) / math.log(2)

    def over_vehicle(see: Sight) -> float:
        return fold(see) - see(setting, Arm(), number, days) / math.log(2)

    if row.readout == "cell_number_fold":
        predict, observed, error = fold, math.log2(value), sd / value / math.log(2)
    elif row.readout == "cells_over_vehicle":
        predict, observed = over_vehicle, math.log2(value)
        error = sd / value / math.log(2)
    elif row.readout == "yield_over_no_estradiol":
        predict, observed, error = over_vehicle, math.log2(value), 0.5
    else:
        return None
    treated = row.treatment if row.treatment != "none" else row.medium
    return Reading(
        id=row.id,
        kind="growth",
        group=f"{row.source}/{treated}",
        course=f"{row.source}/{treated}/{row.note[:8]}",
        observed=observed,
        error=error,
        side=1 if "confluen" in row.censored else 0,
        needs=needs,
        predict=predict,
        nothing=hours / _doubling(setting.line) if predict is fold else 0.0,
    )


def _doubling(line: str) -> float:
    """Return the hours in which an untreated line doubles."""
    known = find_line(line).founder.doubling_time
    return math.inf if known is None else known.value


@cache
def _grown_in_a_week() -> float:
    """Return the log of the fold by which that laboratory's untreated cells grow."""
    folds = [
        float(row.value)
        for row in cell_measurements()
        if row.source == "magi2021" and row.treatment == "none"
    ]
    return math.fsum(map(math.log, folds)) / len(folds)


def _weekly(row: CellMeasurement) -> Reading | None:
    """Read the growth of a week on tamoxifen over that without."""
    if not row.treatment.startswith("tamoxifen"):
        return None
    week = int(row.scale.split()[-1])
    setting, arm = grown_in(row), arm_of(row.treatment)
    days = (7.0 * (week - 1), 7.0 * week)
    log_control = _grown_in_a_week()

    def slowed(see: Sight) -> float:
        grown = [see(setting, arm, "log_cell_number", day) for day in days]
        free = [see(setting, Arm(), "log_cell_number", day) for day in days]
        # Cells of that laboratory double more slowly; their share of growth is read.
        share = (grown[1] - grown[0]) / (free[1] - free[0])
        return share * log_control / math.log(2)

    return Reading(
        id=row.id,
        kind="growth",
        group=f"{row.source}/tamoxifen",
        course=f"{row.source}/tamoxifen",
        observed=math.log2(float(row.value)),
        error=(row.sd or 0.1) / float(row.value) / math.log(2),
        needs=((setting, arm, days), (setting, Arm(), days)),
        predict=slowed,
        nothing=log_control / math.log(2),
    )
