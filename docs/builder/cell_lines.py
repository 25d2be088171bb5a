"""The cell lines, each with what it carries and what is measured of it."""

from collections.abc import Iterator

from builder.markdown import cited, code, heading, plain, table
from oestra.core.quantity import Quantity
from oestra.evidence.published import sources
from oestra.network.cell_line import CellLine, cell_lines

__all__ = ["cell_line_pages"]


def _row(what: str, one: Quantity) -> tuple[str, ...]:
    low, high = one.interval
    return (
        plain(what),
        f"{one.value:.4g}",
        plain("" if one.unit == "1" else one.unit),
        f"{low:.3g} to {high:.3g}",
        str(one.origin),
        cited(one.source, sources()) if one.source else plain(one.reason),
    )


def _numbers(line: CellLine) -> Iterator[tuple[str, ...]]:
    for gene, trait in line.traits.items():
        yield _row(f"{gene}: {trait.parameter}", trait)
    for substance, amount in line.medium.items():
        yield _row(f"medium: {substance}", amount)
    if line.aromatase:
        yield _row("aromatase: capacity", line.aromatase.capacity)
        yield _row("aromatase: Michaelis constant", line.aromatase.michaelis)
    named = {"doubling time": line.doubling_time, "deaths": line.apoptosis_rate}
    for what, one in {**named, "Ki67": line.ki67}.items():
        if one is not None:
            yield _row(what, one)


def _section(line: CellLine) -> Iterator[str]:
    yield heading(line.id, 2)
    yield plain(line.description)
    if line.aliases:
        yield "Also known as " + plain(", ".join(line.aliases)) + "."
    if line.parent is not None:
        yield f"Made from {plain(line.parent.id)}, whose entries stand here too."
    if line.alterations:
        carried = (f"{gene}={change}" for gene, change in line.alterations.items())
        yield "Carries " + ", ".join(map(code, carried)) + "."
    if line.pretreatment:
        yield "Lived through " + ", ".join(map(code, line.pretreatment)) + "."
    heads = ("quantity", "value", "unit", "interval", "origin", "source or reason")
    yield table(heads, _numbers(line))


def cell_line_pages() -> Iterator[tuple[str, str]]:
    """Yield path and text of the page on cell lines."""
    parts = [
        heading("Cell lines"),
        "Concentrations of media are in nM. How cultures work is told in "
        "[Cells in culture](../cell-culture.md).",
    ]
    for line in cell_lines().values():
        parts += _section(line)
    yield "reference/cell-lines.md", "\n\n".join(parts) + "\n"
