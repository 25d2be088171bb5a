"""Numbers as a trial printed them, with their errors."""

from collections.abc import Iterator

import numpy as np
from scipy.special import ndtri

from oestra.calibration.updating.data_file import DataFile, Result
from oestra.calibration.updating.datum import Data, Datum, shared_patients
from oestra.calibration.updating.patient_times import TOO_LATE
from oestra.core.errors import shown, unknown_name
from oestra.evidence.vocabulary import EndpointKind
from oestra.trial.design import TrialDesign
from oestra.trial.endpoints import ENDPOINTS, arm_statistics, find_endpoint

__all__ = ["printed_numbers"]

_KINDS = (
    EndpointKind.HAZARD_RATIO,
    EndpointKind.MEDIAN,
    EndpointKind.RESPONSE,
    EndpointKind.LANDMARK,
)
"""What can be learned from."""
_MEDIAN_ERROR = 1.44
"""Error of a log median times the root of the events, where times are exponential:
1 / ln 2, of the variance 1 / (4 n S'^2) of a Kaplan-Meier median."""


_MOST_RATIO = 20.0
"""Hazard ratio beyond which a slip of the pen is likelier than a trial."""


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
        if value is not None and not (
            0 <= value <= top and value >= scale.lowest / 100
        ):
            yield (
                f"{name} {value:g} is no {endpoint.title}"
                f"{' in percent' if top == 100.0 else ''}"
            )
    ratio = endpoint.word.kind is EndpointKind.HAZARD_RATIO and given.estimate > 0
    if ratio and not 1 / _MOST_RATIO <= given.estimate <= _MOST_RATIO:
        yield (
            f"estimate {given.estimate:g} is no hazard ratio that trials find, "
            f"{1 / _MOST_RATIO:g} to {_MOST_RATIO:g}; it is a ratio, not in percent"
        )
    if endpoint.word.kind is EndpointKind.MEDIAN and (
        given.estimate > TOO_LATE * design.data_cut_months
    ):
        yield (
            f"estimate {given.estimate:g} months comes long after the data cut at "
            f"{design.data_cut_months:g}"
        )
    counted = given.n if endpoint.word.unit == "percent" else given.events
    if given.low is None and counted is None:
        yield (
            f"how sure {given.endpoint} is must be given: low and high, or "
            f"{'n' if endpoint.word.unit == 'percent' else 'events'}"
        )
    yield from _place_faults(given, design)


def _place_faults(given: Result, design: TrialDesign) -> Iterator[str]:
    """Yield why the trial has no such number."""
    endpoint = find_endpoint(given.endpoint)
    named = (*design.groups, *design.subgroups)
    if given.stratum and given.stratum not in named:
        known = f"; it has {', '.join(named)}" if named else ""
        yield f"{design.id} has no group or subgroup {shown(given.stratum)}{known}"
    asked = (given.arm, given.control or given.arm)
    absent = [arm for arm in asked if arm not in design.arm_ids]
    if absent:
        yield (
            f"{design.id} has no arm {shown(absent[0])}; it has "
            f"{', '.join(design.arm_ids)}"
        )
        return
    if endpoint.word.kind is EndpointKind.HAZARD_RATIO:
        yield from _ratio_faults(given, design)
    else:
        yield from _arm_faults(given, design)


def _ratio_faults(given: Result, design: TrialDesign) -> Iterator[str]:
    """Yield why the trial has no such hazard ratio."""
    pairs = {(one.arm, one.control) for one in design.contrasts}
    of = given.of or design.analysis.primary
    if given.control is None:
        yield "a hazard ratio needs a control"
    elif not {(given.arm, given.control), (given.control, given.arm)} & pairs:
        told = ", ".join(f"{a} with {b}" for a, b in sorted(pairs)) or "no arms"
        yield (
            f"{design.id} does not compare {given.arm} with {given.control}; it "
            f"compares {told}"
        )
    if of not in design.endpoints:
        times = ", ".join(one.value for one in design.endpoints)
        yield f"{design.id} does not report {of.value}; it reports {times}"
    if given.at_months is not None:
        yield "a hazard ratio has no at_months; a landmark has"


def _arm_faults(given: Result, design: TrialDesign) -> Iterator[str]:
    """Yield why the trial has no such number of one arm."""
    if given.control is not None:
        yield f"{given.endpoint} is of one arm; leave out control"
    if find_endpoint(given.endpoint).word.kind is EndpointKind.LANDMARK:
        yield from _landmark_faults(given, design)
        return
    if given.endpoint not in arm_statistics(design.analysis):
        times = ", ".join(one.value for one in design.endpoints)
        yield f"{design.id} does not report {given.endpoint}; its times are {times}"
    if given.at_months is not None:
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


def printed_numbers(file: DataFile, design: TrialDesign, faults: list[str]) -> Data:
    """Return the printed numbers of a file.

    Parameters
    ----------
    file : DataFile
        What was seen.
    design : TrialDesign
        The trial.
    faults : list of str
        Takes a sentence for each number that is none of the trial's.
    """
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
