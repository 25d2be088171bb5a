"""The frozen list agrees with its own counts and with the trial files."""

import math
from collections import Counter
from collections.abc import Iterator

from oestra.evidence.lint_fault import Bundle, Fault
from oestra.evidence.published_result import Result
from oestra.evidence.target_row import TargetList, TargetRow
from oestra.evidence.trial_evidence import TrialEvidence
from oestra.evidence.vocabulary import IntervalKind, Use

__all__ = ["check_targets"]


def _counts(file: str, targets: TargetList) -> Iterator[Fault]:
    rows, counts = targets.targets, targets.meta.counts
    kinds = {
        use: dict(Counter(row.kind for row in rows if row.use == use)) for use in Use
    }
    fitted = {row.trial for row in rows if row.use == Use.FIT}
    found = {
        "total": (counts.total, len(rows)),
        "by_use": (counts.by_use, dict(Counter(row.use for row in rows))),
        "by_use_and_kind": (counts.by_use_and_kind, kinds),
        "trials_with_fit_rows": (counts.trials_with_fit_rows, len(fitted)),
    }
    for name, (said, counted) in found.items():
        if said != counted:
            yield Fault(file, f"meta.counts.{name}", f"says {said}, counted {counted}")


def _id(row: TargetRow) -> Iterator[str]:
    stem = f"{row.trial}/{row.stratum.replace(' ', '_')}/{row.endpoint}/{row.arm}"
    if row.id != stem and not row.id.startswith(stem + "/"):
        yield f"id does not begin with {stem!r}"
    if row.endpoint.is_contrast and row.control is None:
        yield "a ratio needs a control"


def _same(row: TargetRow, result: Result) -> bool:
    keys = ("stratum", "endpoint", "arm")
    if any(getattr(row, key) != getattr(result, key) for key in keys):
        return False
    if row.endpoint.is_contrast and row.control != result.control:
        return False
    if row.of is not None and row.of != result.of:
        return False
    if row.at_months is not None and row.at_months != result.at_months:
        return False
    return math.isclose(row.estimate, result.estimate)


def _agrees(row: TargetRow, trial: TrialEvidence) -> Iterator[str]:
    for arm in (row.arm, row.control):
        if arm is not None and trial.arm(arm) is None:
            yield f"trial {row.trial} has no arm {arm!r}"
    same = [result for result in trial.results if _same(row, result)]
    if not same:
        yield f"no result of {row.trial} gives {row.estimate:g}"
    if row.ci != IntervalKind.PUBLISHED or not same:
        return
    printed = [result.interval for result in same if result.interval]
    if not any((i.low, i.high) == (row.low, row.high) for i in printed):
        yield f"no result of {row.trial} gives the interval {row.low}-{row.high}"


def check_targets(bundle: Bundle) -> Iterator[Fault]:
    """Yield rows that disagree with the trial files, and counts that are wrong."""
    trials = {trial.id: trial for trial in bundle.trials.values()}
    seen: set[str] = set()
    for file, listed in bundle.targets.items():
        yield from _counts(file, listed)
        for index, row in enumerate(listed.targets):
            trial = trials.get(row.trial)
            problems = [*_id(row)]
            problems += (
                [f"no trial {row.trial!r}"] if trial is None else _agrees(row, trial)
            )
            problems += ["id is used twice"] if row.id in seen else []
            seen.add(row.id)
            for problem in problems:
                yield Fault(file, f"targets[{index}]", f"{row.id}: {problem}")
