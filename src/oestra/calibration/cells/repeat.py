"""Every measurement that the culture room can repeat, and its repetition."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from oestra.calibration.cells.direction_reading import direction_readings
from oestra.calibration.cells.drug_reading import drug_reading
from oestra.calibration.cells.experiment import Arm, Experiment, Seen, Setting
from oestra.calibration.cells.growth_reading import growth_reading
from oestra.calibration.cells.ligand_reading import ligand_reading
from oestra.calibration.cells.protein_reading import protein_reading
from oestra.calibration.cells.reading import Predicted, Reading
from oestra.core.errors import OestraError
from oestra.core.parameter_set import ParameterSet
from oestra.evidence.cell_measurement import CellMeasurement, cell_measurements

__all__ = ["readings", "repeat"]

_ONE: Mapping[str, Callable[[CellMeasurement], Reading | None]] = MappingProxyType(
    {
        "ligand_timecourse": ligand_reading,
        "growth_timecourse": growth_reading,
        "protein_timecourse": protein_reading,
        "drug_response": drug_reading,
    }
)
"""How the rows of a file of measurements are read."""


def _of(row: CellMeasurement) -> list[Reading]:
    if row.kind == "directions":
        return direction_readings(row)
    found = _ONE[row.kind](row) if row.kind in _ONE else None
    return [] if found is None else [found]


@cache
def readings() -> tuple[Reading, ...]:
    """Return every measurement that the culture room can repeat."""
    found = [one for row in cell_measurements() for one in _of(row)]
    size = Counter(one.course for one in found)
    return tuple(replace(one, weight=1.0 / size[one.course]) for one in found)


def repeat(
    parameters: ParameterSet, chosen: Iterable[Reading] | None = None
) -> list[Predicted]:
    """Repeat the experiments behind measurements.

    Parameters
    ----------
    parameters : ParameterSet
        The model's parameters.
    chosen : iterable of Reading, optional
        Which; all by default.

    Returns
    -------
    list of Predicted
        In the order of the readings.
    """
    wanted = list(readings() if chosen is None else chosen)
    plan: dict[Setting, tuple[set[Arm], set[float]]] = {}
    for one in wanted:
        for setting, arm, days in one.needs:
            arms, times = plan.setdefault(setting, (set(), set()))
            arms.add(arm)
            times.update(days)
    seen: dict[Setting, Seen] = {}
    for setting, (arms, times) in plan.items():
        try:
            seen[setting] = Experiment.of(setting, arms, times).run(parameters)
        except OestraError:
            continue

    def see(setting: Setting, arm: Arm, symbol: str, days: float) -> float:
        if setting not in seen:
            return math.nan
        return seen[setting].at(arm, symbol, days)

    return [Predicted(reading=one, value=one.predict(see)) for one in wanted]
