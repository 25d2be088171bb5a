"""Every fact says how far it was checked and where it stands, and that place exists."""

from collections.abc import Iterator

from oestra.core.errors import nearest
from oestra.evidence.evidence_record import Cited, Record, Statement
from oestra.evidence.lint_fault import Bundle, Fault, walk
from oestra.evidence.published_result import Interval, Result
from oestra.evidence.trial_evidence import TrialEvidence
from oestra.evidence.vocabulary import Confidence

__all__ = ["check_citations"]

REVIEW = "milani2014"
"""Key of the review whose statements are marked ``in_review``."""


def _keys(record: object) -> tuple[str, ...]:
    if isinstance(record, Cited | Interval):
        return record.source
    return record.references if isinstance(record, TrialEvidence) else ()


def _missing(record: Cited) -> Iterator[str]:
    states = getattr(record, "in_review", False)
    if record.confidence != Confidence.RECALLED and not record.source:
        yield f"is {record.confidence} but names no source"
    if record.confidence == Confidence.VERIFIED and record.source == (REVIEW,):
        yield "is verified but cites the review alone"
    if record.confidence == Confidence.STATED and REVIEW not in record.source:
        yield f"is stated by the review but does not cite {REVIEW}"
    if (
        isinstance(record, Result | Statement)
        and states
        and REVIEW not in record.source
    ):
        yield f"is in the review but does not cite {REVIEW}"
    if record.confidence == Confidence.DERIVED and not record.note:
        yield "is derived but has no note that says how"


def _check(file: str, record: Record, known: dict[str, object]) -> Iterator[Fault]:
    for place, part in walk(record):
        for key in _keys(part):
            if key not in known:
                hint = nearest(key, known)
                near = f"; nearest is {hint!r}" if hint else ""
                yield Fault(file, place or "file", f"no source {key!r}{near}")
        if isinstance(part, Cited):
            for problem in _missing(part):
                yield Fault(file, place, problem)


def check_citations(bundle: Bundle) -> Iterator[Fault]:
    """Yield facts without a source they need, and source keys that do not resolve."""
    known: dict[str, object] = dict(bundle.sources)
    for file, record in bundle.files():
        yield from _check(file, record, known)
    for key, source in bundle.sources.items():
        if not source.fields.get("note"):
            problem = "has no note that says how it was read"
            yield Fault(f"sources/{source.file}", key, problem, source.line)
