"""The schema of a trial's evidence: identity, arms, results, design, case-mix."""

from typing import Literal

from oestra.evidence.evidence_record import (
    Cited,
    Fact,
    Keys,
    Property,
    Record,
    Statement,
)
from oestra.evidence.published_result import Result
from oestra.evidence.vocabulary import BaselineMeasure, DesignMeasure, Endpoint

__all__ = [
    "Arm",
    "BaselineFact",
    "DesignFact",
    "Review",
    "TrialEvidence",
    "VisitCandidates",
]


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
