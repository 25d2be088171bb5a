"""Everything a data file says, as numbers with errors; every fault of it at once."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from oestra.calibration.updating.contradictions import contradictions
from oestra.calibration.updating.curve_times import curve_times
from oestra.calibration.updating.data_file import Curve, DataFile, read_data_file
from oestra.calibration.updating.datum import Data, joined
from oestra.calibration.updating.patient_times import PatientTimes
from oestra.calibration.updating.printed import printed_numbers
from oestra.calibration.updating.reduce import reduced
from oestra.calibration.updating.table_times import table_times
from oestra.core.errors import FaultsError, InputError, OestraError, shown
from oestra.core.library import Library
from oestra.core.streams import Streams
from oestra.trial.analysis import Denominator
from oestra.trial.design import TrialDesign
from oestra.trial.designs import find_design

__all__ = ["Gathered", "gather"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What was seen in a trial.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    data : Data
        The numbers.
    digest : str
        SHA-256 of the data file and of all files it names.
    """

    design: TrialDesign
    data: Data
    digest: str


Made = TypeVar("Made")


def _tried(faults: list[str], make: Callable[[], list[Made]]) -> list[Made]:
    """Return what a call makes; where it fails, take down why, and return nothing."""
    try:
        return make()
    except OestraError as error:
        faults += str(error).splitlines()
        return []


def _of_curve(
    curve: Curve, design: TrialDesign, folder: Path, where: str
) -> list[PatientTimes]:
    """Return the times of one curve, refused where the trial has no such arm."""
    of = curve.of or design.analysis.primary
    if curve.arm not in design.arm_ids:
        raise InputError(
            f"{where}: {design.id} has no arm {shown(curve.arm)}; it has "
            f"{', '.join(design.arm_ids)}."
        )
    if of not in design.endpoints:
        reports = ", ".join(one.value for one in design.endpoints)
        raise InputError(
            f"{where}: {design.id} does not report {of.value}; it reports {reports}."
        )
    return [curve_times(curve, design, folder, where)]


def _times(
    file: DataFile, design: TrialDesign, folder: Path, faults: list[str]
) -> list[PatientTimes]:
    """Return the times of patients that a file gives."""
    found: list[PatientTimes] = []
    for number, curve in enumerate(file.curves):
        where = f"curves.{number}"
        found += _tried(
            faults, lambda c=curve, w=where: _of_curve(c, design, folder, w)
        )
    for number, table in enumerate(file.adtte):
        where = f"adtte.{number}"
        found += _tried(
            faults, lambda t=table, w=where: table_times(t, design, folder, w)
        )
    given = [(one.of, one.arm) for one in found]
    for of, arm in dict.fromkeys(key for key in given if given.count(key) > 1):
        faults.append(f"{of.upper()} of {arm} is given twice.")
    return found


def _without(data: Data, known: set[object]) -> Data:
    """Leave out printed numbers that patients or curves give already."""
    kept = [k for k, one in enumerate(data.items) if one.key not in known]
    left = [one.label for one in data.items if one.key in known]
    told = (f"{label} is taken from patients or curves, not from results"
            for label in left)  # fmt: skip
    return Data(
        items=tuple(data.items[k] for k in kept),
        covariance=data.covariance[np.ix_(kept, kept)],
        told=tuple(told),
    )


def _digest(path: Path, file: DataFile) -> str:
    names = [one.file for one in (*file.curves, *file.adtte) if one.file]
    found = hashlib.sha256(path.read_bytes())
    for name in names:
        found.update((path.parent / name).read_bytes())
    return found.hexdigest()


def _design(file: DataFile, folder: Path, library: Library) -> TrialDesign:
    if file.trial.endswith((".yaml", ".yml")):
        return find_design(folder / file.trial, library)
    return find_design(file.trial, library)


def gather(path: Path, library: Library, seed: int) -> Gathered:
    """Read a data file and all files it names.

    Parameters
    ----------
    path : Path
        The data file.
    library : Library
        Where trials are found.
    seed : int
        Seed of the patients drawn anew, for errors.

    Returns
    -------
    Gathered
        The trial and the numbers.

    Raises
    ------
    InputError
        If a file cannot be read or does not fit, a curve rises, numbers at risk do not
        fit, or numbers contradict each other; names every fault.
    """
    file = read_data_file(path)
    faults: list[str] = []
    design = _design(file, path.parent, library)
    printed = printed_numbers(file, design, faults)
    times = _times(file, design, path.parent, faults)
    if faults:
        raise FaultsError(f"{path.name}: {one}" for one in faults)
    groups: dict[tuple[str, str], list[PatientTimes]] = {}
    for one in times:
        groups.setdefault((one.source, one.of), []).append(one)
    streams = Streams(seed)
    parts = [reduced(group, design, streams) for group in groups.values()]
    measurable = design.analysis.response_denominator is Denominator.MEASURABLE
    every = joined([*parts, printed]).items
    faults = list(contradictions(every, measurable=measurable))
    if faults:
        raise FaultsError(f"{path.name}: {one}" for one in faults)
    known: set[object] = {item.key for part in parts for item in part.items}
    data = joined([*parts, _without(printed, known)])
    if not data.items:
        why = f": {'; '.join(data.told)}" if data.told else ""
        raise InputError(f"{path.name}: nothing in it can be learned from{why}.")
    return Gathered(design=design, data=data, digest=_digest(path, file))
