"""Credibility of the model itself: code, form, inputs, sensitivity, applicability."""

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from oestra.appraisal.credibility_evidence import Evidence
from oestra.appraisal.credibility_factor import Factor, Judgement, goals, met, unknown
from oestra.appraisal.verdict import ClaimResult, Verdict
from oestra.appraisal.verification import (
    audit_cell,
    compare_statistics,
    known_solution_error,
)
from oestra.core.quantity import Origin
from oestra.course.tumors import RTOL
from oestra.drugs.load import find
from oestra.drugs.regimen import Regimen
from oestra.evidence.published import targets
from oestra.evidence.vocabulary import Confidence, Use
from oestra.model.quantities import quantities
from oestra.trial.design import Arm
from oestra.trial.designs import designs

__all__ = [
    "applicability_factors",
    "classes_fitted",
    "classes_to_come",
    "model_factors",
    "sensitivity_factors",
    "verification_factors",
]


def verification_factors() -> Iterator[Factor]:
    """Yield how exactly equations are solved and statistics computed, tried now."""
    error, most = known_solution_error(), goals()["solver_known_error"]
    yield Factor(
        group="verification",
        name="Solver: known solution",
        evidence="a chain of decays, slow to stiff, at the tolerances of trials "
        f"(relative {RTOL:g}), against the exact solution",
        number=f"largest error {error:.1e}",
        value=error,
        goal=f"below {most:g}",
        judgement=met(reached=error < most),
    )
    found, most = audit_cell(), goals()["solver_cell_error"]
    at_rest = not found.oscillating
    yield Factor(
        group="verification",
        name="Solver: this cell",
        evidence=f"two years under {len(found.errors)} treatments, run again at a "
        "relative tolerance of 1e-7 and examined for oscillation (the audit)",
        number=f"largest relative error {found.worst:.1e}, "
        + ("none oscillates" if at_rest else ", ".join(found.oscillating)),
        value=found.worst,
        goal=f"below {most:g}, none oscillates",
        judgement=met(reached=found.worst < most and at_rest),
    )
    table = compare_statistics()
    same = int(table["same"].sum())
    yield Factor(
        group="verification",
        name="Statistics: R's package survival",
        evidence="Kaplan-Meier medians, log-rank, Cox (Efron) on two public data sets",
        number=f"{same} of {len(table)} equal to the digits R prints",
        value=100.0 * same / len(table),
        goal="all",
        judgement=met(reached=same == len(table)),
    )


def model_factors(evidence: Evidence) -> Iterator[Factor]:
    """Yield what the cell does unasked, and where its numbers are from."""
    aim = goals()["claims_percent"]
    decided = [one for one in evidence.claims if one.verdict is not Verdict.OPEN]
    emergent = [one for one in decided if one.claim.origin == "emergent"]
    held = sum(one.verdict is Verdict.HOLDS for one in emergent)
    goal = f"at least {aim} % hold"
    name = "Form: claims about cells that are no part of the fit"
    if emergent:
        failed = [one.claim.id for one in emergent if one.verdict is Verdict.FAILS]
        percent = 100.0 * held / len(emergent)
        yield Factor(
            group="model",
            name=name,
            evidence="statements of a review, each tried as an experiment on the cell; "
            f"failing: {', '.join(failed) or 'none'}",
            number=f"{held} of {len(emergent)} hold",
            value=percent,
            goal=goal,
            judgement=met(reached=percent >= aim),
        )
    else:
        yield unknown("model", name, goal, "No claim about cells was decided.")
    yield _across_sets(emergent)
    yield _inputs(evidence)


def _across_sets(claims: Sequence[ClaimResult]) -> Factor:
    """Return whether claims follow from the fit, or only go with the set that ships."""
    aim = goals()["claims_percent"]
    name, goal = "Form: the same claims in the ensemble", f"at least {aim} % hold"
    tried = [one for one in claims if one.sets]
    if not tried:
        return unknown("model", name, goal, "They were tried in the best set alone.")
    percent = 100.0 * float(np.mean([one.held_in / len(one.sets) for one in tried]))
    rare = [one.claim.id for one in tried if one.held_in < len(one.sets) / 2]
    return Factor(
        group="model",
        name=name,
        evidence=f"each claim in {len(tried[0].sets)} parameter sets that the fit "
        f"leaves open; in less than half of them hold: {', '.join(rare) or 'none'}",
        number=f"{percent:.0f} % hold on average",
        value=percent,
        goal=goal,
        judgement=met(reached=percent >= aim),
    )


