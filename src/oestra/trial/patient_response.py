"""Response and progression of one patient, from her lesions as readers wrote them down.

References
----------
.. [1] Eisenhauer EA et al. (2009). New response evaluation criteria in solid tumours:
   revised RECIST guideline (version 1.1). Eur J Cancer 45:228-247.
.. [2] EORTC, RECIST 1.1 questions and clarifications, recist.eortc.org.
.. [3] Therasse P et al. (2000). New guidelines to evaluate the response to treatment
   in solid tumors. J Natl Cancer Inst 92:205-216.
.. [4] Miller AB et al. (1981). Reporting results of cancer treatment. Cancer 47:207-14.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from oestra.core.errors import InputError, shown, unknown_name
from oestra.core.name import plain_name
from oestra.core.number import is_number, is_whole
from oestra.core.terms import Criteria, Response
from oestra.trial import recist
from oestra.trial.criteria import CriteriaRules, rules_of
from oestra.trial.history_parser import parse_history
from oestra.trial.history_reading import read_history
from oestra.trial.lesion_history import LesionHistory
from oestra.trial.response_code import Code

__all__ = ["JudgedVisit", "PatientResponse", "best_response"]

_WORDS = {
    Code.NE: Response.NE,
    Code.PD: Response.PD,
    Code.SD: Response.SD,
    Code.NON_CR_NON_PD: Response.NON_CR_NON_PD,
    Code.PR: Response.PR,
    Code.CR: Response.CR,
}
_CODES = {word: code for code, word in _WORDS.items()}
_DEFAULT_WEEKS = 4.0
_LONGEST_WEEKS = 520.0


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedVisit:
    """A visit with its responses.

    Parameters
    ----------
    day : float
        Days since the start.
    target : Response or None
        Of the target lesions alone; None without any.
    sum : float or None
        Sum over target lesions, mm or (WHO) mm^2; None where one was not evaluable.
    nadir : float or None
        Smallest sum before, baseline included.
    new_lesion : bool
        Whether a new lesion counts from this visit.
    overall : Response
        Overall response at this visit.
    """

    day: float
    target: Response | None
    sum: float | None
    nadir: float | None
    new_lesion: bool
    overall: Response


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientResponse:
    """Response of one patient.

    Parameters
    ----------
    criteria : Criteria
        By which it was judged.
    best : Response
        Best overall response, confirmed if that was asked.
    best_unconfirmed : Response
        The same where one scan is enough.
    response_day : float or None
        First day of the response that counts in ``best``.
    progression_day : float or None
        First day of progression.
    duration_days : float or None
        From ``response_day`` to progression or death, or to the last visit that could
        be evaluated; None without a response.
    duration_ended : bool
        Whether progression or death ended it; False if it was still lasting.
    targets : tuple of str
        Lesions followed as targets.
    baseline : float
        Their sum before treatment.
    visits : tuple of JudgedVisit
        Every visit.
    """

    criteria: Criteria
    best: Response
    best_unconfirmed: Response
    response_day: float | None
    progression_day: float | None
    duration_days: float | None
    duration_ended: bool
    targets: tuple[str, ...]
    baseline: float
    visits: tuple[JudgedVisit, ...]

    @property
    def responses(self) -> tuple[Response, ...]:
        """Overall response at each visit."""
        return tuple(visit.overall for visit in self.visits)

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        told = {
            name: getattr(self, name)
            for name in self.__dataclass_fields__
            if name != "visits"
        }
        visits = [
            {name: getattr(visit, name) for name in visit.__dataclass_fields__}
            for visit in self.visits
        ]
        return told | {"targets": list(self.targets), "visits": visits}


def _finite(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None


def _criteria(given: Criteria | str) -> Criteria:
    names = {plain_name(one): one for one in Criteria}
    found = names.get(plain_name(str(given)))
    if found is None:
        raise unknown_name("criteria", str(given), list(Criteria))
    return found


def _weeks(given: Any) -> float | None:
    if given is None or given is False:
        return None
    if given is True:
        return _DEFAULT_WEEKS
    return _count("confirm", given, _LONGEST_WEEKS)


def _count(name: str, given: Any, most: float, kind: type = float) -> Any:
    good = is_whole(given) if kind is int else is_number(given)
    if not good or not 0 <= given <= most:
        what = "a whole number" if kind is int else "a number"
        raise InputError(f"{name} is {what} from 0 to {most:g}, got {shown(given)}.")
    return kind(given)


def _targeted(history: LesionHistory, rules: CriteriaRules) -> bool:
    """Tell whether a patient with responses has targets.

    Raises
    ------
    InputError
        If her responses do not belong to the criteria, or to what was said of targets.
    """
    said = {visit.response for visit in history.visits}
    words = [str(one) for one in (Response.PR, Response.SD) if one in said]
    if Response.NON_CR_NON_PD in said and rules.neither is Code.SD:
        raise InputError(
            f"These criteria have no response {Response.NON_CR_NON_PD}; without "
            f"targets the word is {Response.SD}."
        )
    if history.measurable is None:
        return bool(words) or Response.NON_CR_NON_PD not in said
    if words and not history.measurable and rules.neither is not Code.SD:
        raise InputError(
            f"measurable is false, but a response is {words[0]}, which needs targets; "
            f"write CR, {Response.NON_CR_NON_PD}, PD or NE, or leave measurable out."
        )
    return history.measurable


def _measured(
    history: LesionHistory, reading: recist.Reading | None, rules: CriteriaRules
) -> bool:
    """Tell whether a patient has targets.

    Raises
    ------
    InputError
        If what was said of it contradicts her lesions or responses.
    """
    if reading is None:
        return _targeted(history, rules)
    measured = bool(reading.baseline[0] > 0)
    if measured and history.measurable is False:
        raise InputError(
            "measurable is false, but lesions are large enough to be targets; leave "
            "measurable out, or write target: false for each."
        )
    return measured


def _read(
    history: LesionHistory, rules: CriteriaRules
) -> tuple[recist.Reading | None, np.ndarray, tuple[str, ...]]:
    """Return the reading, the overall responses, shape (1, v), and the targets."""
    said = [visit.response for visit in history.visits if visit.response is not None]
    if said:
        new = [visit.new_lesion != "no" for visit in history.visits]
        if any(new):
            raise InputError(
                f"Visit {new.index(True) + 1} has a response already, so that "
                "new_lesion cannot be said as well."
            )
        return None, np.array([[_CODES[one] for one in said]], dtype=np.int8), ()
    reading, targets = read_history(history, rules)
    return reading, recist.overall_response(reading, rules), targets


def _visits(
    history: LesionHistory,
    reading: recist.Reading | None,
    overall: np.ndarray,
    rules: CriteriaRules,
) -> tuple[JudgedVisit, ...]:
    """Return every visit with its responses."""
    measured = reading is not None and reading.baseline[0] > 0
    if reading is None:
        return tuple(
            JudgedVisit(day=visit.day, target=None, sum=None, nadir=None,
                        new_lesion=False, overall=_WORDS[Code(code)])
            for visit, code in zip(history.visits, overall[0], strict=True)
        )  # fmt: skip
    target = recist.target_response(reading, rules)[0]
    nadir = recist.nadir_before(reading)[0]
    return tuple(
        JudgedVisit(
            day=visit.day,
            target=_WORDS[Code(target[at])] if measured else None,
            sum=float(reading.target[0, at])
            if measured and reading.targets_seen[0, at]
            else None,
            nadir=float(nadir[at]) if measured else None,
            new_lesion=bool(reading.new_lesion[0, at]),
            overall=_WORDS[Code(overall[0, at])],
        )
        for at, visit in enumerate(history.visits)
    )


def best_response(  # noqa: PLR0913 - the front door names everything a user may choose
    history: Mapping[str, Any] | LesionHistory,
    *,
    criteria: Criteria | str = Criteria.RECIST_1_1,
    confirm: float | bool | None = _DEFAULT_WEEKS,
    inevaluable_between: int = 1,
    stable_between: int = 0,
    stable_weeks: float = 6.0,
    window_days: float = 0.0,
) -> PatientResponse:
    """Judge response and progression of one patient.

    Parameters
    ----------
    history : mapping or LesionHistory
        Lesions and visits, as `oestra.trial.lesion_history` describes them.
    criteria : Criteria or str
        ``"RECIST-1.1"``, ``"RECIST-1.0"`` or ``"WHO"``.
    confirm : float, bool or None
        Weeks after which a response must be seen again; True for four, None or False
        if one scan is enough.
    inevaluable_between : int
        Most visits, missed or not evaluable, between a response and the visit that
        confirms it.
    stable_between : int
        Most visits between that may read SD where a partial response is confirmed.
    stable_weeks : float
        Weeks from the start from which stable disease counts.
    window_days : float
        How early a visit may fall and still count as its week.

    Returns
    -------
    PatientResponse
        Best response, its day and duration, progression, and every visit.

    Raises
    ------
    InputError
        If the history or a rule cannot be read or meant.

    Examples
    --------
    >>> found = best_response(
    ...     {
    ...         "lesions": [
    ...             {"site": "liver", "sizes": [30, 0, 0]},
    ...             {"site": "axillary node", "sizes": [13, 8, 8]},
    ...         ],
    ...         "visits": [42, 84],
    ...     }
    ... )
    >>> str(found.best), found.response_day
    ('CR', 42.0)
    """
    patient, kind = parse_history(history), _criteria(criteria)
    rules = rules_of(kind)
    reading, overall, targets = _read(patient, rules)
    day = np.array([[visit.day for visit in patient.visits]], dtype=float)
    overall, day = overall.reshape(1, -1), day.reshape(1, -1)
    measured = _measured(patient, reading, rules)
    chosen: dict[str, Any] = {
        "stable_weeks": _count("stable_weeks", stable_weeks, _LONGEST_WEEKS),
        "window_days": _count("window_days", window_days, 365),
        "inevaluable_between": _count(
            "inevaluable_between", inevaluable_between, 1000, int
        ),
        "stable_between": _count("stable_between", stable_between, 1000, int),
        "otherwise": Code.SD if measured else rules.neither,
    }
    best = recist.best_response(
        overall, day, confirmation_weeks=_weeks(confirm), **chosen
    )
    once = recist.best_response(overall, day, confirmation_weeks=None, **chosen)
    overall = recist.relapsed(overall)
    progression = float(recist.first_progression(overall, day)[0])
    death = np.inf if patient.death_day is None else patient.death_day
    start, end = float(best.start[0]), min(progression, death)
    last = np.where(overall != Code.NE, day, 0.0).max(initial=0.0)
    lasted = (end if np.isfinite(end) else last) - start
    return PatientResponse(
        criteria=kind,
        best=_WORDS[Code(best.code[0])],
        best_unconfirmed=_WORDS[Code(once.code[0])],
        response_day=_finite(start),
        progression_day=_finite(progression),
        duration_days=float(lasted) if np.isfinite(start) else None,
        duration_ended=bool(np.isfinite(start) and np.isfinite(end)),
        targets=targets,
        baseline=0.0 if reading is None else float(reading.baseline[0]),
        visits=_visits(patient, reading, overall, rules),
    )
