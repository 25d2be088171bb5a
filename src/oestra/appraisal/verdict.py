"""Verdicts on claims: the numbers, where they should lie, and what follows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from oestra.claims.cells import Experiment
from oestra.claims.claim import Claim
from oestra.claims.expectation import Expectation

__all__ = ["CheckResult", "ClaimResult", "Verdict", "count"]


class Verdict(StrEnum):
    """What the model says of a claim."""

    HOLDS = "holds"
    FAILS = "fails"
    OPEN = "open"
    """The evidence itself is in conflict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One number and where it should lie.

    Parameters
    ----------
    measure, unit : str
        What was measured.
    measured : float or None
        The number; None where it could not be had.
    expected : Expectation
        Where it should lie.
    verdict : Verdict
        Open where the evidence conflicts.
    why : str
        Why it should lie there.
    reason : str
        Why there is no number, or what the conflict is.
    target : str
        Row of the evidence that the number is compared with, if any.
    """

    measure: str
    unit: str
    measured: float | None
    expected: Expectation
    verdict: Verdict
    why: str
    reason: str = ""
    target: str = ""

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        shown: dict[str, Any] = {
            "measure": self.measure,
            "unit": self.unit,
            "measured": self.measured,
            "expected": str(self.expected),
            "verdict": self.verdict.value,
            "why": self.why,
        }
        extra = {"reason": self.reason, "target": self.target}
        return shown | {name: text for name, text in extra.items() if text}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimResult:
    """A claim, its numbers and its verdict.

    Parameters
    ----------
    claim : Claim
        What was claimed.
    checks : tuple of CheckResult
        In the order of the file.
    experiments : dict of str to Experiment
        Runs that were carried out, for figures.
    sets : tuple of Verdict
        Verdicts under other parameter sets, where the claim was tried with some.
    """

    claim: Claim
    checks: tuple[CheckResult, ...]
    experiments: dict[str, Experiment] = field(default_factory=dict)
    sets: tuple[Verdict, ...] = ()

    @property
    def held_in(self) -> int:
        """In how many of `sets` the claim does not fail."""
        return sum(one is not Verdict.FAILS for one in self.sets)

    @property
    def verdict(self) -> Verdict:
        """Fails if any check does; open if no check can decide; else holds."""
        verdicts = {one.verdict for one in self.checks}
        if Verdict.FAILS in verdicts:
            return Verdict.FAILS
        return Verdict.HOLDS if Verdict.HOLDS in verdicts else Verdict.OPEN

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form; a lone number stands for itself."""
        several = len(self.checks) > 1
        measured = {one.measure: one.measured for one in self.checks}
        expected = {one.measure: str(one.expected) for one in self.checks}
        sets = {"hold": self.held_in, "of": len(self.sets)}
        return {
            **self.claim.to_json_dict(),
            "verdict": self.verdict.value,
            "measured": measured if several else self.checks[0].measured,
            "expected": expected if several else str(self.checks[0].expected),
            "checks": [one.to_json_dict() for one in self.checks],
            **({"sets": sets} if self.sets else {}),
        }


def count(results: Sequence[ClaimResult]) -> Iterator[tuple[str, dict[Verdict, int]]]:
    """Count verdicts by origin.

    Yields
    ------
    tuple of str and dict
        Origin and how many hold, fail and are open.
    """
    for origin in dict.fromkeys(one.claim.origin for one in results):
        mine = [one.verdict for one in results if one.claim.origin is origin]
        yield origin.value, {verdict: mine.count(verdict) for verdict in Verdict}
