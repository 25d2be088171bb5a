"""A page for every trial: its design, and what was published of it."""

from collections.abc import Iterator, Sequence

from builder.markdown import cited, code, heading, listing, plain, slug, table
from oestra.evidence.published import sources, trials
from oestra.evidence.published_result import Result
from oestra.evidence.trial_evidence import TrialEvidence
from oestra.trial.design import TrialDesign
from oestra.trial.designs import find_design
from oestra.trial.listing import ListedTrial, list_trials

__all__ = ["trial_pages"]


def _sources(keys: Sequence[str]) -> str:
    return ", ".join(cited(key, sources()) for key in keys)


def _design(listed: ListedTrial, design: TrialDesign) -> Iterator[str]:
    if design.note:
        yield plain(design.note)
    yield heading("Design", 2)
    rows = [
        (code(arm["id"]), plain(arm["label"]), f"{arm['n']}", plain(arm["regimen"]))
        for arm in listed.arms
    ]
    yield table(("arm", "", "patients", "what is given"), rows)
    command = code(f"oestra trial {listed.id}")
    yield f"Read by {plain(design.criteria)}. Run it: {command}."
    if design.eligibility:
        yield "Eligible:\n\n" + "\n".join(
            f"- {code(one)}" for one in design.eligibility
        )


def _number(value: float, low: float | None, high: float | None) -> str:
    return f"{value:g}" if low is None else f"{value:g} ({low:g} to {high:g})"


def _what(one: Result) -> str:
    """Say what was measured: endpoint, of what, of which event, when."""
    told = str(one.endpoint)
    told += f" of {one.of}" if one.of else ""
    told += f": {one.event}" if one.event else ""
    told += f", grade {one.grade}" if one.grade else ""
    told += f", at {one.at_months:g} months" if one.at_months else ""
    return told + (f", at {one.at_days:g} days" if one.at_days else "")


def _result(one: Result) -> tuple[str, ...]:
    interval = one.interval
    value = _number(one.estimate, interval and interval.low, interval and interval.high)
    # A control beside a number of one arm is what its p value compares with.
    compared = one.control and "ratio" in str(one.endpoint)
    unit = "" if one.unit in (None, "1") else f" {one.unit}"
    sign = "" if one.relation == "=" else f"{one.relation} "
    return (
        plain(_what(one)),
        plain(one.stratum),
        plain(f"{one.arm} : {one.control}" if compared else one.arm or ""),
        plain(f"{sign}{value}{unit}"),
        plain(", ".join(filter(None, (one.look, one.reader)))),
        str(one.confidence),
        _sources(one.source),
    )


def _published(trial: TrialEvidence) -> Iterator[str]:
    yield heading("Published", 2)
    if trial.references:
        yield "References: " + _sources(trial.references) + "."
    rows = [_result(one) for one in trial.results]
    heads = ("endpoint", "stratum", "arm", "result", "read", "how sure", "source")
    yield table(heads, rows)
    if trial.discrepancies:
        yield "Sources that differ:\n\n" + "\n".join(
            f"- {plain(one)}" for one in trial.discrepancies
        )


def _page(listed: ListedTrial) -> str:
    parts = [heading(listed.id), plain(listed.title) + "."]
    parts += _design(listed, find_design(listed.id))
    known = trials().get(listed.id)
    if known is not None and known.results:
        parts += _published(known)
    elif listed.prediction:
        parts.append("The project knows no result: it can only be predicted.")
    return "\n\n".join(parts) + "\n"


def trial_pages() -> Iterator[tuple[str, str]]:
    """Yield path and text of every page on trials."""
    listed = list_trials()
    rows = [
        (f"[{plain(one.id)}]({slug(one.id)}.md)", f"{one.patients}", plain(one.title))
        for one in listed
    ]
    yield (
        "reference/trials/index.md",
        listing(
            "Trials",
            "What `oestra trial NAME` runs, and what was published of it. Those named "
            "EXAMPLE were never run; they show the words of a "
            "[trial file](../../trial-file.md).",
            ("trial", "patients", "what"),
            rows,
            [slug(one.id) for one in listed],
        ),
    )
    for one in listed:
        yield f"reference/trials/{slug(one.id)}.md", _page(one)
