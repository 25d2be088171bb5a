"""What drugs can act on, where that takes hold of the cell, and which drugs do."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from builder.markdown import anchored, cited, code, heading, plain, slug, table
from oestra.drugs.action import TargetAction
from oestra.drugs.listing import list_drugs
from oestra.drugs.load import drugs
from oestra.drugs.reported import Reported
from oestra.drugs.target import Lever, Maximum, levers
from oestra.evidence.published import sources

__all__ = ["drug_target_pages", "target_anchor"]


def target_anchor(target: str) -> str:
    """Return the anchor of a target, to which ``[...](#...)`` leads from any page."""
    return f"target-{slug(target)}"


def _parameter(name: str) -> str:
    return f"[{code(name)}](#parameter-{name})"


def _parameters(names: Sequence[str]) -> str:
    return ", ".join(map(_parameter, names))


def _holds(one: Lever) -> Iterator[str]:
    """Yield what a target sets in the cell, a sentence a part."""
    if one.parameter:
        what = "free concentration over potency" if one.is_load else "the share held"
        yield f"Sets {_parameter(one.parameter)}: {what}."
    if one.accumulation:
        scale = _parameter(one.accumulation)
        yield f"In tumors the free concentration is scaled by {scale}."
    if one.kill:
        rate = (
            f" at {_parameter(one.kill_rate)} if held in full" if one.kill_rate else ""
        )
        yield f"Kills by {_parameter(one.kill)}{rate}; not in a culture."
    if one.outside:
        yield f"Moves {plain(one.outside)} and sets nothing in the cell."
    elif one.maximum is Maximum.CELL:
        yield f"What is lost at most the cell says: {_parameters(one.limited_by)}."
    else:
        yield "What is lost at most the sheet of the drug says."


def _number(one: Reported) -> tuple[str, ...]:
    low, high = one.interval
    unit = "" if one.unit == "1" else f" {one.unit}"
    source = cited(one.source, sources()) if one.source else ""
    told = ". ".join(filter(None, (source, plain(one.reason))))
    value = plain(f"{one.value:.4g}{unit} ({low:.3g} to {high:.3g})")
    return value, str(one.origin), told


def _rows(drug: str, action: TargetAction) -> Iterator[tuple[str, ...]]:
    link = f"[{plain(drug)}](drugs/{slug(drug)}.md)"
    yield link, f"potency: {plain(action.assay)}", *_number(action.potency)
    if action.max_effect is not None:
        yield link, "lost at most", *_number(action.max_effect)


def _drugs() -> Mapping[str, list[tuple[str, TargetAction]]]:
    found: dict[str, list[tuple[str, TargetAction]]] = defaultdict(list)
    known = drugs()
    for listed in list_drugs():
        for action in known[listed.id].targets:
            found[action.target].append((listed.id, action))
    return found


def drug_target_pages() -> Iterator[tuple[str, str]]:
    """Yield path and text of the page on targets of drugs."""
    acting = _drugs()
    known = levers()
    rows = [
        (
            f"[{plain(name)}](#{target_anchor(name)})",
            f"{len(acting[name])}",
            plain(one.text),
        )
        for name, one in known.items()
    ]
    parts = [
        heading("Targets of drugs"),
        "What a drug can act on, in the manner that stands after the colon. Drugs that "
        "share a target compete for it. The potencies are those of the sheets of the "
        "[drugs](drugs/index.md), as free concentrations.",
        table(("target", "drugs", "what it is"), rows),
    ]
    for name, one in known.items():
        parts.append(anchored(target_anchor(name), heading(name, 2)))
        parts += [plain(one.text) + ".", " ".join(_holds(one))]
        found = [row for drug, action in acting[name] for row in _rows(drug, action)]
        if found:
            heads = ("drug", "quantity", "value", "origin", "source or reason")
            parts.append(table(heads, found))
        else:
            parts.append("No drug that ships acts on it; one of your own may.")
    yield "reference/targets.md", "\n\n".join(parts) + "\n"
