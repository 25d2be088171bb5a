"""How a trial is analyzed, as its file describes it."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from oestra.trial.spending import Spending

__all__ = [
    "Analysis",
    "ClinicalBenefit",
    "Contrast",
    "Count",
    "Days",
    "Denominator",
    "Efficacy",
    "EfficacyRule",
    "EventWeights",
    "Futility",
    "Hypothesis",
    "Ki67Biopsy",
    "Look",
    "Months",
    "Part",
    "Percent",
    "Positive",
    "TimeToEvent",
    "Weeks",
    "when_given",
]

_LONGEST_MONTHS = 600
"""Fifty years: no trial runs longer."""

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False, strict=True)]
Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False, strict=True)]
Margin = Annotated[float, Field(gt=0, le=10, allow_inf_nan=False, strict=True)]
Share = Annotated[float, Field(gt=0, lt=1, strict=True)]
Gamma = Annotated[float, Field(ge=-20, le=20, allow_inf_nan=False, strict=True)]
Count = Annotated[int, Field(ge=1, le=100_000, strict=True)]
Months = Annotated[float, Field(le=_LONGEST_MONTHS, allow_inf_nan=False, strict=True)]
Weeks = Annotated[float, Field(gt=0, le=2600, allow_inf_nan=False, strict=True)]
Days = Annotated[float, Field(ge=0, le=18_250, allow_inf_nan=False, strict=True)]


def _no_mark(given: object) -> object:
    """Return true and false as words: they equal 1 and 0, and mean neither."""
    return str(given).lower() if isinstance(given, bool) else given


def when_given(value: object) -> bool:
    """Tell whether a word is left out of a written design, as its file has it not."""
    return not value


class Part(BaseModel):
    """A part of a trial file: frozen, without unknown keys."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True
    )


class TimeToEvent(StrEnum):
    """Time-to-event endpoints."""

    PFS = "pfs"
    """Progression or death."""
    TTP = "ttp"
    """Progression; death without it is censored."""
    OS = "os"
    """Death."""
    PFS2 = "pfs2"
    """Second progression, on the treatment after the first, or death."""


class Denominator(StrEnum):
    """Whom a response rate divides by."""

    ITT = "ITT"
    MEASURABLE = "measurable"


class ClinicalBenefit(Part):
    """What counts as clinical benefit."""

    weeks: Weeks = 24.0
    """How long stable disease must last."""
    window_days: Days = 14.0
    """How much earlier the deciding scan may be."""
    responders: bool = True
    """Whether a response counts however short; False counts only patients without
    progression at that time."""


class Ki67Biopsy(Part):
    """A biopsy under treatment."""

    day: Positive
    """Day of the biopsy."""
    response_below_percent: Annotated[Percent, Field(gt=0)] = 2.718281828
    """Ki67 below which proliferation counts as arrested."""
    evaluable_percent: Annotated[Percent, Field(gt=0)] = 100.0
    """Share of patients with a pair of biopsies."""


class MetabolicScan(Part):
    """A scan of glucose uptake (FDG-PET) under treatment."""

    day: Positive
    """Day of the scan."""
    response_fall_percent: Annotated[float, Field(gt=0, lt=100, strict=True)] = 25.0
    """Fall of uptake from baseline at which it counts as a response."""
    evaluable_percent: Annotated[Percent, Field(gt=0)] = 100.0
    """Share of patients with a pair of scans."""


class EfficacyRule(StrEnum):
    """How alpha is shared out between the analyses."""

    SPENDING_OBRIEN_FLEMING = Spending.OBRIEN_FLEMING.value
    """Spending function of Lan and DeMets after O'Brien and Fleming."""
    SPENDING_POCOCK = Spending.POCOCK.value
    """Spending function of Lan and DeMets after Pocock."""
    SPENDING_HWANG_SHIH_DECANI = Spending.HWANG_SHIH_DECANI.value
    """Spending function of Hwang, Shih and DeCani."""
    OBRIEN_FLEMING = "obrien-fleming"
    """Bounds that fall with the root of information."""
    POCOCK = "pocock"
    """The same bound at every analysis."""
    HAYBITTLE_PETO = "haybittle-peto"
    """A far bound at the looks; what is left at the end."""


class Efficacy(Part):
    """How alpha is spent over the looks."""

    rule: EfficacyRule
    """Spending function or classical bounds."""
    gamma: Gamma | None = None
    """Parameter of hwang-shih-decani, -4 by default."""
    bound: Annotated[float, Field(gt=0, le=8, strict=True)] | None = None
    """Bound of haybittle-peto at the looks, in standard errors; 3 by default."""


class Futility(Part):
    """When a look stops the trial as it can hardly be won: by one of three ways."""

    hazard_ratio: Positive | None = None
    """Hazard ratio at or above which it stops."""
    conditional_power: Share | None = None
    """Conditional power below which it stops."""
    assumed_hazard_ratio: Positive | None = None
    """Hazard ratio that conditional power assumes from then on; the one seen so far by
    default."""
    spending: Spending | None = None
    """Spending function of the type II error."""
    beta: Annotated[float, Field(gt=0, lt=0.5, strict=True)] = 0.2
    """Type II error that is spent."""
    gamma: Gamma | None = None
    """Parameter of hwang-shih-decani, -4 by default."""
    binding: bool = False
    """Whether the bounds for efficacy rely on its being obeyed."""


