"""How a trial is analyzed, as its file describes it."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "Analysis",
    "ClinicalBenefit",
    "Contrast",
    "Count",
    "Denominator",
    "Ki67Biopsy",
    "Look",
    "NonNegative",
    "Part",
    "Percent",
    "Positive",
    "TimeToEvent",
]

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]


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


class Denominator(StrEnum):
    """Whom a response rate divides by."""

    ITT = "ITT"
    MEASURABLE = "measurable"


class ClinicalBenefit(Part):
    """What counts as clinical benefit."""

    weeks: Positive = 24.0
    """How long stable disease must last."""
    window_days: NonNegative = 14.0
    """How much earlier the deciding scan may be."""
    responders: bool = True
    """Whether a response counts however short; False counts only patients without
    progression at that time."""


class Ki67Biopsy(Part):
    """A biopsy under treatment."""

    day: Positive
    """Day of the biopsy."""
    response_below_percent: Positive = 2.718281828
    """Ki67 below which proliferation counts as arrested."""
    evaluable_percent: Percent = 100.0
    """Share of patients with a pair of biopsies."""


class MetabolicScan(Part):
    """A scan of glucose uptake (FDG-PET) under treatment."""

    day: Positive
    """Day of the scan."""
    response_fall_percent: Annotated[float, Field(gt=0, lt=100)] = 25.0
    """Fall of uptake from baseline at which it counts as a response."""
    evaluable_percent: Percent = 100.0
    """Share of patients with a pair of scans."""


class Contrast(Part):
    """A comparison of two arms."""

    arm: str
    """Arm of interest."""
    control: str
    """Arm compared with."""


class Look(Part):
    """An interim or final analysis after so many events."""

    events: Count
    """Events of the primary endpoint."""
    efficacy_p: Annotated[float, Field(gt=0, lt=1)] | None = None
    """Two-sided p at or below which the trial has won."""
    futility_hazard_ratio: Positive | None = None
    """Hazard ratio at or above which it stops for futility."""


class Analysis(Part):
    """How the trial is analyzed."""

    primary: TimeToEvent = TimeToEvent.PFS
    """Primary time-to-event endpoint."""
    secondary: tuple[TimeToEvent, ...] = ()
    """Others reported."""
    stratified: bool = True
    """Whether tests keep to the strata of randomization."""
    landmarks_months: tuple[Positive, ...] = ()
    """Times at which event-free shares are reported."""
    response_denominator: Denominator = Denominator.ITT
    """Whom the response rate divides by."""
    clinical_benefit: ClinicalBenefit = ClinicalBenefit()
    """What counts as clinical benefit."""
    ki67: Ki67Biopsy | None = None
    """Biopsy under treatment, where the trial took one."""
    metabolic: MetabolicScan | None = None
    """Scan of glucose uptake under treatment, where the trial made one."""
    contrasts: tuple[Contrast, ...] = ()
    """Comparisons; by default each arm against the last."""
    looks: tuple[Look, ...] = ()
    """Interim and final looks of a group-sequential trial."""
