"""What differs between two designs, in words, where one follows the other."""

from collections.abc import Iterator, Sequence

from oestra.trial.criterion_words import criterion_words
from oestra.trial.design import TrialDesign

__all__ = ["scenario_changes"]

_MOST = 160
_CONDUCT = {
    "accrual_months": "months of accrual",
    "data_cut_months": "months to the data cut",
    "confirmation_weeks": "weeks to confirmation",
}


def scenario_changes(before: TrialDesign, after: TrialDesign) -> tuple[str, ...]:
    """Return what a design changes of another.

    Parameters
    ----------
    before, after : TrialDesign
        The designs.

    Returns
    -------
    tuple of str
        A part each: regimens arm by arm in their order, who is eligible, the case mix,
        visits and conduct. Names and titles do not count.
    """
    return tuple(_changes(before, after))


def _changes(before: TrialDesign, after: TrialDesign) -> Iterator[str]:
    was, now = ([arm.described for arm in one.arms] for one in (before, after))
    if len(was) != len(now):
        yield f"{len(now)} arms instead of {len(was)}"
    yield from (
        f"{old} → {new}" for old, new in zip(was, now, strict=False) if old != new
    )
    yield from _criteria(before, after)
    mixes = [[(one.where, one.percent) for one in d.case_mix] for d in (before, after)]
    if mixes[0] != mixes[1]:
        words = [f"{criterion_words(w)} {p:g} %" for w, p in mixes[1]]
        yield f"case mix: {_short(words) or 'as the population has it'}"
    yield from _conduct(before, after)


def _conduct(before: TrialDesign, after: TrialDesign) -> Iterator[str]:
    if before.visits != after.visits:
        yield f"scans every {_weeks(after)} weeks instead of {_weeks(before)}"
    if before.criteria != after.criteria:
        yield f"{after.criteria.value} instead of {before.criteria.value}"
    for name, words in _CONDUCT.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield f"{words}: {_number(old)} → {_number(new)}"


def _criteria(before: TrialDesign, after: TrialDesign) -> Iterator[str]:
    new = [one for one in after.eligibility if one not in before.eligibility]
    gone = [one for one in before.eligibility if one not in after.eligibility]
    if new:
        yield f"now asked for: {_short([criterion_words(one) for one in new])}"
    if gone:
        yield f"no longer asked for: {_short([criterion_words(one) for one in gone])}"


def _short(words: Sequence[str]) -> str:
    text = "; ".join(words)
    if len(text) <= _MOST:
        return text
    return text[:_MOST].rsplit(";", 1)[0] + "; and more"


def _weeks(design: TrialDesign) -> str:
    weeks = design.visits.interval_weeks
    if isinstance(weeks, int | float):
        return f"{weeks:g}"
    return " or ".join(f"{one:g}" for one in weeks)


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:g}"
