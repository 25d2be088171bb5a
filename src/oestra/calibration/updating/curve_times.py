"""Times of patients from a digitized curve."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.updating.data_file import Curve
from oestra.calibration.updating.frame import (
    not_a_number,
    numbers,
    place_of,
    read_frame,
    words,
)
from oestra.calibration.updating.patient_times import TOO_LATE, PatientTimes, too_many
from oestra.core.errors import FaultsError, InputError, OestraError
from oestra.core.units import DAYS_PER_MONTH
from oestra.survival.guyot import rebuild
from oestra.trial.design import TrialDesign

__all__ = ["curve_times"]

_READ = 0.05
"""By how much survival may be misread."""

_UNALIKE = 20.0
"""How many times a curve outlasts its numbers at risk where only these are in months.
"""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _points(curve: Curve, folder: Path, where: str) -> NDArray[np.float64]:
    """Return times and survival of a curve, shape (k, 2)."""
    if curve.file is None:
        return np.array(curve.points, dtype=float)
    table = read_frame(folder / curve.file, where)
    if table.shape[1] != 2:
        raise InputError(
            f"{where}: {curve.file} needs two columns, times and survival, joined by "
            f"a comma, got {table.shape[1]}."
        )
    if all(_is_number(str(name)) for name in table.columns):
        raise InputError(
            f"{where}: {curve.file} begins with numbers; its first line names the "
            "columns, such as 'months,survival'."
        )
    if table.empty:
        raise InputError(f"{where}: {curve.file} has no rows.")
    found = np.column_stack([numbers(table, column) for column in (0, 1)])
    wrong = np.argwhere(~np.isfinite(found))
    if wrong.size:
        row, column = wrong[0]
        given = words(table, str(table.columns[column])).iloc[row]
        raise InputError(
            f"{where}: {curve.file}, {place_of(table, row)}: time and survival must be "
            f"numbers, {not_a_number(given)}."
        )
    return found


def curve_times(
    curve: Curve, design: TrialDesign, folder: Path, where: str
) -> PatientTimes:
    """Rebuild the times of an arm from its digitized curve.

    Parameters
    ----------
    curve : Curve
        Points and numbers at risk.
    design : TrialDesign
        The trial.
    folder : Path
        Where its file lies.
    where : str
        Place of the curve, for errors.

    Raises
    ------
    InputError
        If the file cannot be read, the curve rises, or numbers at risk do not fit;
        names every fault.
    """
    points = _points(curve, folder, where)
    share = points[:, 1] / (100.0 if curve.percent else 1.0)
    risk = np.array(curve.at_risk, dtype=float)
    month = 1.0 / DAYS_PER_MONTH if curve.unit == "days" else 1.0
    if not curve.percent and share.size and 1.5 < share.max() <= 100.5:
        raise InputError(
            f"{where}: survival goes up to {share.max():g}; is it in percent? Then say "
            "percent: true."
        )
    if curve.percent and share.size and share.max() <= 0.015:
        raise InputError(
            f"{where}: survival goes up to {100 * share.max():g} with percent: true; "
            "if it is a share, leave percent out."
        )
    if points.size and points[0, 0] == 0 and share[0] < 1 - _READ:
        raise InputError(
            f"{where}: at time 0 nobody has had the event, but survival is "
            f"{points[0, 1]:g} there."
        )
    last = month * float(points[:, 0].max(initial=0.0))
    if last > TOO_LATE * design.data_cut_months:
        advice = (
            "" if curve.unit == "days" else "; if times are in days, say unit: days"
        )
        raise InputError(
            f"{where}: the curve goes on to {last:g} months, and {design.id} is cut at "
            f"{design.data_cut_months:g}{advice}."
        )
    (arm,) = (one for one in design.arms if one.id == curve.arm)
    why = too_many(f"{risk[0, 1]:g} at risk", int(risk[0, 1]), arm)
    if why:
        raise InputError(f"{where}: {why}.")
    if len(risk) > 1 and 0 < risk[-1, 0] < points[:, 0].max(initial=0.0) / _UNALIKE:
        raise InputError(
            f"{where}: the curve goes on to {points[:, 0].max():g} {curve.unit}, and "
            f"numbers at risk end at {risk[-1, 0]:g}; write both in one unit."
        )
    try:
        found = rebuild(points[:, 0], share, risk[:, 0], risk[:, 1], curve.events)
    except OestraError as error:
        raise FaultsError(
            f"{where}: {one[:1].lower()}{one[1:]}" for one in str(error).splitlines()
        ) from error
    return PatientTimes(
        of=str((curve.of or design.analysis.primary).value),
        arm=curve.arm,
        months=month * found.durations,
        event=found.event_observed,
        source="curve",
    )
