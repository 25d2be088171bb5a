"""How a trial is analyzed, as its file describes it."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "Analysis",
    "ClinicalBenefit",
    "Contrast",
    "Count",
    "Days",
    "Denominator",
    "Ki67Biopsy",
    "Look",
    "Months",
    "Part",
    "Percent",
    "Positive",
    "TimeToEvent",
    "Weeks",
]

_LONGEST_MONTHS = 600
"""Fifty years: no trial runs longer."""

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False, strict=True)]
Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False, strict=True)]
Count = Annotated[int, Field(ge=1, le=100_000, strict=True)]
Months = Annotated[float, Field(le=_LONGEST_MONTHS, allow_inf_nan=False, strict=True)]
Weeks = Annotated[float, Field(gt=0, le=2600, allow_inf_nan=False, strict=True)]
Days = Annotated[float, Field(ge=0, le=18_250, allow_inf_nan=False, strict=True)]


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
    efficacy_p: Annotated[float, Field(gt=0, lt=1, strict=True)] | None = None
    """Two-sided p at or below which the trial has won."""
    futility_hazard_ratio: Positive | None = None
    """Hazard ratio at or above which it stops for futility."""


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
    looks: tuple[Look, ...] = Field(default=(), max_length=20)
    """Interim and final looks of a group-sequential trial."""
