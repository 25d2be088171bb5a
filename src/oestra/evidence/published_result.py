"""One published number, with its interval and p value."""

from typing import Literal

from oestra.evidence.evidence_record import Cited, Keys, Record
from oestra.evidence.vocabulary import Confidence, Endpoint

__all__ = ["Interval", "PValue", "Result"]


class Interval(Record):
    """A confidence interval as printed.

    Parameters
    ----------
    low, high : float
        Limits, in the unit of the estimate.
    level : float
        Confidence level, in percent.
    confidence : Confidence, optional
        How far it was checked, where that differs from the estimate.
    source : tuple of str
        Keys of its sources, where they differ from the estimate's.
    """

    low: float
    high: float
    level: float = 95.0
    confidence: Confidence | None = None
    source: Keys = ()


class PValue(Record):
    """A p value as printed.

    Parameters
    ----------
    value : float
        The number.
    relation : {"=", "<"}
        Whether the number is the value or a bound.
    confidence : Confidence, optional
        How far it was checked, where that differs from the estimate.
    """

    value: float
    relation: Literal["=", "<"] = "="
    confidence: Confidence | None = None


class Result(Cited):
    """One published number of one arm, or of one arm against another.

    Parameters
    ----------
    endpoint : Endpoint
        What was measured.
    of : str, optional
        The time-to-event or response endpoint behind a ratio or a landmark.
    stratum : str
        Who was counted; ``ITT`` is the whole trial.
    arm : str
        Arm id.
    control : str, optional
        Arm id compared with: of a ratio, or of the p value.
    estimate : float
        The number, in ``unit``.
    relation : {"=", ">", "<"}
        Whether the number is the value or a bound.
    unit : str
        ``month``, ``percent`` or ``1``.
    interval : Interval, optional
        Its confidence interval.
    p : PValue, optional
        P value of the comparison with the control.
    n, count : int, optional
        Patients in the denominator, and those counted: the integer that gives the
        printed percentage.
    n_confidence : Confidence, optional
        How far n was checked, where that differs from the estimate.
    at_months, at_days : float, optional
        Time of a landmark, or of a biopsy.
    event, grade : str, optional
        The adverse event, and its grade.
    method, reader, look : str, optional
        How it was assessed, by whom, and at which analysis.
    in_review : bool
        Whether the review itself states the number.
    """

    endpoint: Endpoint
    of: Literal["pfs", "ttp", "os", "cbr"] | None = None
    stratum: str
    arm: str
    control: str | None = None
    estimate: float
    relation: Literal["=", ">", "<"] = "="
    unit: Literal["month", "percent", "1"]
    interval: Interval | None = None
    p: PValue | None = None
    n: int | None = None
    n_confidence: Confidence | None = None
    count: int | None = None
    at_months: float | None = None
    at_days: float | None = None
    event: str | None = None
    grade: str | None = None
    method: str | None = None
    reader: Literal["local", "central"] | None = None
    look: str | None = None
    in_review: bool = False
