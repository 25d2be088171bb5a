"""The credibility of the model for a use, judged from results as they are.

The order follows ASME V&V 40 and ICH M15: question, context of use, risk; then
verification, calibration, validation, uncertainty and applicability, each with a goal
that was set by the risk and not by the result.

References
----------
.. [1] ASME V&V 40-2018. Assessing credibility of computational modeling through
   verification and validation: application to medical devices.
.. [2] ICH M15 (2024). General principles for model-informed drug development.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from oestra.appraisal.credibility_evidence import Evidence
from oestra.appraisal.credibility_factor import Factor, Judgement, plan
from oestra.appraisal.credibility_fit import (
    calibration_factors,
    uncertainty_factors,
    validation_factors,
)
from oestra.appraisal.credibility_model import (
    applicability_factors,
    classes_fitted,
    classes_to_come,
    model_factors,
    sensitivity_factors,
    verification_factors,
)
from oestra.appraisal.fit_tables import inside_counts, residual_table
from oestra.appraisal.skill import validation_record
from oestra.appraisal.verification import audit_cell, compare_statistics
from oestra.calibration.posterior import laplace, worst_pairs
from oestra.core.disclaimer import DISCLAIMER
from oestra.core.errors import InputError

__all__ = ["Context", "Credibility", "judge", "local_sensitivity"]

_TOP = 3
_SHORT = "the validation could not be run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One context of use with its risk and what follows for it.

    Parameters
    ----------
    use : str
        What the model would be used for.
    influence, consequence, risk : str
        Low, medium or high.
    influence_why, consequence_why : str
        Why.
    lacking : tuple of str
        Names of the factors it needs that are not met or not shown.
    conclusion : str
        Whether the evidence supports the use.
    """

    use: str
    influence: str
    influence_why: str
    consequence: str
    consequence_why: str
    risk: str
    lacking: tuple[str, ...]
    conclusion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Credibility:
    """Everything the report says.

    Parameters
    ----------
    factors : tuple of Factor
        Those that are missed first.
    contexts : tuple of Context
        Uses and what follows for them.
    evidence : Evidence
        What it rests on.
    """

    factors: tuple[Factor, ...]
    contexts: tuple[Context, ...]
    evidence: Evidence

    def count(self, judgement: Judgement) -> int:
        """Return how many factors are so judged."""
        return sum(one.judgement is judgement for one in self.factors)

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        evidence, text = self.evidence, plan()
        return {
            "about": DISCLAIMER,
            "stale": evidence.stale,
            "hashes": {"model": evidence.model, "evidence": evidence.evidence},
            "question": text["question"],
            "quantities": list(text["quantities"]),
            "population": text["population"],
            "contexts": [asdict(one) for one in self.contexts],
            "excluded": dict(text["excluded"]),
            "counts": {one.value: self.count(one) for one in Judgement},
            "factors": [one.to_json_dict() for one in self.factors],
            "verification": {
                "cell": audit_cell().errors,
                "statistics": compare_statistics().to_dict("records"),
                "documented": [dict(one) for one in text["documented"]],
            },
            "calibration": calibration_numbers(evidence),
            "validation": validation_numbers(evidence),
            "uncertainty": uncertainty_numbers(evidence),
            "sensitivity": evidence.sensitivity or local_sensitivity(evidence),
            "applicability": {
                "classes_fitted": sorted(classes_fitted()),
                "classes_to_predict": sorted(classes_to_come()),
                "limits": list(text["limits"]),
            },
        }


def judge(evidence: Evidence) -> Credibility:
    """Judge every factor and what follows for each use.

    Parameters
    ----------
    evidence : Evidence
        Results as they are.

    Returns
    -------
    Credibility
        The judgement.
    """
    order = list(Judgement)
    factors = sorted(_factors(evidence), key=lambda one: order.index(one.judgement))
    contexts = tuple(_context(one, factors) for one in plan()["contexts"])
    return Credibility(factors=tuple(factors), contexts=contexts, evidence=evidence)


