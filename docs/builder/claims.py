"""The claims of the review, each with the experiment that tries it."""

from collections.abc import Iterator

from builder.markdown import anchored, code, heading, listing, plain, table
from oestra.claims.claim import Check, Claim
from oestra.claims.claim_library import claims
from oestra.claims.level import Level

__all__ = ["claim_pages"]


def _check(check: Check) -> tuple[str, ...]:
    if check.target:
        return (f"{code(check.target)} of the evidence", "its interval", "")
    unit = "" if check.unit == "1" else f" {check.unit}"
    told = f"{plain(check.measure)}: {code(check.value)}"
    return (told, plain(f"{check.expect}{unit}"), plain(check.why))


def _section(claim: Claim) -> Iterator[str]:
    yield anchored(f"claim-{claim.id.lower()}", heading(claim.id, 2))
    yield plain(claim.statement)
    cited = f", references {', '.join(claim.references)}" if claim.references else ""
    hard = " Tells models apart." if claim.hard else ""
    yield plain(
        f"{claim.section}{cited}. Evidence: {claim.evidence}. In the model: "
        f"{claim.origin}.{hard}"
    )
    for conflict in claim.conflicts:
        yield plain(f"In conflict: {conflict}")
    yield table(("measured", "expected", "why"), map(_check, claim.checks))


def claim_pages() -> Iterator[tuple[str, str]]:
    """Yield path and text of every page on claims, one a level."""
    by_level = {level: [] for level in Level}
    for claim in claims().values():
        by_level[claim.level].append(claim)
    rows = [
        (f"[Claims about a {level}]({level}.md)", f"{len(found)}")
        for level, found in by_level.items()
    ]
    yield (
        "reference/claims/index.md",
        listing(
            "Claims of the review",
            "What the underlying review says, each as an experiment. `oestra claims` "
            "tries them and tells which hold; `oestra claims C018` tries one.",
            ("level", "claims"),
            rows,
            by_level,
        ),
    )
    for level, found in by_level.items():
        parts = [heading(f"Claims about a {level}")]
        for claim in found:
            parts += _section(claim)
        yield f"reference/claims/{level}.md", "\n\n".join(parts) + "\n"
