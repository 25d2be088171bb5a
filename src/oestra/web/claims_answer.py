"""Answers of the view of the claims: what the review says, tried on the model."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from oestra.appraisal.claim_check import check
from oestra.appraisal.verdict import ClaimResult
from oestra.claims.cells import TUMOR
from oestra.claims.claim import Claim, Run
from oestra.claims.claim_library import claims as known_claims
from oestra.claims.laboratory import Laboratory
from oestra.claims.level import Level
from oestra.core.disclaimer import DISCLAIMER
from oestra.core.library import library_of
from oestra.core.parameter_set import ParameterSet
from oestra.model.fit_remarks import fit_remarks
from oestra.model.parameters import best_parameters

__all__ = ["claims"]


@lru_cache(maxsize=4)
def _tried(common: ParameterSet) -> Mapping[str, ClaimResult]:
    """Try every claim about cells; the others need trials, which take minutes."""
    laboratory = Laboratory(parameters=common)
    return {
        claim.id: check(claim, laboratory)
        for claim in known_claims(common.library).values()
        if claim.level is Level.CELL
    }


def claims(_given: Mapping[str, Any]) -> dict[str, Any]:
    """Return every claim of the review, with verdicts of those about cells."""
    common = best_parameters(library_of())
    tried = _tried(common)
    known = known_claims(common.library).values()
    return {
        "claims": [_claim(claim, tried.get(claim.id)) for claim in known],
        "command": "oestra claims --level cell",
        "fit": next(fit_remarks(), ""),
        "disclaimer": DISCLAIMER,
    }


def _claim(claim: Claim, result: ClaimResult | None) -> dict[str, Any]:
    return {
        **claim.to_json_dict(),
        "evidence": claim.evidence,
        "conflicts": list(claim.conflicts),
        "verdict": "" if result is None else result.verdict.value,
        "checks": [] if result is None else [o.to_json_dict() for o in result.checks],
        "runs": list(_runs(claim)),
        "command": f"oestra claims {claim.id}",
    }


def _runs(claim: Claim) -> Iterator[dict[str, str]]:
    """Yield the runs that the network view can show, with the query that does."""
    for name in claim.runs:
        run = claim.run(name)
        drawn = not (run.cell or run.pretreat or run.doses or run.cyp2d6 != "NM")
        if drawn:
            yield {"name": name, "query": _query(run)}


def _query(run: Run) -> str:
    parts = [one for one in (run.medium, run.drug) if one != "none"]
    line = TUMOR if run.line == TUMOR else run.line
    sets = [("set", one) for one in run.set]
    given = ("drug", " + ".join(parts) or "none")
    return urlencode([("line", line), *sets, given, ("day", f"{run.days:g}")])
