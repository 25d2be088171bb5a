"""The design of a trial, as its file describes it."""

from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from oestra.core.terms import Criteria
from oestra.core.units import DAYS_PER_MONTH
from oestra.trial.analysis import (
    Analysis,
    ClinicalBenefit,
    Contrast,
    Count,
    Days,
    Denominator,
    Ki67Biopsy,
    Look,
    Months,
    Part,
    Percent,
    TimeToEvent,
    Weeks,
)
from oestra.trial.arm_treatment import (
    Duration,
    Option,
    Phase,
    RunIn,
    described,
    phases_of,
    regimens_of,
    when_given,
)
from oestra.trial.arms_by_group import arms_by_group
from oestra.trial.censoring import Censoring
from oestra.trial.reader import Reader
from oestra.trial.rules import broken_rules

__all__ = [
    "Analysis",
    "Arm",
    "CaseMix",
    "Censoring",
    "ClinicalBenefit",
    "Contrast",
    "Crossover",
    "Denominator",
    "Group",
    "Ki67Biopsy",
    "Look",
    "TimeToEvent",
    "TrialDesign",
    "Visits",
]


Weight = Annotated[int, Field(ge=1, le=1000, strict=True)]
Text = Annotated[str, Field(max_length=500)]


class Crossover(Part):
    """What a share of an arm's patients took after its therapy."""

    regimen: str
    """Drugs, doses and days of the line that follows progression."""
    percent: Percent
    """Share of patients who take it; the others never take drugs only it brings."""


class Arm(Part):
    """One arm."""

    id: str
    """Short name, as results are keyed."""
    label: str
    """Name for people."""
    regimen: str = ""
    """Drugs, doses and days, such as ``letrozole 2.5 mg daily``; every arm gives a
    regimen, ``phases`` or a ``choice``."""
    n: Count
    """Patients."""
    allocation: Weight = 1
    """Weight in randomization; 2 against 1 is two patients for one."""
    crossover: Crossover | None = None
    """First line after the trial's therapy, where it is known; it counts only where
    survival is an endpoint."""
    choice: tuple[Option, ...] = Field(default=(), max_length=20, exclude_if=when_given)
    """Treatments among which the investigator chooses for each patient, in place of
    ``regimen``; results are told by choice too."""
    duration: Duration | None = Field(default=None, exclude_if=when_given)
    """How long ``regimen`` is given at most, such as ``18 months``; then nothing is
    given, and follow-up goes on."""
    phases: tuple[Phase, ...] = Field(default=(), max_length=10, exclude_if=when_given)
    """Treatments that follow each other, in place of ``regimen``."""

    @property
    def regimens(self) -> tuple[str, ...]:
        """Every regimen that some patient of the arm may be given."""
        return regimens_of(self, self.choice)

    @property
    def ends(self) -> bool:
        """Whether some patients come to a planned end of all treatment."""
        return any(
            phases_of(one)[-1].duration is not None for one in self.choice or (self,)
        )

    @property
    def described(self) -> str:
        """What the arm gives, in one line."""
        return described(self, self.choice)


class CaseMix(Part):
    """One published share to which the enrolled patients are weighted."""

    where: str
    """A criterion."""
    percent: Percent
    """Published share of patients who meet it."""
    within: str | None = None
    """Criterion of the patients the share is of; all if absent."""
    source: str = ""
    """Where the share was printed."""


class Group(Part):
    """Patients enrolled apart, with numbers of their own in each arm."""

    where: str
    """Criterion, besides the eligibility of the trial."""
    n: dict[str, Annotated[int, Field(le=100_000, strict=True)]]
    """Patients by arm; arms not named take none."""

    @field_validator("n")
    @classmethod
    def _counts(cls, n: dict[str, int]) -> dict[str, int]:
        for arm, count in n.items():
            if count < 1:
                raise ValueError(f"{arm} needs at least 1 patient, got {count}")
        return n


class Visits(Part):
    """When scans are done."""

    interval_weeks: Weeks | Annotated[tuple[Weeks, ...], Field(max_length=10)]
    """Weeks between scans; several if it is not known which, drawn anew in each
    replicate."""
    later_interval_weeks: Weeks | None = None
    """Weeks between scans later on."""
    later_after_weeks: Weeks | None = None
    """When the later interval begins."""
    window_days: Days = 7.0
    """How far a visit may be off its day."""

    @property
    def candidates(self) -> tuple[float, ...]:
        """Possible intervals in weeks."""
        given = self.interval_weeks
        return given if isinstance(given, tuple) else (given,)

    @model_validator(mode="after")
    def _later_is_whole(self) -> "Visits":
        if not self.candidates:
            raise ValueError("interval_weeks needs at least one interval")
        if (self.later_interval_weeks is None) != (self.later_after_weeks is None):
            raise ValueError(
                "later_interval_weeks and later_after_weeks must be given together"
            )
        shortest = 7 * min(*self.candidates, self.later_interval_weeks or 1e9)
        if 2 * self.window_days > shortest:
            raise ValueError(
                f"window_days {self.window_days:g} is more than half of the "
                f"{shortest:g} days between visits"
            )
        return self


