"""Credibility of the fit: what it meets, predicts, and leaves open."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from oestra.appraisal.credibility_evidence import Evidence
from oestra.appraisal.credibility_factor import Factor, Judgement, goals, met, unknown
from oestra.appraisal.fit_tables import inside_counts, residual_table
from oestra.appraisal.rules import RULES
from oestra.appraisal.skill import against_rules, weighted_error
from oestra.calibration.validate import LeftOut
from oestra.core.errors import InputError
from oestra.history.store import COHORT_PATIENTS, ENSEMBLE_PATIENTS
from oestra.trial.endpoint_kinds import KINDS
from oestra.trial.endpoints import LOG_KINDS

__all__ = ["calibration_factors", "uncertainty_factors", "validation_factors"]

_KINDS = {kind: f"log {KINDS[kind].plural}" for kind in LOG_KINDS}
_NO_FIT = "No fit ships."


def calibration_factors(evidence: Evidence) -> Iterator[Factor]:
    """Yield whether the fit belongs to the model, and what it meets by kind."""
    record, group = evidence.record, "calibration"
    name, goal = "The fit belongs to this model", "same model, same evidence"
    if not record:
        yield unknown(group, name, goal, _NO_FIT)
        return
    yield Factor(
        group=group,
        name=name,
        evidence="fingerprints in the record of the fit against those of today",
        number=evidence.stale or "both the same",
        goal=goal,
        judgement=met(reached=not evidence.stale),
    )
    aim = goals()["inside_percent"]
    goal = f"at least {aim} % within 1.96 standard errors"
    try:
        counts = inside_counts(residual_table(record))
    except InputError as error:
        yield unknown(group, "Published numbers met", goal, str(error))
        return
    settings = record["settings"]
    for kind, inside, size in counts.itertuples(index=False):
        percent = 100.0 * inside / size
        yield Factor(
            group=group,
            name=f"Fitted: {kind}",
            evidence=f"{size} published numbers, {len(record['fitted'])} parameters "
            f"fitted together on {settings['cohorts']} populations of "
            f"{settings['patients']} virtual patients",
            number=f"{inside} of {size} within",
            value=percent,
            goal=goal,
            judgement=met(reached=percent >= aim),
        )


def validation_factors(evidence: Evidence) -> Iterator[Factor]:
    """Yield how well each trial is predicted from all others, by kind of endpoint."""
    for kind, name in _KINDS.items():
        mine = [one for one in evidence.left_out if one.row.kind == kind]
        if not mine:
            reason = evidence.not_validated or "No fitted endpoint is of this kind."
            goal = "error below two rules without a model; intervals that cover"
            yield unknown("validation", f"Left out: {name}", goal, reason)
            continue
        yield from _errors(mine, name)
        yield from _calibration_of_intervals(mine, name)


def _named(rule: str) -> str:
    words = RULES[rule]
    return f"the {words}" if words.startswith("mean") else words


def _errors(mine: Sequence[LeftOut], name: str) -> Iterator[Factor]:
    error = weighted_error(mine)
    rules = against_rules(mine)
    trials = len({one.row.trial for one in mine})
    for rule, told in rules.items():
        yield Factor(
            group="validation",
            name=f"Left out: {name} against {_named(rule)}",
            evidence=f"{len(mine)} endpoints of {trials} trials, each trial predicted "
            "from all others; mean absolute error weighted by precision",
            number=f"{error:.3f}, rule {told['weighted_error']:.3f}; difference "
            f"{told['difference']:+.3f} ({told['low']:+.3f} to {told['high']:+.3f})",
            value=error,
            goal="smaller than the rule's",
            judgement=met(reached=told["difference"] < 0.0),
        )


def _calibration_of_intervals(mine: Sequence[LeftOut], name: str) -> Iterator[Factor]:
    low, high = goals()["coverage_percent"]
    covered = [one.covered for one in mine]
    percent = 100.0 * float(np.mean(covered))
    yield Factor(
        group="validation",
        name=f"Left out: {name}, coverage of 90 % intervals",
        evidence=f"{len(mine)} endpoints, intervals with what the fit leaves open and "
        "the size of the trial",
        number=f"{sum(covered)} of {len(mine)}, {percent:.0f} %",
        value=percent,
        goal=f"{low} to {high} %",
        judgement=met(reached=low <= percent <= high),
    )
    low, high = goals()["rms_z"]
    spread = float(np.sqrt(np.mean([one.z**2 for one in mine])))
    yield Factor(
        group="validation",
        name=f"Left out: {name}, root mean square of z",
        evidence=f"{len(mine)} errors over their standard errors",
        number=f"{spread:.2f}",
        value=spread,
        goal=f"{low} to {high}; 1 is right",
        judgement=met(reached=low <= spread <= high),
    )


def uncertainty_factors(evidence: Evidence) -> Iterator[Factor]:
    """Yield how what is not known of parameters, patients and trials is carried."""
    parts: tuple[Callable[[Evidence], Factor], ...] = (_ensemble, _determined)
    if evidence.record:
        yield from (part(evidence) for part in parts)
    else:
        yield unknown("uncertainty", "Parameters", "an ensemble", _NO_FIT)
    yield _sources(evidence)


def _ensemble(evidence: Evidence) -> Factor:
    size = len(evidence.record.get("ensemble", ()))
    least = goals()["ensemble"]
    return Factor(
        group="uncertainty",
        name="Parameters: ensemble",
        evidence="parameter sets drawn from the posterior (normal approximation at the "
        f"best set), each with {ENSEMBLE_PATIENTS} patients of its own",
        number=f"{size} sets",
        value=float(size),
        goal=f"at least {least}",
        judgement=met(reached=size >= least),
    )


def _determined(evidence: Evidence) -> Factor:
    least, aim = goals()["determined_contraction"], goals()["determined_percent"]
    narrowed = np.array([one["contraction"] for one in evidence.record["fitted"]])
    count = int((narrowed >= least).sum())
    percent = 100.0 * count / max(len(narrowed), 1)
    return Factor(
        group="uncertainty",
        name="Parameters: determined by the evidence",
        evidence=f"variance removed from the prior of {len(narrowed)} parameters; "
        f"median {100 * float(np.median(narrowed)):.0f} %",
        number=f"{count} of {len(narrowed)} by at least {100 * least:.0f} %",
        value=percent,
        goal=f"at least {aim} %",
        judgement=met(reached=percent >= aim),
    )


def _sources(evidence: Evidence) -> Factor:
    name, goal = "Sources of uncertainty", "parameters and sampling, both in intervals"
    found = [one for one in evidence.left_out if one.row.kind == "hazard_ratio"]
    if not found:
        reason = evidence.not_validated or "No hazard ratio was predicted."
        return unknown("uncertainty", name, goal, reason)
    share = [100.0 * (one.uncertainty / one.spread) ** 2 for one in found]
    median = float(np.median(share))
    return Factor(
        group="uncertainty",
        name=name,
        evidence="variance of a predicted log hazard ratio by its source; patients: a "
        f"pool of {COHORT_PATIENTS}, compared in every 'oestra trial'",
        number=f"{median:.0f} % parameters, {100 - median:.0f} % sampling of the trial",
        value=median,
        goal=goal,
        judgement=Judgement.MET if median > 0 else Judgement.PARTLY,
    )
