"""Numbers as a trial printed them, with their errors."""

from collections.abc import Iterator

import numpy as np
from scipy.special import ndtri

from oestra.calibration.updating.data_file import DataFile, Result
from oestra.calibration.updating.datum import Data, Datum, shared_patients
from oestra.calibration.updating.patient_times import TOO_LATE, too_many
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
_HALF_A_PATIENT = 0.5
"""Added to both counts where nobody or everybody responded: the logit and its error
then are finite, and nearly without bias (Haldane 1956, Ann Hum Genet 20:309-311)."""
_OFF, _COARSE = 0.4, 0.1
"""Share of half the interval of a hazard ratio by which it may lie beside its middle,
and logarithm by which rounding may move it."""
_ROUNDED = 0.5
"""Percent by which a share may be rounded."""
_PLAIN = (1.0, 99.0)
"""Percent between which the error of a share is that of its logit."""


def _at_an_end(given: Result) -> bool:
    """Tell whether a percentage, or its interval, reaches 0 or 100."""
    ends = (given.estimate, given.low, given.high)
    return bool({0.0, 100.0} & {one for one in ends if one is not None})


def _count(given: Result) -> int | None:
    """Return the patients behind a percentage, the events behind another number."""
    percent = find_endpoint(given.endpoint).word.unit == "percent"
    return given.n if percent else given.events


def _value(given: Result) -> float:
    """Return a printed number on its scale."""
    endpoint = find_endpoint(given.endpoint)
    if endpoint.word.unit != "percent" or 0 < given.estimate < 100:
        return endpoint.scale.to(given.estimate)
    met = (given.n or 1) * given.estimate / 100
    missed = (given.n or 1) - met
    return float(np.log((met + _HALF_A_PATIENT) / (missed + _HALF_A_PATIENT)))


def _error(given: Result, value: float) -> float:
    """Return the standard error of a printed number on its scale."""
    endpoint = find_endpoint(given.endpoint)
    percent = endpoint.word.unit == "percent"
    if (
        given.low is not None
        and given.high is not None
        and not (percent and _at_an_end(given))
    ):
        reach = float(ndtri(0.5 + given.level / 2))
        low, high = endpoint.scale.to(given.low), endpoint.scale.to(given.high)
        return (high - low) / (2.0 * reach)
    count = float(_count(given) or 1)
    if percent and given.estimate in (0.0, 100.0):
        one, other = _HALF_A_PATIENT, count + _HALF_A_PATIENT
        return float(np.sqrt(1.0 / one + 1.0 / other))
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
    yield from _value_faults(given, design)
    if given.low is None and _count(given) is None:
        yield (
            f"how sure {given.endpoint} is must be given: low and high, or "
            f"{'n' if endpoint.word.unit == 'percent' else 'events'}"
        )
    yield from _place_faults(given, design)


def _value_faults(given: Result, design: TrialDesign) -> Iterator[str]:
    """Yield why a number is no value of its endpoint."""
    endpoint = find_endpoint(given.endpoint)
    if endpoint.word.unit == "percent":
        yield from _percent_faults(given)
    for name in ("estimate", "low", "high"):
        value = getattr(given, name)
        least = endpoint.scale.lowest / 100
        if endpoint.word.unit != "percent" and value is not None and value < least:
            yield f"{name} {value:g} is no {endpoint.title}, which is above 0"
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


def _percent_faults(given: Result) -> Iterator[str]:
    """Yield why a number is no percentage of patients."""
    endpoint, outside = find_endpoint(given.endpoint), False
    landmark = endpoint.word.kind is EndpointKind.LANDMARK
    title = "share of patients" if landmark else endpoint.title
    for name in ("estimate", "low", "high"):
        value = getattr(given, name)
        if value is not None and not 0 <= value <= 100:
            outside = True
            yield (
                f"{name} {value:g} is no {title} in percent, which lies from 0 to 100"
            )
    if outside:
        return
    if given.low is not None and given.n is None and _at_an_end(given):
        end = 0 if 0 in (given.low, given.estimate) else 100
        yield (
            f"an interval that reaches {end} % has no error on the scale of odds; give "
            "n, the patients behind it"
        )
    if endpoint.word.kind is not EndpointKind.RESPONSE or given.n is None:
        return
    nearest = 100 * round(given.n * given.estimate / 100) / given.n
    one_sided = nearest in (0, 100) and nearest != given.estimate
    if one_sided or abs(nearest - given.estimate) > _ROUNDED + 1e-9:
        yield (
            f"estimate {given.estimate:g} % of {given.n} patients is no whole number "
            f"of them; nearest is {nearest:.3g} %"
        )


def _size_faults(given: Result, design: TrialDesign) -> Iterator[str]:
    """Yield why arms are too small for a number."""
    arms = [arm for arm in design.arms if arm.id in (given.arm, given.control)]
    endpoint, count = find_endpoint(given.endpoint), _count(given)
    percent = endpoint.word.unit == "percent"
    if count is not None:
        why = too_many(f"{'n' if percent else 'events'} {count}", count, *arms)
        if why:
            yield why
            return
    if given.low is None or given.high is None or given.low <= 0:
        return
    # A quarter of the error that all patients leave is none that rounding makes.
    whole = sum(arm.n for arm in arms)
    if endpoint.word.kind is EndpointKind.HAZARD_RATIO:
        least = 2.0 / np.sqrt(whole)
    elif percent and _PLAIN[0] <= given.estimate <= _PLAIN[1]:
        share = given.estimate / 100
        least = 1.0 / np.sqrt(whole * share * (1.0 - share))
    else:
        return
    if 0 < _error(given, _value(given)) < least / 2:
        names = " and ".join(arm.id for arm in arms)
        yield (
            f"the interval {given.low:g} to {given.high:g} is narrower than the "
            f"{whole} patients of {names} can make it"
        )


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
        faults = list(_ratio_faults(given, design))
    else:
        faults = list(_arm_faults(given, design))
    yield from faults or _size_faults(given, design)


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
    if given.low is not None and given.high is not None and given.low > 0:
        middle = float(np.sqrt(given.low * given.high))
        off, half = given.estimate / middle, np.sqrt(given.high / given.low)
        if given.estimate > 0 and abs(np.log(off)) > np.log(half) * _OFF + _COARSE:
            yield (
                f"estimate {given.estimate:g} is not in the middle of {given.low:g} to "
                f"{given.high:g}, which on the scale of logarithms is {middle:.2g}"
            )


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
    own = given.endpoint.partition("_")[0]
    if given.of is not None and given.of.value != own:
        yield f"of {given.of.value} says nothing of {given.endpoint}; leave it out"


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
    value = _value(given)
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
