"""The schema of a trial's evidence: identity, arms, results, design, case-mix."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from oestra.evidence.vocabulary import (
    BaselineMeasure,
    Certainty,
    Confidence,
    DesignMeasure,
    Endpoint,
)

__all__ = [
    "Arm",
    "BaselineFact",
    "Cited",
    "DesignFact",
    "Fact",
    "Interval",
    "Keys",
    "PValue",
    "Property",
    "Record",
    "Result",
    "Review",
    "Statement",
    "TrialEvidence",
    "VisitCandidates",
]


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Keys = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
"""One or several keys; a single one may be written without brackets."""


class Record(BaseModel):
    """A frozen record that knows no key but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Cited(Record):
    """Something that says how far it was checked, and where it stands.

    Parameters
    ----------
    confidence : Confidence
        How far it was checked.
    certainty : Certainty, optional
        How sure a recalled or inferred fact is held to be.
    source : tuple of str
        Keys into ``sources/*.bib``; only a recalled fact may lack them.
    note : str
        What a reader must know to use the fact rightly.
    """

    confidence: Confidence
    certainty: Certainty | None = None
    source: Keys = ()
    note: str = ""


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


class Statement(Cited):
    """A published finding in words.

    Parameters
    ----------
    stratum : str
        Whom it is about.
    text : str
        The finding, in our words.
    in_review : bool
        Whether the review itself states it.
    """

    stratum: str
    text: str
    in_review: bool = False


class Property(Cited):
    """One property of the patients enrolled.

    Parameters
    ----------
    property : str
        What the words are about, such as ``"menopause"``.
    text : str
        The words.
    """

    property: str
    text: str


class Fact(Cited):
    """A number, a range or words, for all or for one arm, stratum or category.

    Parameters
    ----------
    arm, stratum, category : str, optional
        To whom or to what it applies; the whole trial where absent.
    value : float, optional
        The number.
    low, high : float, optional
        The range, where no single number is known.
    text : str, optional
        The words, where it is no number.
    unit : str, optional
        Unit of the number or range.
    """

    arm: str | None = None
    stratum: str | None = None
    category: str | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    text: str | None = None
    unit: str | None = None


class DesignFact(Fact):
    """A fact about how the trial was run, under ``measure``."""

    measure: DesignMeasure


class BaselineFact(Fact):
    """A line of the baseline table, under ``measure``."""

    measure: BaselineMeasure


class VisitCandidates(Record):
    """The visit intervals to average over where the true one is not verified.

    Parameters
    ----------
    values : tuple of float
        The intervals.
    unit : str
        ``week``.
    reason : str
        Why these.
    """

    values: tuple[float, ...]
    unit: Literal["week"]
    reason: str


class Arm(Cited):
    """One arm.

    Parameters
    ----------
    id : str
        The key of the arm, as in the results.
    label : str
        The drugs, in words.
    regimen : str, optional
        The regimen in the grammar of regimens, placebo left out; absent where no
        dose was stated.
    n : int, optional
        Patients.
    """

    id: str
    label: str
    regimen: str | None = None
    n: int | None = None


class Review(Record):
    """Where the review speaks of the trial.

    Parameters
    ----------
    section : str
        The section.
    references : tuple of str
        Its reference numbers there, or the table.
    status : str, optional
        Status of the trial in the review's table.
    """

    section: str
    references: Keys
    status: str | None = None


class TrialEvidence(Record):
    """Everything published about a trial that this project uses.

    Parameters
    ----------
    id : str
        The key of the trial.
    aliases : tuple of str
        Other names by which it is found.
    registry : tuple of str
        Registry numbers.
    same_trial_as : str, optional
        Id of the trial of which this is another report.
    phase, line : str
        As published.
    references : tuple of str
        Keys of its publications.
    review : Review
        Where the review speaks of it.
    population : tuple of Property
        Who was enrolled.
    arms : tuple of Arm
        The arms.
    arms_note : str
        What a reader must know of the arms' sizes.
    results : tuple of Result
        Published numbers.
    statements : tuple of Statement
        Published findings in words.
    design, baseline : tuple
        How it was run, and its case-mix.
    design_not_found, baseline_not_found : tuple
        What was looked for and not found: unknown, not zero.
    visit_candidates : VisitCandidates, optional
        Visit intervals to average over.
    discrepancies : tuple of str
        Where the review, the publications or the numbers themselves conflict.
    """

    id: str
    aliases: tuple[str, ...] = ()
    registry: tuple[str, ...] = ()
    same_trial_as: str | None = None
    phase: str
    line: str
    references: Keys
    review: Review
    population: tuple[Property, ...] = ()
    arms: tuple[Arm, ...]
    arms_note: str = ""
    results: tuple[Result, ...] = ()
    statements: tuple[Statement, ...] = ()
    design: tuple[DesignFact, ...] = ()
    design_not_found: tuple[DesignMeasure, ...] = ()
    baseline: tuple[BaselineFact, ...] = ()
    baseline_not_found: tuple[BaselineMeasure, ...] = ()
    visit_candidates: VisitCandidates | None = None
    discrepancies: tuple[str, ...] = ()

    def arm(self, arm_id: str) -> Arm | None:
        """Return the arm of that id, or None."""
        return next((arm for arm in self.arms if arm.id == arm_id), None)

    def results_of(
        self, endpoint: Endpoint | str, *, arm: str | None = None, stratum: str = "ITT"
    ) -> tuple[Result, ...]:
        """Return the published results of an endpoint in a stratum."""
        return tuple(
            result
            for result in self.results
            if result.endpoint == endpoint
            and result.stratum == stratum
            and arm in (None, result.arm)
        )

    def design_of(self, measure: DesignMeasure | str) -> tuple[DesignFact, ...]:
        """Return the design facts under a measure."""
        return tuple(fact for fact in self.design if fact.measure == measure)

    def baseline_of(self, measure: BaselineMeasure | str) -> tuple[BaselineFact, ...]:
        """Return the lines of the baseline table under a measure."""
        return tuple(fact for fact in self.baseline if fact.measure == measure)
