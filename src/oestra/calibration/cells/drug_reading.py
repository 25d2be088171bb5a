"""Growth-rate inhibition by inhibitors, after three days."""

import math

from oestra.calibration.cells.experiment import Arm, Setting
from oestra.calibration.cells.reading import Reading, Sight
from oestra.calibration.cells.words import arm_at, medium_of, words
from oestra.culture.growth_inhibition import gr_values
from oestra.drugs.load import drugs
from oestra.evidence.cell_measurement import CellMeasurement

__all__ = ["drug_reading"]

_DAYS, _TOP_NM = 3.0, 1e4


def drug_reading(row: CellMeasurement) -> Reading | None:
    """Return what is read of a row; None where the cell lacks the target."""
    name, largest = row.treatment.split()[0], row.readout == "grmax"
    if row.readout == "gr_auc" or not _inhibits(name):
        return None
    setting = Setting(line=row.line, medium=medium_of(row.medium), pretreat=())
    number = "log_cell_number"

    dose = _TOP_NM if largest else float(row.value)
    arm = arm_at(name, dose)

    def gr(see: Sight) -> float:
        treated, untreated = (
            math.exp(see(setting, one, number, _DAYS)) for one in (arm, Arm())
        )
        return float(gr_values(treated, untreated))

    # Growth is read at the dose that was half-maximal; GR falls by about a third a
    # decade there, by which the error of a dose becomes one of GR. At 10 uM
    # inhibitors hit much else, and the potencies of some are assumed.
    besides = 0.2 if largest else 0.35 * math.hypot(row.sd or 0.3, 0.5 * _assumed(name))
    side = -1 if "below the lowest" in row.censored else 0
    return Reading(
        id=row.id,
        kind="drug",
        group=f"{row.source}/{name}",
        course=f"{row.source}/{name}/{row.readout}",
        observed=float(row.value) if largest else 0.5,
        error=math.hypot(row.sd or 0.1, besides) if largest else besides,
        side=1 if "not reached" in row.censored else side,
        needs=tuple((setting, one, (_DAYS,)) for one in (Arm(), arm)),
        predict=gr,
        nothing=1.0,
    )


def _assumed(name: str) -> bool:
    return name in words()["loads"]


def _inhibits(name: str) -> bool:
    """Tell whether the cell holds what an inhibitor acts on."""
    return _assumed(name) or name in {
        plain for drug in drugs().values() for plain in (drug.id, *drug.aliases)
    }
