"""What a row file holds: a mechanism of the review, its experiment, its knock-outs."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from oestra.claims.claim_expression import readouts_in
from oestra.claims.expectation import Expectation
from oestra.claims.run import Run, check_runs, filled_run

__all__ = ["Basis", "KnockOut", "Row", "RowCheck"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Basis(StrEnum):
    """Where the expected direction and size are from."""

    EVIDENCE = "evidence"
    """A measurement: both direction and size, with its errors."""
    REVIEW = "review"
    """The review says the direction; the size is the least an assay shows."""
    ASSUMED = "assumed"
    """The direction is known and its size was never published."""


class KnockOut(_Part):
    """A mechanism gone."""

    cell: dict[str, float] = {}
    """Parameters of the cell, and the values at which the mechanism does nothing."""
    cyp2d6: Literal["PM", "IM", "NM", "UM"] | None = None
    """Metabolizer phenotype that every patient has then; tumors only."""
    means: str = Field(min_length=1)
    """What is missing then."""

    def of(self, run: Run) -> Run:
        """Return a run without the mechanism."""
        changed: dict[str, Any] = {"cell": {**run.cell, **self.cell}}
        if self.cyp2d6 is not None:
            changed["cyp2d6"] = self.cyp2d6
        return run.model_copy(update=changed)

    @model_validator(mode="after")
    def _takes_something(self) -> "KnockOut":
        if not self.cell and self.cyp2d6 is None:
            raise ValueError("a knock-out changes a parameter of the cell, or cyp2d6")
        return self


class RowCheck(_Part):
    """One number, where it must lie, and without which mechanism it is taken again."""

    measure: str = Field(min_length=1)
    """What is measured, in words."""
    value: str
    """Expression over the runs."""
    unit: str = "1"
    """Unit of the value."""
    expect: Expectation
    """Where the value must lie, fixed before the experiment was run."""
    why: str = Field(min_length=1)
    """Why there."""
    basis: Basis
    """Where direction and size are from."""
    sources: tuple[str, ...] = Field(min_length=1)
    """Keys of the bibliography, observations or measurements."""
    none: bool = False
    """Whether the evidence shows no effect, so that none is expected."""
    without: str = ""
    """The knock-out; may be left out where the row has one."""


class Row(_Part):
    """One row of the review's biology."""

    number: int = Field(ge=1)
    """Its number."""
    name: str = Field(min_length=1)
    """What people call it."""
    section: str = Field(min_length=1)
    """Place in the review."""
    says: str = Field(min_length=1)
    """What the review says, in our words."""
    left_out: tuple[str, ...] = ()
    """What the review names here and the model does not hold."""
    runs: dict[str, Run] = Field(min_length=1)
    """Experiments on cells and on a median tumor, by name."""
    knockouts: dict[str, KnockOut] = Field(min_length=1)
    """Mechanisms that are taken away, by name."""
    checks: tuple[RowCheck, ...] = Field(min_length=1)
    """What must hold."""

    def run(self, name: str) -> Run:
        """Return a run with the entries of those it is like filled in."""
        return filled_run(self.runs, name)

    def knockout(self, check: RowCheck) -> KnockOut:
        """Return the mechanism without which a check is taken again."""
        return self.knockouts[check.without or next(iter(self.knockouts))]

    @model_validator(mode="after")
    def _is_whole(self) -> "Row":
        check_runs(self.runs)
        for fault in self._faults():
            raise ValueError(fault)
        return self

    def _faults(self) -> Iterator[str]:
        """Yield what a check speaks of and the row does not have."""
        for one in self.checks:
            if one.without and one.without not in self.knockouts:
                yield f"{one.measure!r} goes without {one.without!r}, no knock-out here"
            if not one.without and len(self.knockouts) > 1:
                yield f"{one.measure!r} does not say without which knock-out"
            for run, _ in readouts_in(one.value):
                if run not in self.runs:
                    yield f"{one.measure!r} speaks of the run {run!r}, which is none"
        idle = self.knockouts.keys() - {one.without for one in self.checks}
        if len(self.knockouts) > 1 and idle:
            yield f"no check goes without {min(idle)!r}"
