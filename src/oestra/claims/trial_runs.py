"""What virtual trials give, for the expressions and targets of claims."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from oestra.claims.expectation import Expectation
from oestra.claims.harm_measures import harm_functions
from oestra.core.errors import InputError, unknown_name
from oestra.core.name import plain_name
from oestra.evidence.published import targets
from oestra.evidence.target_row import TargetRow
from oestra.history.cohort import Cohort
from oestra.trial.design import TrialDesign
from oestra.trial.designs import find_design
from oestra.trial.endpoints import HAZARD_RATIO, LANDMARK, find_endpoint
from oestra.trial.result import ContrastResult, Estimate, StratumResult, TrialResult
from oestra.trial.run import run_trial
from oestra.work.each import Workers

__all__ = ["Trials", "describe_target", "find_target"]

Progress = Callable[[str], None]
_WHOLE = ("ITT", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trials:
    """Trials run once and read often.

    Parameters
    ----------
    cohort : Cohort
        The pool they enroll from.
    replicates : int
        How often each is run.
    seed : int
        Seed of all chance on trial.
    workers : int or Executor
        Threads, or who does the work.
    progress : callable
        Called with the name of a trial before it is run.
    """

    cohort: Cohort
    replicates: int = 20
    seed: int = 1
    workers: Workers = 1
    progress: Progress = lambda _name: None
    _done: dict[str, TrialResult] = field(default_factory=dict)

    def result(self, design: TrialDesign) -> TrialResult:
        """Return the result of a trial, running it the first time."""
        key = design.model_dump_json()
        if key not in self._done:
            self.progress(design.id)
            self._done[key] = run_trial(
                design,
                cohort=self.cohort,
                seed=self.seed,
                replicates=self.replicates,
                workers=self.workers,
            )
        return self._done[key]

    def design(self, name: str) -> TrialDesign:
        """Return a trial of the library of the pool."""
        return find_design(name, self.cohort.parameters.library)

    def functions(
        self, own: Mapping[str, TrialDesign]
    ) -> dict[str, Callable[..., float]]:
        """Return what an expression may call, by name.

        Parameters
        ----------
        own : mapping of str to TrialDesign
            Trials of the claim itself; other names are those of the library.
        """

        def stratum(trial: str, name: str) -> StratumResult:
            return _stratum(self.result(own.get(trial) or self.design(trial)), name)

        def endpoint(trial: str, arm: str, name: str, group: str = "") -> float:
            return _number(_arm(stratum(trial, group), arm, name))

        def landmark(trial: str, arm: str, months: float, group: str = "") -> float:
            return _number(_landmark(stratum(trial, group), arm, months))

        def hazard_ratio(trial: str, arm: str, of: str, group: str = "") -> float:
            return _number(_contrast(stratum(trial, group), arm, of).hazard_ratio)

        def power(trial: str, arm: str, of: str, group: str = "") -> float:
            share = _contrast(stratum(trial, group), arm, of).power
            return float("nan") if share is None else share

        def whole(trial: str) -> TrialResult:
            return self.result(own.get(trial) or self.design(trial))

        functions = (endpoint, landmark, hazard_ratio, power)
        named = {function.__name__: function for function in functions}
        return named | harm_functions(whole)

    def simulated(self, row: TargetRow) -> Estimate:
        """Return what the trial of a row of the evidence gives for it."""
        endpoint = find_endpoint(row.endpoint)
        if endpoint.statistic is None:
            return Estimate(estimate=None, low=None, high=None, reason=endpoint.missing)
        found = _stratum(self.result(self.design(row.trial)), row.stratum)
        if endpoint is HAZARD_RATIO:
            of = row.of or "pfs"
            return _contrast(found, row.arm, of, row.control).hazard_ratio
        if endpoint is LANDMARK:
            return _landmark(found, row.arm, row.at_months or 0.0)
        return _arm(found, row.arm, endpoint.name)


def find_target(name: str) -> tuple[TargetRow, Expectation]:
    """Return a row of the evidence and its interval.

    Raises
    ------
    InputError
        If there is no such row, or it has no interval.
    """
    rows = {row.id: row for row in targets()}
    if name not in rows:
        raise unknown_name("target", name, rows, where="targets.yaml")
    row = rows[name]
    if row.low is None or row.high is None:
        raise InputError(f"The target {name!r} has no published interval.")
    return row, Expectation(low=row.low, high=row.high)


def describe_target(row: TargetRow) -> str:
    """Return a row of the evidence in words."""
    whole = row.stratum in (*_WHOLE, "all")
    trial = row.trial if whole else f"{row.trial}, {row.stratum}"
    word = find_endpoint(row.endpoint).title
    if row.at_months is not None:
        word = f"{word} at {row.at_months:g} months"
    arms = f"{row.arm} to {row.control}" if row.control else row.arm
    report = row.id.split("/")[4:]
    return f"{trial}: {word}, {arms}{f' ({report[0]})' if report else ''}"


def _number(estimate: Estimate) -> float:
    return float("nan") if estimate.estimate is None else estimate.estimate


def _stratum(result: TrialResult, name: str) -> StratumResult:
    if name in _WHOLE:
        return result.overall
    for known, found in result.strata.items():
        if plain_name(known) == plain_name(name):
            return found
    return _only(result, name)


def _only(result: TrialResult, name: str) -> StratumResult:
    """Return the whole trial where it enrolls only what the stratum names."""
    if not result.strata:
        return result.overall
    raise unknown_name("stratum", name, result.strata, where=result.trial)


def _arm(found: StratumResult, arm: str, name: str) -> Estimate:
    if arm not in found.arms:
        raise unknown_name("arm", arm, found.arms)
    endpoints = found.arms[arm].endpoints
    if name not in endpoints:
        raise unknown_name("endpoint", name, endpoints, where=f"arm {arm}")
    return endpoints[name]


def _landmark(found: StratumResult, arm: str, months: float) -> Estimate:
    if arm not in found.arms:
        raise unknown_name("arm", arm, found.arms)
    landmarks = found.arms[arm].landmarks
    if months not in landmarks:
        known = [f"{month:g}" for month in landmarks]
        raise unknown_name("landmark", f"{months:g}", known, where=f"arm {arm}")
    return landmarks[months]


def _contrast(
    found: StratumResult, arm: str, of: str, control: str | None = None
) -> ContrastResult:
    for one in found.contrasts:
        same = control is None or one.control == control
        if (one.arm, one.endpoint) == (arm, of) and same:
            return one
    known = [f"{one.arm} {one.endpoint}" for one in found.contrasts]
    raise unknown_name("comparison", f"{arm} {of}", known)
