"""Run claims and say which hold."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from oestra.claims.cells import Experiment, conduct
from oestra.claims.expectation import Expectation
from oestra.claims.expression import evaluate
from oestra.claims.facts import fact_functions
from oestra.claims.measure import MEASURES
from oestra.claims.pool import Pool
from oestra.claims.readings import Readings
from oestra.claims.schema import Check, Claim, Level
from oestra.claims.trials import Trials, describe_target, find_target
from oestra.core.errors import OestraError, unknown_name
from oestra.core.parameter_set import ParameterSet
from oestra.course.cohort import Cohort
from oestra.course.parameters import best_parameters
from oestra.course.store import load_cohort

__all__ = ["CheckResult", "ClaimResult", "Laboratory", "Verdict", "check", "count"]


_UNITS = {"ratio": "1", "percent": "%", "month": "months"}


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
    """

    claim: Claim
    checks: tuple[CheckResult, ...]
    experiments: dict[str, Experiment] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """Fails if any check does; open if no check can decide; else holds."""
        verdicts = {one.verdict for one in self.checks}
        if Verdict.FAILS in verdicts:
            return Verdict.FAILS
        return Verdict.HOLDS if Verdict.HOLDS in verdicts else Verdict.OPEN

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form; a lone number stands for itself."""
        claim = self.claim
        several = len(self.checks) > 1
        measured = {one.measure: one.measured for one in self.checks}
        expected = {one.measure: str(one.expected) for one in self.checks}
        return {
            "id": claim.id,
            "statement": claim.statement,
            "section": claim.section,
            "references": list(claim.references),
            "level": claim.level.value,
            "origin": claim.origin.value,
            "hard": claim.hard,
            "verdict": self.verdict.value,
            "measured": measured if several else self.checks[0].measured,
            "expected": expected if several else str(self.checks[0].expected),
            "checks": [one.to_json_dict() for one in self.checks],
        }


@dataclass(kw_only=True)
class Laboratory:
    """Where claims are tried: one parameter set, one pool, trials run once.

    Parameters
    ----------
    parameters : ParameterSet, optional
        Parameters of the model, by default those that ship.
    replicates : int
        How often each trial is run.
    seed : int
        Seed of all chance on trial.
    workers : int
        Threads.
    progress : callable
        Called with what begins.
    """

    parameters: ParameterSet = field(default_factory=best_parameters)
    replicates: int = 20
    seed: int = 1
    workers: int = 2
    progress: Callable[[str], None] = lambda _what: None

    @cached_property
    def cohort(self) -> Cohort:
        """The pool of virtual patients."""
        self.progress("Simulating earlier lines of therapy")
        return load_cohort(self.parameters, workers=self.workers)

    @cached_property
    def trials(self) -> Trials:
        """The trials run so far."""
        return Trials(
            cohort=self.cohort,
            replicates=self.replicates,
            seed=self.seed,
            workers=self.workers,
            progress=lambda name: self.progress(f"Running {name}"),
        )


def check(claim: Claim, laboratory: Laboratory | None = None) -> ClaimResult:
    """Try a claim.

    Parameters
    ----------
    claim : Claim
        The claim.
    laboratory : Laboratory, optional
        Where; share one among claims, so that each trial is run once.

    Returns
    -------
    ClaimResult
        Numbers and verdict. A check that cannot be carried out fails and says why.

    Raises
    ------
    InputError
        If the claim's file speaks of what does not exist.
    """
    return _Trial(claim, laboratory or Laboratory()).result()


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


class _Trial:
    """One claim in the laboratory."""

    def __init__(self, claim: Claim, laboratory: Laboratory) -> None:
        self.claim, self.laboratory = claim, laboratory
        self.experiments: dict[str, Experiment] = {}

    def result(self) -> ClaimResult:
        checks = tuple(self.judge(one) for one in self.claim.checks)
        return ClaimResult(
            claim=self.claim, checks=checks, experiments=self.experiments
        )

    def read(self, run: str, readout: str) -> Readings:
        if run not in self.claim.runs:
            raise unknown_name("run", run, self.claim.runs, where=self.claim.id)
        if run not in self.experiments:
            self.experiments[run] = conduct(
                self.claim.run(run), self.laboratory.parameters
            )
        return self.experiments[run].read(readout, f"{run}.{readout}")

    @cached_property
    def functions(self) -> dict[str, Callable[..., float]]:
        found = {**MEASURES, **fact_functions(self.laboratory.parameters)}
        if self.claim.level is Level.CELL:
            return found
        pool = Pool(cohort=self.laboratory.cohort, courses=self.claim.courses)
        trials = self.laboratory.trials.functions(self.claim.trials)
        return {**found, **pool.functions(), **trials}

    def judge(self, one: Check) -> CheckResult:
        if one.target:
            return self.judge_target(one)
        assert one.expect is not None  # noqa: S101 - the schema sees to it
        value, reason = _attempt(
            lambda: evaluate(one.value, read=self.read, functions=self.functions)
        )
        result = CheckResult(
            measure=one.measure,
            unit=one.unit,
            measured=value,
            expected=one.expect,
            verdict=Verdict.FAILS,
            why=one.why,
            reason=reason,
        )
        return _judged(result, one.open)

    def judge_target(self, one: Check) -> CheckResult:
        row, expected = find_target(one.target)
        value, reason = _attempt(
            lambda: _or_nan(self.laboratory.trials.simulated(row).estimate)
        )
        result = CheckResult(
            measure=describe_target(row),
            unit=_UNITS.get(row.unit, row.unit),
            measured=value,
            expected=expected,
            verdict=Verdict.FAILS,
            why=f"published {row.estimate:g}, its interval",
            reason=reason,
            target=row.id,
        )
        return _judged(result, one.open)


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _attempt(measure: Callable[[], float]) -> tuple[float | None, str]:
    """Return a number, or None and why there is none."""
    try:
        value = measure()
    except OestraError as error:
        return None, str(error)
    if math.isnan(value):
        return None, "not estimable"
    return value, ""


def _judged(result: CheckResult, conflict: str) -> CheckResult:
    """Return a result with its verdict; what is infinite is not printed."""
    value = result.measured
    met = value is not None and result.expected.holds(value)
    verdict = Verdict.HOLDS if met else Verdict.FAILS
    if value is not None and math.isinf(value):
        result = replace(
            result, measured=None, reason="beyond every dose or time tried"
        )
    if conflict:
        return replace(result, verdict=Verdict.OPEN, reason=conflict)
    return replace(result, verdict=verdict)