class TrialDesign(Part):
    """A trial: who, what, when scanned, how read, how analyzed."""

    id: str
    """Name; the results are keyed by it."""
    aliases: tuple[str, ...] = Field(default=(), max_length=50)
    """Registry numbers and other names."""
    title: Text
    """One line for people."""
    prediction: bool = False
    """Whether no result is known to the project, so that it can only be predicted."""
    example: bool = Field(default=False, exclude_if=when_given)
    """Whether it shows the words of the language only: no such trial was run, and none
    is in a review, a fit or a prediction."""
    note: str = ""
    """What a reader must know, such as where the file departs from the protocol."""
    same_chance_as: str = Field(default="", max_length=64)
    """Id of a trial whose chance this one shares: with the same eligibility the same
    patients are enrolled, with the same luck. Variants share that of their trial."""
    arms: tuple[Arm, ...] = Field(min_length=1, max_length=20)
    """The arms; the last is the control."""
    randomized: bool = True
    """Whether patients are randomized."""
    run_in: RunIn | None = Field(default=None, exclude_if=when_given)
    """What everybody takes before randomization, which is at an event; all times count
    from there."""
    year: Annotated[float, Field(ge=1990, le=2030, strict=True)] | None = Field(
        default=None, exclude_if=when_given
    )
    """Calendar year in which patients enroll, half of them before it: what they were
    given until then, and are given later, is the practice of its time. By default
    2012, or the first of 2018 and 2023 in which practice gave what eligibility speaks
    of; see `oestra.trial.practice_year`."""
    definitions: dict[str, str] = Field(default={}, max_length=100)
    """Criteria with a name, usable in the other criteria."""
    eligibility: tuple[str, ...] = Field(default=(), max_length=100)
    """Criteria that every patient must meet; those of performance status and life
    expectancy that it does not state are added, see `oestra.trial.candidates`."""
    groups: dict[str, Group] = Field(default={}, max_length=20)
    """Groups enrolled apart, by name. Without randomization nothing is pooled over
    them: an arm that takes patients of several stands for an arm a group."""
    case_mix: tuple[CaseMix, ...] = Field(default=(), max_length=100)
    """Published shares to which the enrolled are weighted."""
    strata: tuple[str, ...] = Field(default=(), max_length=8)
    """Criteria within whose combinations patients are randomized."""
    block_size: Weight | None = None
    """Size of permuted blocks, a multiple of the sum of the allocation weights; by
    default twice that sum."""
    exact_numbers: bool = Field(default=False, exclude_if=when_given)
    """Whether every arm gets its ``n`` exactly: blocks run on from one stratum to the
    next, each with its share of what the arms still take. By default the last blocks of
    the strata stay open, as in a trial, so that numbers vary a little."""
    visits: Visits
    """When scans are done."""
    criteria: Criteria
    """Rules by which they are read."""
    reading: tuple[Reader, ...] = Field(default=(), exclude_if=when_given)
    """Who reads them, ``central`` and ``local``, the primary first; by default one
    reader, by whom patients are treated too."""
    confirmation_weeks: Weeks | None = None
    """Weeks after which a response must be seen again."""
    inevaluable_between: Annotated[int, Field(ge=0, le=100, strict=True)] = 1
    """Most scans, missed or not evaluable, between a response and the scan that
    confirms it."""
    stable_weeks: Weeks = 6.0
    """Weeks from randomization from which stable disease counts; a scan may come a week
    early."""
    censoring: Censoring = Censoring()
    """What counts as progression or death, and what censors them."""
    accrual_months: Annotated[Months, Field(ge=0)]
    """Months over which patients enter."""
    data_cut_months: Annotated[Months, Field(gt=0)]
    """Months from the first patient to the analysis."""
    treatment_weeks: Weeks | None = None
    """Weeks after which treatment and follow-up end, as before surgery; without end if
    absent."""
    analysis: Analysis = Analysis()
    """How it is analyzed."""
    subgroups: dict[str, str] = Field(default={}, max_length=100)
    """Criteria of subgroups reported, by name."""

    def arm(self, name: str) -> Arm:
        """Return the arm of that id."""
        return next(arm for arm in self.arms if arm.id == name)

    @property
    def chance_id(self) -> str:
        """Name of the draws of chance it takes."""
        return self.same_chance_as or self.id

    @property
    def arm_ids(self) -> tuple[str, ...]:
        """Ids of the arms, in order."""
        return tuple(arm.id for arm in self.arms)

    @property
    def contrasts(self) -> tuple[Contrast, ...]:
        """Comparisons made."""
        *others, control = self.arm_ids
        default = tuple(Contrast(arm=arm, control=control) for arm in others)
        return self.analysis.contrasts or (default if self.randomized else ())

    @property
    def endpoints(self) -> tuple[TimeToEvent, ...]:
        """Time-to-event endpoints reported, the primary first."""
        asked = (self.analysis.primary, *self.analysis.secondary)
        return tuple(dict.fromkeys(asked))

    @property
    def cut_days(self) -> float:
        """Days from the first patient's entry to the data cut."""
        return self.data_cut_months * DAYS_PER_MONTH

    @property
    def longest_days(self) -> float:
        """Longest time a patient can be followed, in days."""
        if self.treatment_weeks is None:
            return self.cut_days
        # The last scan may fall late within its window.
        return min(self.cut_days, 7 * self.treatment_weeks + self.visits.window_days)

    @model_validator(mode="before")
    @classmethod
    def _never_pooled(cls, data: Any) -> Any:
        return arms_by_group(data)

    @model_validator(mode="after")
    def _rules_hold(self) -> "TrialDesign":
        faults = list(broken_rules(self))
        if faults:
            text = "; ".join(fault.text for fault in faults)
            raise PydanticCustomError(
                "rules", "{text}", {"text": text, "faults": faults}
            )
        return self