def _factors(evidence: Evidence) -> Iterator[Factor]:
    yield from verification_factors()
    yield from model_factors(evidence)
    yield from calibration_factors(evidence)
    yield from validation_factors(evidence)
    yield from uncertainty_factors(evidence)
    yield from sensitivity_factors(evidence)
    yield from applicability_factors()


def _context(entry: Mapping[str, Any], factors: list[Factor]) -> Context:
    needed = [one for one in factors if one.group in entry["needs"]]
    lacking = tuple(
        one.name
        for one in needed
        if one.judgement in {Judgement.MISSED, Judgement.UNKNOWN}
    )
    partly = any(one.judgement is Judgement.PARTLY for one in needed)
    if lacking:
        conclusion = f"not supported: {len(lacking)} of {len(needed)} factors lacking"
    else:
        conclusion = "supported, with reservations" if partly else "supported"
    names = (
        "use", "influence", "influence_why", "consequence", "consequence_why",
    )  # fmt: skip
    return Context(
        **{name: entry[name] for name in names},
        risk=plan()["risk"][entry["influence"]][entry["consequence"]],
        lacking=lacking,
        conclusion=conclusion,
    )


def calibration_numbers(evidence: Evidence) -> dict[str, Any]:
    """Return counts by kind and every published number that the fit misses."""
    record = evidence.record
    if not record:
        return {"reason": "no fit ships"}
    try:
        table = residual_table(record)
    except InputError as error:
        return {"reason": str(error)}
    kept = ["id", "kind", "published", "low", "high", "simulated", "residual"]
    missed = table.loc[~table["inside"], kept].astype(object)
    return {
        "settings": dict(record["settings"]),
        "parameters": len(record["fitted"]),
        "loss": [record["losses"][0], record["losses"][-1]],
        "inside": inside_counts(table).to_dict("records"),
        "missed": missed.where(missed.notna(), None).to_dict("records"),
    }


def validation_numbers(evidence: Evidence) -> dict[str, Any]:
    """Return the record of leaving each trial out, or why there is none."""
    if not evidence.left_out:
        return {"reason": evidence.not_validated or _SHORT}
    return validation_record(evidence.left_out)


def uncertainty_numbers(evidence: Evidence) -> dict[str, Any]:
    """Return the contraction of each parameter and what stands for each other."""
    fitted = evidence.record.get("fitted", ())
    order = sorted(fitted, key=lambda one: -one["contraction"])
    found: dict[str, Any] = {
        "ensemble": len(evidence.record.get("ensemble", ())),
        "contraction": {one["name"]: one["contraction"] for one in order},
        "pairs": [],
    }
    state = evidence.state
    if state is not None and len(state.z) == len(fitted):
        posterior = laplace(state.z, np.nan_to_num(state.columns))
        names = tuple(one["name"] for one in fitted)
        found["pairs"] = [asdict(pair) for pair in worst_pairs(posterior, names)]
    return found


def local_sensitivity(evidence: Evidence) -> dict[str, Any]:
    """Return what each endpoint depends on near the best set, from the Jacobian.

    Parameters
    ----------
    evidence : Evidence
        With the end of the fit.

    Returns
    -------
    dict
        For each parameter the length of its column, the longest first; for each
        endpoint the parameters that move it most, in standard errors by one prior
        standard deviation. Only a reason where the Jacobian does not fit the record.
    """
    record, state = evidence.record, evidence.state
    names = [one["name"] for one in record.get("fitted", ())]
    met = [one["id"] for one in record.get("residuals", ())]
    if state is None or not names or state.columns.shape != (len(names), len(met)):
        return {"method": "none", "reason": "the fit that ships has no Jacobian"}
    columns = np.nan_to_num(state.columns)
    length = np.sqrt(np.sum(columns**2, axis=1))
    return {
        "method": "Jacobian at the best set",
        "parameters": [
            {"parameter": names[k], "length": float(length[k])}
            for k in np.argsort(-length, kind="stable")
        ],
        "endpoints": [
            {
                "id": name,
                "strongest": [
                    {"parameter": names[k], "slope": float(slope[k])}
                    for k in np.argsort(-np.abs(slope), kind="stable")[:_TOP]
                ],
            }
            for name, slope in zip(met, columns.T, strict=True)
        ],
    }
