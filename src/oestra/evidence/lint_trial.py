"""Every trial file is consistent with itself, and its names are its own."""

from collections.abc import Iterator

from oestra.core.errors import nearest
from oestra.core.name import plain_name
from oestra.evidence.lint_fault import Bundle, Fault
from oestra.evidence.published_result import Result
from oestra.evidence.trial_evidence import BaselineFact, DesignFact, TrialEvidence
from oestra.evidence.vocabulary import Endpoint

__all__ = ["check_trials"]

POOLED = "pooled"
"""Stands for all arms together."""


def _needs(result: Result) -> Iterator[str]:
    needed = {
        "of": result.endpoint.is_contrast or result.endpoint == Endpoint.LANDMARK,
        "control": result.endpoint.is_contrast,
        "at_months": result.endpoint == Endpoint.LANDMARK,
        "event": result.endpoint == Endpoint.ADVERSE_EVENT,
    }
    for name, wanted in needed.items():
        if wanted and getattr(result, name) is None:
            yield f"{result.endpoint} needs {name!r}"
    if result.control == result.arm:
        yield f"arm {result.arm!r} is its own control"


def _arms(trial: TrialEvidence) -> Iterator[tuple[str, str]]:
    ids = [arm.id for arm in trial.arms]
    for arm in sorted({arm for arm in ids if ids.count(arm) > 1}):
        yield "arms", f"arm {arm!r} is declared twice"
    parts: dict[str, tuple[Result | DesignFact | BaselineFact, ...]] = {
        "results": trial.results,
        "design": trial.design,
        "baseline": trial.baseline,
    }
    for name, records in parts.items():
        for index, record in enumerate(records):
            for arm in (record.arm, getattr(record, "control", None)):
                if arm is not None and arm not in (*ids, POOLED):
                    hint = nearest(arm, ids)
                    near = f"; nearest is {hint!r}" if hint else ""
                    yield f"{name}[{index}]", f"no arm {arm!r}{near}"


def _twice(trial: TrialEvidence) -> Iterator[tuple[str, str]]:
    seen: dict[tuple[object, ...], int] = {}
    for index, r in enumerate(trial.results):
        what = (r.endpoint, r.of, r.stratum, r.arm, r.control if r.of else None)
        when = (r.at_months, r.event, r.grade, r.method, r.reader, r.look)
        first = seen.setdefault((*what, *when), index)
        if first != index:
            yield f"results[{index}]", f"repeats results[{first}]"


def _unknown(trial: TrialEvidence) -> Iterator[tuple[str, str]]:
    found = {fact.measure for fact in trial.design}
    for measure in trial.design_not_found:
        if measure in found:
            yield "design_not_found", f"{measure} is given, yet listed as not found"
    lines = {fact.measure for fact in trial.baseline}
    for line in trial.baseline_not_found:
        if line in lines:
            yield "baseline_not_found", f"{line} is given, yet listed as not found"


def _within(trial: TrialEvidence) -> Iterator[tuple[str, str]]:
    yield from _arms(trial)
    yield from _twice(trial)
    yield from _unknown(trial)
    for index, result in enumerate(trial.results):
        for problem in _needs(result):
            yield f"results[{index}]", problem


def _names(bundle: Bundle) -> Iterator[Fault]:
    ids = {trial.id for trial in bundle.trials.values()}
    owner: dict[str, str] = {}
    for file, trial in bundle.trials.items():
        other = trial.same_trial_as
        if other is not None and other not in ids:
            yield Fault(file, "same_trial_as", f"no trial {other!r}")
        numbers = () if other else trial.registry
        for name in (trial.id, *trial.aliases, *numbers):
            first = owner.setdefault(plain_name(name), file)
            if first != file:
                yield Fault(file, "aliases", f"{name!r} already names {first}")


def check_trials(bundle: Bundle) -> Iterator[Fault]:
    """Yield arms, names and results that do not fit together."""
    for file, trial in bundle.trials.items():
        if file != f"trials/{trial.id}.yaml":
            yield Fault(file, "id", f"declares the trial {trial.id!r}")
        for place, problem in _within(trial):
            yield Fault(file, place, problem)
    yield from _names(bundle)
