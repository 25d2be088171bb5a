"""What a claim file holds: a statement, its place in the review, and its experiment."""

from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from oestra.claims.expectation import Expectation
from oestra.claims.level import Level
from oestra.claims.run import Run, check_runs, filled_run
from oestra.trial.design import TrialDesign

__all__ = ["Check", "Claim", "Course", "Level", "Origin", "Run"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Origin(StrEnum):
    """Why the model agrees, if it does."""

    INPUT = "input"
    """A published number was put in; agreement shows only that nothing lost it."""
    FITTED = "fitted"
    """A fit aims at a number the claim is about."""
    EMERGENT = "emergent"
    """Nothing was aimed at it."""


class Course(_Part):
    """Virtual patients of the pool under one regimen."""

    where: str
    """Criterion of enrollment."""
    patients: int = Field(gt=1)
    """How many; fewer where fewer are eligible."""
    drug: str
    """Regimen."""
    days: float = Field(gt=0)
    """How long they are followed."""


class Check(_Part):
    """One number of the model and what the review makes us expect."""

    measure: str = ""
    """What is measured, in words."""
    value: str = ""
    """Expression over the runs."""
    target: str = ""
    """Instead: a row of the evidence, whose interval the simulated number must meet."""
    unit: str = "1"
    """Unit of the value."""
    expect: Expectation | None = None
    """Where the value must lie."""
    why: str = ""
    """Why there."""
    open: str = ""
    """The conflict of evidence that keeps this check from deciding anything."""

    @model_validator(mode="after")
    def _whole(self) -> "Check":
        if self.target:
            if self.value or self.expect:
                raise ValueError("a target brings its own value and expectation")
        elif not (self.measure and self.value and self.expect and self.why):
            raise ValueError("a check needs measure, value, expect and why, or target")
        return self


class Claim(_Part):
    """One statement of the review."""

    id: str = Field(pattern=r"^[A-Z][A-Za-z0-9-]{0,39}$")
    """C and three digits for the review's; own claims have names of their own."""
    statement: str
    """In our words."""
    section: str
    """Place in the review."""
    references: tuple[str, ...]
    """Numbers of the review's references; empty where it cites none."""
    evidence: Literal["strong", "moderate", "weak"]
    """Replicated or randomized; several studies; a single or disputed one."""
    conflicts: tuple[str, ...] = ()
    """What contradicts it."""
    level: Level
    origin: Origin
    hard: bool = False
    """Whether it is among those that tell models apart."""
    runs: dict[str, Run] = {}
    """Experiments on cells and on a median tumor, by name."""
    courses: dict[str, Course] = {}
    """Experiments on virtual patients, by name."""
    trials: dict[str, TrialDesign] = {}
    """Trials made for the claim, by name; those of the library need no entry."""
    checks: tuple[Check, ...] = Field(min_length=1)
    """What must hold."""

    @property
    def number(self) -> int:
        """Number of the claim in the review, 1 to 100; 0 for an own one."""
        digits = self.id.removeprefix("C")
        return int(digits) if digits.isdecimal() else 0

    def to_json_dict(self) -> dict[str, Any]:
        """Return what the claim says and where it is from, without its experiments."""
        return {
            "id": self.id,
            "statement": self.statement,
            "section": self.section,
            "references": list(self.references),
            "level": self.level.value,
            "origin": self.origin.value,
            "hard": self.hard,
        }

    def run(self, name: str) -> Run:
        """Return a run with the entries of those it is like filled in."""
        return filled_run(self.runs, name)

    @model_validator(mode="after")
    def _runs_are_known(self) -> "Claim":
        check_runs(self.runs)
        return self
