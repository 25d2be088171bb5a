"""Everything a data file says, as numbers with errors; every fault of it at once."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.special import ndtri

from oestra.calibration.updating.data_file import DataFile, Result, read_data_file
from oestra.calibration.updating.datum import Data, Datum, joined, shared_patients
from oestra.calibration.updating.patient_times import (
    PatientTimes,
    curve_times,
    table_times,
)
from oestra.calibration.updating.reduce import reduced
from oestra.core.errors import FaultsError, InputError, OestraError, shown, unknown_name
from oestra.core.library import Library
from oestra.core.streams import Streams
from oestra.evidence.vocabulary import EndpointKind
from oestra.trial.design import TrialDesign
from oestra.trial.designs import find_design
from oestra.trial.endpoints import ENDPOINTS, arm_statistics, find_endpoint

__all__ = ["Gathered", "gather"]

_KINDS = (EndpointKind.HAZARD_RATIO, EndpointKind.MEDIAN, EndpointKind.RESPONSE,
          EndpointKind.LANDMARK)  # fmt: skip
_MEDIAN_ERROR = 1.44
"""Error of a log median times the root of the events, where times are exponential:
1 / ln 2, of the variance 1 / (4 n S'^2) of a Kaplan-Meier median."""
_FAR, _LEAST = 4.0, 0.5
"""Standard errors, and logarithm, by which a hazard ratio and the ratio of its medians
contradict each other."""


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


def _tried(faults: list[str], make: Callable[[], object]) -> object:
    """Return what a call makes, or take down why it fails."""
    try:
        return make()
    except OestraError as error:
        faults += str(error).splitlines()
        return None


def _error(given: Result, value: float) -> float:
    """Return the standard error of a printed number on its scale."""
    endpoint = find_endpoint(given.endpoint)
    if given.low is not None and given.high is not None:
        reach = float(ndtri(0.5 + given.level / 2))
        low, high = endpoint.scale.to(given.low), endpoint.scale.to(given.high)
        return (high - low) / (2.0 * reach)
    counted = given.n if endpoint.word.unit == "percent" else given.events
    count = float(counted or 1)
    if endpoint.word.kind is EndpointKind.HAZARD_RATIO:
        # Of equal arms; unequal ones have a larger one.
        return 2.0 / np.sqrt(count)
    if endpoint.word.kind is EndpointKind.MEDIAN:
        return _MEDIAN_ERROR / np.sqrt(count)
    share = 1.0 / (1.0 + np.exp(-value))
    return 1.0 / float(np.sqrt(count * share * (1.0 - share)))


def _result_faults(given: Result, design: TrialDesign) -> Iterator[str]:
    """Yield why a number is none of the trial's, a clause each."""
    if given.endpoint not in ENDPOINTS:
        yield str(unknown_name("endpoint", given.endpoint, ENDPOINTS)).removesuffix(".")
        return
    endpoint = find_endpoint(given.endpoint)
    if endpoint.word.kind not in _KINDS or endpoint.statistic is None:
        yield (
            f"{given.endpoint} cannot be learned from; hazard ratios, medians, "
            "landmarks and rates of response can"
        )
        return
    scale = endpoint.scale
    top = 100.0 if endpoint.word.unit == "percent" else np.inf
    for name in ("estimate", "low", "high"):
        value = getattr(given, name)
        if value is not None and not (0 <= value <= top and value >= scale.lowest / 100):
            yield (
                f"{name} {value:g} is no {endpoint.title}"
                f"{' in percent' if top == 100.0 else ''}"
            )
    counted = given.n if endpoint.word.unit == "percent" else given.events
    if given.low is None and counted is None:
        yield (
            f"how sure {given.endpoint} is must be given: low and high, or "
            f"{'n' if endpoint.word.unit == 'percent' else 'events'}"
        )
    yield from _place_faults(given, design)


def _place_faults(given: Result, design: TrialDesign) -> Iterator[str]:
    endpoint = find_endpoint(given.endpoint)
    kind = endpoint.word.kind
    named = (*design.groups, *design.subgroups)
    if given.stratum and given.stratum not in named:
        yield (
            f"{design.id} has no group or subgroup {shown(given.stratum)}"
            f"{f'; it has {chr(44).join(named)}' if named else ''}"
        )
    for arm in (given.arm, *((given.control,) if given.control else ())):
        if arm not in design.arm_ids:
            yield (
                f"{design.id} has no arm {shown(arm)}; it has "
                f"{', '.join(design.arm_ids)}"
            )
            return
    of = given.of or design.analysis.primary
    times = ", ".join(one.value for one in design.endpoints)
    if kind is EndpointKind.HAZARD_RATIO:
        pairs = {(one.arm, one.control) for one in design.contrasts}
        if given.control is None:
            yield "a hazard ratio needs a control"
        elif not {(given.arm, given.control), (given.control, given.arm)} & pairs:
            told = ", ".join(f"{a} with {b}" for a, b in sorted(pairs)) or "no arms"
            yield (
                f"{design.id} does not compare {given.arm} with {given.control}; it "
                f"compares {told}"
            )
        if of not in design.endpoints:
            yield f"{design.id} does not report {of.value}; it reports {times}"
    elif given.control is not None:
        yield f"{given.endpoint} is of one arm; leave out control"
    elif kind is EndpointKind.LANDMARK:
        yield from _landmark_faults(given, design)
    elif given.endpoint not in arm_statistics(design.analysis):
        yield f"{design.id} does not report {given.endpoint}; times it reports: {times}"
    if kind is not EndpointKind.LANDMARK and given.at_months is not None:
        yield f"{given.endpoint} has no at_months; a landmark has"


def _landmark_faults(given: Result, design: TrialDesign) -> Iterator[str]:
    primary = design.analysis.primary
    if given.at_months is None:
        yield "a landmark needs at_months"
    elif given.at_months > design.data_cut_months:
        yield (
            f"the landmark at {given.at_months:g} months comes after the data cut at "
            f"{design.data_cut_months:g}"
        )
    if given.of not in (None, primary):
        yield f"landmarks are of the primary endpoint, {primary.value}"


def _datum(given: Result, design: TrialDesign) -> Datum:
    """Return a printed number, an arm against its control as the design has it."""
    endpoint = find_endpoint(given.endpoint)
    value = endpoint.scale.to(given.estimate)
    of = str(given.of.value) if given.of else design.analysis.primary.value
    arm, control = given.arm, given.control or ""
    error = _error(given, value)
    kind = endpoint.word.kind
    if kind is EndpointKind.MEDIAN:
        first = given.endpoint.partition("_")[0]
        of = first if first in {one.value for one in design.endpoints} else ""
    elif kind is EndpointKind.RESPONSE:
        of = ""
    elif control and (arm, control) not in {
        (one.arm, one.control) for one in design.contrasts
    }:
        arm, control, value = control, arm, -value
    return Datum(
        endpoint=given.endpoint,
        of=of,
        arm=arm,
        control=control,
        stratum=given.stratum,
        at_months=given.at_months or 0.0,
        value=value,
        error=error,
        source="summary",
    )


def _summaries(file: DataFile, design: TrialDesign, faults: list[str]) -> Data:
    """Return the printed numbers of a file."""
    items: dict[object, Datum] = {}
    for number, given in enumerate(file.results):
        wrong = list(_result_faults(given, design))
        faults += [f"results.{number}: {one}." for one in wrong]
        if wrong:
            continue
        one = _datum(given, design)
        if not one.error > 0:
            faults.append(
                f"results.{number}: the interval of {given.endpoint} has no width on "
                "its scale."
            )
        elif one.key in items:
            faults.append(f"results.{number}: {one.label} is given twice.")
        else:
            items[one.key] = one
    found = tuple(items.values())
    error = np.array([one.error for one in found])
    covariance = shared_patients(found) * np.outer(error, error)
    return Data(items=found, covariance=covariance)


def _times(
    file: DataFile, design: TrialDesign, folder: Path, faults: list[str]
) -> list[PatientTimes]:
    """Return the times of patients that a file gives."""
    found: list[PatientTimes] = []
    for number, curve in enumerate(file.curves):
        where = f"curves.{number}"
        of = curve.of or design.analysis.primary
        if curve.arm not in design.arm_ids:
            faults.append(
                f"{where}: {design.id} has no arm {shown(curve.arm)}; it has "
                f"{', '.join(design.arm_ids)}."
            )
        elif of not in design.endpoints:
            reports = ", ".join(one.value for one in design.endpoints)
            faults.append(
                f"{where}: {design.id} does not report {of.value}; it reports "
                f"{reports}."
            )
        made = _tried(
            faults,
            lambda c=curve, w=where: curve_times(c, design, folder, w),
        )
        if isinstance(made, PatientTimes):
            found.append(made)
    for number, table in enumerate(file.adtte):
        made = _tried(
            faults,
            lambda t=table, w=f"adtte.{number}": table_times(t, design, folder, w),
        )
        if isinstance(made, list):
            found += made
    twice = [(one.of, one.arm) for one in found]
    for key in dict.fromkeys(key for key in twice if twice.count(key) > 1):
        faults.append(f"{key[0].upper()} of {key[1]} is given twice.")
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


def _contradictions(parts: list[Data]) -> Iterator[str]:
    """Yield numbers that cannot be of one trial."""
    every = [item for part in parts for item in part.items]
    first: dict[object, Datum] = {}
    for one in every:
        other = first.setdefault(one.key, one)
        off = abs(one.value - other.value)
        if other is not one and off > max(0.1, one.error, other.error):
            yield (
                f"{one.label} is {other.natural(other.value):.3g} by {other.source} "
                f"and {one.natural(one.value):.3g} by {one.source}: they contradict "
                "each other."
            )
    for ratio in every:
        if not ratio.control:
            continue
        medians = [
            next(
                (
                    one
                    for one in every
                    if one.kind is EndpointKind.MEDIAN
                    and (one.of, one.arm, one.stratum) == (ratio.of, arm, ratio.stratum)
                ),
                None,
            )
            for arm in (ratio.arm, ratio.control)
        ]
        treated, control = medians
        if treated is None or control is None:
            continue
        off = ratio.value - (control.value - treated.value)
        error = np.sqrt(ratio.error**2 + treated.error**2 + control.error**2)
        if abs(off) > max(_FAR * error, _LEAST):
            yield (
                f"{ratio.label} is {ratio.natural(ratio.value):.3g}, and medians of "
                f"{treated.natural(treated.value):.3g} and "
                f"{control.natural(control.value):.3g} months contradict it."
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
    printed = _summaries(file, design, faults)
    times = _times(file, design, path.parent, faults)
    if faults:
        raise FaultsError(f"{path.name}: {one}" for one in faults)
    groups: dict[tuple[str, str], list[PatientTimes]] = {}
    for one in times:
        groups.setdefault((one.source, one.of), []).append(one)
    streams = Streams(seed)
    parts = [reduced(group, design, streams) for group in groups.values()]
    faults = list(_contradictions([*parts, printed]))
    if faults:
        raise FaultsError(f"{path.name}: {one}" for one in faults)
    known: set[object] = {item.key for part in parts for item in part.items}
    data = joined([*parts, _without(printed, known)])
    if not data.items:
        raise InputError(f"{path.name}: nothing in it can be learned from.")
    return Gathered(design=design, data=data, digest=_digest(path, file))
