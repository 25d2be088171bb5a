"""What a claim file holds: a statement, its place in the review, and its experiment."""

from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from oestra.claims.expectation import Expectation
from oestra.claims.level import Level
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


class Run(_Part):
    """Cells of a line, or a median tumor, under one treatment."""

    like: str | None = None
    """Another run whose entries this one keeps unless it says otherwise."""
    line: str = ""
    """A cell line, or ``tumor`` for the model's median tumor in a typical patient."""
    set: tuple[str, ...] = ()
    """Lesions, such as ``PTEN=loss``."""
    cell: dict[str, float] = {}
    """Edits of the network: parameters of the cell, such as ``gain_er_rtk: 0``."""
    medium: str = "none"
    """What differs from the medium of the line; cultures only."""
    pretreat: tuple[str, ...] = ()
    """What the cells went through before; cultures only."""
    drug: str = "none"
    """Concentrations for a culture, a regimen for a tumor."""
    cyp2d6: Literal["PM", "IM", "NM", "UM"] = "NM"
    """Metabolizer phenotype of the patient; tumors only."""
    doses: tuple[float, ...] = ()
    """Numbers that take the place of ``{}`` in medium or drug, one culture each."""
    days: float = Field(default=7.0, gt=0, le=3653)
    """Length."""


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
        own = self.runs[name]
        if own.like is None:
            return own
        given = own.model_dump(exclude_unset=True, exclude={"like"})
        return Run.model_validate(self.run(own.like).model_dump() | given)

    @model_validator(mode="after")
    def _runs_are_known(self) -> "Claim":
        for name, run in self.runs.items():
            seen, one = {name}, run
            while one.like is not None:
                if one.like not in self.runs or one.like in seen:
                    raise ValueError(
                        f"run {name!r} is like {one.like!r}, which is no run that "
                        "stands by itself"
                    )
                seen.add(one.like)
                one = self.runs[one.like]
            if not one.line:
                raise ValueError(f"run {name!r} names no line")
        return self