class Hypothesis(Part):
    """That an arm does better than its control, or not worse by a margin."""

    arm: str
    """Arm of interest."""
    control: str
    """Arm compared with."""
    endpoint: TimeToEvent | None = None
    """The primary endpoint by default."""
    among: str | None = None
    """Name of the subgroup or group it is about; everybody by default."""
    margin: Margin | None = None
    """Hazard ratio below which the arm is not inferior; that of the analysis by
    default."""
    weight: Annotated[float, Field(ge=0, le=1, strict=True)] | None = None
    """Share of alpha before anything is rejected."""
    passes_to: dict[str, Annotated[float, Field(ge=0, le=1, strict=True)]] = {}
    """What share of its alpha goes to which other hypothesis once it is rejected."""
    events: Count | None = None
    """Events planned at the final analysis; final_events for the first hypothesis."""


class EventWeights(Part):
    """What events weigh in log-rank tests, after Fleming and Harrington."""

    rho: Annotated[float, Field(ge=0, le=10, strict=True)] = 0.0
    """Power of the share free of an event before: above 0, early events weigh more."""
    gamma: Annotated[float, Field(ge=0, le=10, strict=True)] = 0.0
    """Power of the share with an event before: above 0, late events weigh more."""

    @property
    def described(self) -> str:
        """What events weigh, in a few words."""
        return f"by Fleming and Harrington, rho {self.rho:g} and gamma {self.gamma:g}"


class Contrast(Part):
    """A comparison of two arms."""

    arm: str
    """Arm of interest."""
    control: str
    """Arm compared with."""


class Look(Part):
    """An interim or final analysis after so many events."""

    events: Count
    """Events of the first hypothesis."""
    efficacy_p: Share | None = None
    """Two-sided p at or below which the arm has won, in place of a rule."""
    futility_hazard_ratio: Positive | None = None
    """Hazard ratio at or above which the trial stops for futility."""
    futility_conditional_power: Share | None = None
    """Conditional power below which it stops for futility."""


class Analysis(Part):
    """How the trial is analyzed."""

    primary: TimeToEvent = TimeToEvent.PFS
    """Primary time-to-event endpoint."""
    secondary: tuple[TimeToEvent, ...] = Field(default=(), max_length=20)
    """Others reported."""
    stratified: bool = True
    """Whether tests keep to the strata of randomization."""
    landmarks_months: tuple[Positive, ...] = Field(default=(), max_length=50)
    """Times at which event-free shares are reported."""
    restricted_mean_months: tuple[Positive, ...] = Field(
        default=(), max_length=20, exclude_if=when_given
    )
    """Horizons up to which mean times of the primary endpoint are reported, and
    compared between arms."""
    response_denominator: Denominator = Denominator.ITT
    """Whom the response rate divides by."""
    clinical_benefit: ClinicalBenefit = ClinicalBenefit()
    """What counts as clinical benefit."""
    ki67: Ki67Biopsy | None = None
    """Biopsy under treatment, where the trial took one."""
    metabolic: MetabolicScan | None = None
    """Scan of glucose uptake under treatment, where the trial made one."""
    contrasts: tuple[Contrast, ...] = Field(default=(), max_length=50)
    """Comparisons; by default each arm against the last."""
    alpha: Annotated[float, Field(gt=0, le=0.5, strict=True)] = 0.05
    """Type I error of all hypotheses together, of all sides."""
    sided: Annotated[Literal[1, 2], BeforeValidator(_no_mark)] = 2
    """1 where alpha is all spent on the arm being better; 2 where half of it is."""
    margin: Margin | None = None
    """Hazard ratio below which the arm is not inferior; tests superiority if absent."""
    fleming_harrington: EventWeights | None = Field(default=None, exclude_if=when_given)
    """Weights of early and late events in every log-rank test; all the same if
    absent."""
    hypotheses: dict[str, Hypothesis] = Field(default={}, max_length=20)
    """What is tested, by name; by default the first contrast in the primary endpoint.
    Without weights they are tested one after the other."""
    looks: tuple[Look, ...] = Field(default=(), max_length=20)
    """Interim looks of a group-sequential trial; the last may be the final analysis."""
    final_events: Count | None = None
    """Events of the first hypothesis at the final analysis, which the data cut
    precedes if they come later."""
    efficacy: Efficacy | None = None
    """How alpha is spent over the looks; all of it at the end if absent."""
    futility: Futility | None = None
    """When a look stops the trial as it can hardly be won."""

    @property
    def first_margin(self) -> float:
        """Hazard ratio under the null of the first hypothesis; 1 for superiority."""
        first = next(iter(self.hypotheses.values()), None)
        return (first and first.margin) or self.margin or 1.0
