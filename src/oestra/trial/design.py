"""The design of a trial, as its file describes it."""

from collections.abc import Iterator

from pydantic import Field, field_validator, model_validator

from oestra.core.units import DAYS_PER_MONTH
from oestra.core.vocabulary import Criteria
from oestra.trial.analysis import (
    Analysis,
    ClinicalBenefit,
    Contrast,
    Count,
    Denominator,
    Ki67Biopsy,
    Look,
    NonNegative,
    Part,
    Percent,
    Positive,
    TimeToEvent,
)

__all__ = [
    "Analysis",
    "Arm",
    "CaseMix",
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
    regimen: str
    """Drugs, doses and days, such as ``letrozole 2.5 mg daily``."""
    n: Count
    """Patients."""
    allocation: Count = 1
    """Weight in randomization; 2 against 1 is two patients for one."""
    crossover: Crossover | None = None
    """First line after the trial's therapy, where it is known; it counts only where
    survival is an endpoint."""


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
    n: dict[str, int]
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

    interval_weeks: Positive | tuple[Positive, ...]
    """Weeks between scans; several if it is not known which, drawn anew in each
    replicate."""
    later_interval_weeks: Positive | None = None
    """Weeks between scans later on."""
    later_after_weeks: Positive | None = None
    """When the later interval begins."""
    window_days: NonNegative = 7.0
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
        shortest = 7 * min(self.candidates)
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
    aliases: tuple[str, ...] = ()
    """Registry numbers and other names."""
    title: str
    """One line for people."""
    prediction: bool = False
    """Whether no result is known to the project, so that it can only be predicted."""
    note: str = ""
    """What a reader must know, such as where the file departs from the protocol."""
    arms: tuple[Arm, ...] = Field(min_length=1)
    """The arms; the last is the control."""
    randomized: bool = True
    """Whether patients are randomized."""
    definitions: dict[str, str] = Field(default={})
    """Criteria with a name, usable in the other criteria."""
    eligibility: tuple[str, ...] = ()
    """Criteria that every patient must meet."""
    groups: dict[str, Group] = Field(default={})
    """Groups enrolled apart, by name."""
    case_mix: tuple[CaseMix, ...] = ()
    """Published shares to which the enrolled are weighted."""
    strata: tuple[str, ...] = ()
    """Criteria within whose combinations patients are randomized."""
    block_size: Count | None = None
    """Size of permuted blocks, a multiple of the sum of the allocation weights; by
    default twice that sum."""
    visits: Visits
    """When scans are done."""
    criteria: Criteria
    """Rules by which they are read."""
    confirmation_weeks: Positive | None = None
    """Weeks after which a response must be seen again."""
    clinical_progression: bool = True
    """Whether symptoms count as progression without a scan."""
    accrual_months: NonNegative
    """Months over which patients enter."""
    data_cut_months: Positive
    """Months from the first patient to the analysis."""
    treatment_weeks: Positive | None = None
    """Weeks after which treatment and follow-up end, as before surgery; without end if
    absent."""
    analysis: Analysis = Analysis()
    """How it is analyzed."""
    subgroups: dict[str, str] = Field(default={})
    """Criteria of subgroups reported, by name."""

    def arm(self, name: str) -> Arm:
        """Return the arm of that id."""
        return next(arm for arm in self.arms if arm.id == name)

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

    def criteria_texts(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield every criterion of the file with its place in it."""
        for key in ("definitions", "subgroups"):
            for name, text in getattr(self, key).items():
                yield (key, name), text
        for key in ("eligibility", "strata"):
            for index, text in enumerate(getattr(self, key)):
                yield (key, index), text
        for name, group in self.groups.items():
            yield ("groups", name, "where"), group.where
        for index, margin in enumerate(self.case_mix):
            yield ("case_mix", index, "where"), margin.where
            if margin.within:
                yield ("case_mix", index, "within"), margin.within

    def regimens(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield every regimen of the file with its place in it."""
        for index, arm in enumerate(self.arms):
            yield ("arms", index, "regimen"), arm.regimen
            if arm.crossover:
                yield ("arms", index, "crossover", "regimen"), arm.crossover.regimen

    @model_validator(mode="after")
    def _arms_are_known(self) -> "TrialDesign":
        names = self.arm_ids
        if len(set(names)) < len(names):
            raise ValueError(f"arm ids must differ, got {', '.join(names)}")
        asked = [name for c in self.analysis.contrasts for name in (c.arm, c.control)]
        asked += [name for group in self.groups.values() for name in group.n]
        for name in asked:
            if name not in names:
                raise ValueError(f"there is no arm {name!r}; arms: {', '.join(names)}")
        for arm in self.arms:
            apart = sum(group.n.get(arm.id, 0) for group in self.groups.values())
            if self.groups and apart != arm.n:
                raise ValueError(
                    f"the groups put {apart} patients into {arm.id}, its n is {arm.n}"
                )
        names = (*self.groups, *self.subgroups)
        if len(set(names)) < len(names) or "" in names:
            raise ValueError("groups and subgroups need names of their own")
        return self

    @model_validator(mode="after")
    def _blocks_fit(self) -> "TrialDesign":
        weights = sum(arm.allocation for arm in self.arms)
        if self.block_size is not None and self.block_size % weights:
            raise ValueError(
                f"block_size {self.block_size} is no multiple of {weights}, the sum of "
                "the allocation weights"
            )
        return self

    @model_validator(mode="after")
    def _numbers_fit_allocation(self) -> "TrialDesign":
        if not self.randomized or self.groups:
            return self
        patients = sum(arm.n for arm in self.arms)
        weights = sum(arm.allocation for arm in self.arms)
        for arm in self.arms:
            expected = patients * arm.allocation / weights
            if abs(arm.n - expected) > max(10.0, 0.1 * expected):
                raise ValueError(
                    f"{arm.id} has n {arm.n}, but the allocation of the arms gives it "
                    f"about {expected:.0f}; set allocation"
                )
        return self

    @model_validator(mode="after")
    def _times_fit(self) -> "TrialDesign":
        follow_up = self.data_cut_months - self.accrual_months
        if follow_up <= 0:
            raise ValueError(
                f"data_cut_months {self.data_cut_months:g} must exceed "
                f"accrual_months {self.accrual_months:g}"
            )
        longest = max(self.visits.candidates)
        if 7 * longest > self.longest_days:
            raise ValueError(
                f"the visit interval of {longest:g} weeks is longer than the follow-up "
                f"of {self.data_cut_months:g} months"
            )
        for what, planned in (
            ("biopsy", self.analysis.ki67),
            ("metabolic scan", self.analysis.metabolic),
        ):
            if planned is not None and planned.day > self.longest_days:
                raise ValueError(
                    f"the {what} on day {planned.day:g} comes after the end of "
                    "follow-up"
                )
        return self
