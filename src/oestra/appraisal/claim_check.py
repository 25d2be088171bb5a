"""Try claims on the model and judge them."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

from oestra.appraisal.verdict import CheckResult, ClaimResult, Verdict
from oestra.claims.cells import Experiment, conduct
from oestra.claims.claim import Check, Claim, Level
from oestra.claims.claim_expression import evaluate
from oestra.claims.facts import fact_functions
from oestra.claims.laboratory import Laboratory
from oestra.claims.measure import MEASURES
from oestra.claims.pool import Pool
from oestra.claims.readings import Readings
from oestra.claims.trial_runs import describe_target, find_target
from oestra.core.errors import OestraError, unknown_name
from oestra.core.parameter_set import ParameterSet
from oestra.core.progress import Progress
from oestra.trial.endpoints import find_endpoint
from oestra.trial.result import Estimate
from oestra.work.each import in_order

__all__ = ["check", "check_all"]


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


def check_all(
    claims: Sequence[Claim],
    laboratory: Laboratory,
    progress: Progress,
    sets: Sequence[ParameterSet] = (),
) -> tuple[ClaimResult, ...]:
    """Try claims one after the other.

    Parameters
    ----------
    claims : sequence of Claim
        The claims.
    laboratory : Laboratory
        Where.
    progress : callable
        Told which is tried, how many are done and of how many.
    sets : sequence of ParameterSet
        Sets in each of which claims about cells are tried too; the others would take
        a population of patients for each.

    Returns
    -------
    tuple of ClaimResult
        In their order.
    """
    found: dict[str, ClaimResult] = {}
    cells = [claim for claim in claims if claim.level is Level.CELL]
    calls = ((claim, laboratory.parameters, tuple(sets)) for claim in cells)
    with in_order(laboratory.workers, _check_in_cells, calls) as results:
        for claim, result in zip(cells, results, strict=True):
            found[claim.id] = result
            progress(f"Trying {claim.id}", len(found), len(claims))
    for claim in claims:
        if claim.id not in found:
            progress(f"Trying {claim.id}", len(found), len(claims))
            found[claim.id] = check(claim, laboratory)
    return tuple(found[claim.id] for claim in claims)


def _check_in_cells(
    claim: Claim, parameters: ParameterSet, sets: tuple[ParameterSet, ...]
) -> ClaimResult:
    """Try a claim about cells, in one set and perhaps in others too."""
    result = check(claim, Laboratory(parameters=parameters, workers=1))
    if not sets:
        return result
    verdicts = (check(claim, Laboratory(parameters=one)).verdict for one in sets)
    return replace(result, sets=tuple(verdicts))


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
        value, reason = _attempt(lambda: _number(self.laboratory.trials.simulated(row)))
        result = CheckResult(
            measure=describe_target(row),
            unit=find_endpoint(row.endpoint).unit_label,
            measured=value,
            expected=expected,
            verdict=Verdict.FAILS,
            why=f"published {row.estimate:g}, its interval",
            reason=reason,
            target=row.id,
        )
        return _judged(result, one.open)


def _number(found: Estimate) -> float:
    if found.estimate is None:
        raise OestraError(found.reason or "not estimable")
    return found.estimate


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