def _inputs(evidence: Evidence) -> Factor:
    aim = goals()["not_assumed_percent"]
    fitted = {one["name"] for one in evidence.record.get("fitted", ())}
    table = quantities()
    assumed = sum(
        item.origin is Origin.ASSUMED and name not in fitted
        for name, item in table.items()
    )
    percent = 100.0 * (1 - assumed / len(table))
    return Factor(
        group="model",
        name="Inputs: numbers that are not assumed",
        evidence="origin of every parameter: measured, derived or fitted",
        number=f"{len(table) - assumed} of {len(table)}",
        value=percent,
        goal=f"at least {aim} %",
        judgement=met(reached=percent >= aim),
    )


def sensitivity_factors(evidence: Evidence) -> Iterator[Factor]:
    """Yield whether it is known what each endpoint depends on."""
    name, goal = "What depends on which parameter", "a global analysis of this model"
    found = evidence.sensitivity
    if found is not None:
        same = found["hashes"].get("model") == evidence.model
        ranked = found["parameters"]
        idle = sum(not one["endpoints"] for one in ranked)
        yield Factor(
            group="sensitivity",
            name=name,
            evidence=f"PAWN over {found['sets']} parameter sets, {found['skipped']} "
            "skipped" + ("" if same else "; of another version of the model"),
            number=f"{len(ranked) - idle} of {len(ranked)} parameters move an endpoint",
            value=float(len(ranked) - idle),
            goal=goal,
            judgement=Judgement.MET if same else Judgement.PARTLY,
        )
    elif evidence.state is not None and not np.isnan(evidence.state.columns).any():
        yield Factor(
            group="sensitivity",
            name=name,
            evidence="only near the best set: the Jacobian of the fit; run 'oestra "
            "validate --sensitivity'",
            number="local",
            goal=goal,
            judgement=Judgement.PARTLY,
        )
    else:
        yield unknown(
            "sensitivity", name, goal, "There is neither a global nor a local analysis."
        )


@cache
def classes_fitted() -> frozenset[str]:
    """Return the classes of drugs in arms of trials that are fitted."""
    fitted = {row.trial for row in targets() if row.use is Use.FIT}
    return frozenset(
        kind for name in fitted for arm in designs()[name].arms for kind in _kinds(arm)
    )


@cache
def classes_to_come() -> frozenset[str]:
    """Return the classes of drugs added in trials whose results are not known."""
    return frozenset(
        kind
        for design in designs().values()
        if design.prediction
        for arm in design.arms[:-1]
        for kind in _kinds(arm) - _kinds(design.arms[-1])
    )


def _kinds(arm: Arm) -> set[str]:
    regimens = [Regimen.parse(text) for text in arm.regimens]
    return {find(drug).drug_class.value for one in regimens for drug in one.drugs}


def applicability_factors() -> Iterator[Factor]:
    """Yield how near the validation is to the use."""
    to_come = classes_to_come()
    seen = to_come & classes_fitted()
    missing = ", ".join(sorted(to_come - seen))
    reached = Judgement.MISSED if not seen else Judgement.PARTLY
    yield Factor(
        group="applicability",
        name="Classes of drugs to be predicted that a fitted trial has tested",
        evidence="drugs added in trials without a known result, against arms of fitted "
        f"trials; without: {missing or 'none'}",
        number=f"{len(seen)} of {len(to_come)}",
        value=float(len(seen)),
        goal="all",
        judgement=Judgement.MET if not missing else reached,
    )
    aim = goals()["verified_percent"]
    rows = [row for row in targets() if row.use is Use.FIT]
    checked = sum(row.confidence is Confidence.VERIFIED for row in rows)
    percent = 100.0 * checked / len(rows)
    yield Factor(
        group="applicability",
        name="Published endpoints read in a publication",
        evidence=f"fitted rows of {len({row.trial for row in rows})} trials; the rest "
        "as a review states them",
        number=f"{checked} of {len(rows)}",
        value=percent,
        goal=f"at least {aim} %",
        judgement=met(reached=percent >= aim),
    )
