"""What can be read from a culture, with its equations and the claims that read it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from builder.markdown import anchored, code, heading, plain, table
from oestra.claims.claim_expression import readouts_in
from oestra.claims.claim_library import claims
from oestra.core.errors import InputError
from oestra.culture.readout import Readout, readouts
from oestra.network.annotation import annotations
from oestra.network.equation import equations_of

__all__ = ["readout_pages"]

_REGISTRY = "https://identifiers.org"
_NOT_NAMES = frozenset({"sbo"})


def _identifiers(symbols: Sequence[str]) -> Iterator[str]:
    """Yield links to what the symbols stand for in databases."""
    known: Mapping[str, Mapping[str, Any]] = {
        **annotations()["parameters"],
        **annotations()["species"],
    }
    found: dict[str, None] = {}
    for symbol in symbols:
        for manner, addresses in known.get(symbol, {}).items():
            if manner not in _NOT_NAMES:
                found.update(dict.fromkeys(addresses))
    for address in found:
        yield f"[{plain(address.partition('/')[2])}]({_REGISTRY}/{address})"


def _readers() -> Mapping[str, tuple[str, ...]]:
    """Return the claims that read each name or symbol, in order."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for claim in claims().values():
        for check in claim.checks:
            # Values about patients and trials are of another grammar.
            with suppress(InputError):
                for _, name in readouts_in(check.value):
                    found[name][claim.id] = None
    return {name: tuple(ids) for name, ids in found.items()}


def _definition(one: Readout) -> str:
    product = " * ".join(one.symbols)
    product = f"exp({product})" if one.exponential else product
    return product if one.scale == 1 else f"{one.scale:g} * {product}"


def _section(one: Readout, readers: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield anchored(f"readout-{one.name}", heading(one.name, 2))
    unit = "" if one.unit == "1" else f", in {one.unit}"
    yield plain(f"{one.text}{unit}.")
    names = [f"Of the cell: {code(_definition(one))}."]
    if one.aliases:
        names.append(f"Also {', '.join(map(code, one.aliases))}.")
    stands_for = ", ".join(_identifiers(one.symbols))
    if stands_for:
        names.append(f"Stands for {stands_for}.")
    yield " ".join(names)
    lines = [
        f"- {code(line.text)} ({plain(line.file)}, line {line.line})"
        for symbol in one.symbols
        for line in equations_of(symbol)
    ]
    if lines:
        yield "\n".join(dict.fromkeys(lines))
    own = (one.name, *one.symbols) if len(one.symbols) == 1 else (one.name,)
    ids = sorted({claim for name in own for claim in readers.get(name, ())})
    if ids:
        links = (f"[{claim}](#claim-{claim.lower()})" for claim in ids)
        yield "Read by " + ", ".join(links) + "."


def readout_pages() -> Iterator[tuple[str, str]]:
    """Yield path and text of the page on readouts."""
    known = readouts()
    rows = [
        (
            f"[{plain(one.name)}](#readout-{one.name})",
            plain(one.label),
            plain("" if one.unit == "1" else one.unit),
            plain(one.text),
        )
        for one in known.values()
    ]
    readers = _readers()
    parts = [
        heading("Readouts"),
        "What `--readout` of [`oestra cell`](commands/cell.md) takes, with lines of "
        "the pathways that make it and the [claims](claims/index.md) that read it. A "
        "readout has no number of its own: those of its lines are "
        "[parameters](parameters/index.md), each with its source.",
        table(("readout", "in figures", "unit", "what it is"), rows),
    ]
    for one in known.values():
        parts += _section(one, readers)
    yield "reference/readouts.md", "\n\n".join(parts) + "\n"
