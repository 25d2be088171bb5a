"""A page for every cell line: what it carries, where it grows, and what uses it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from builder.line_uses import line_uses
from builder.markdown import cited, code, fenced, heading, listing, plain, slug, table
from oestra.appraisal.parameter_sheet import parameter_rows
from oestra.core.quantity import Quantity
from oestra.culture.substance import substances
from oestra.evidence.published import sources
from oestra.network.alteration import Alteration, find_alteration
from oestra.network.cell_line import CellLine, cell_lines

__all__ = ["cell_line_pages"]

_NUMBER = ("value", "unit", "interval", "origin", "source or reason")


def _link(line: CellLine) -> str:
    return f"[{plain(line.id)}]({slug(line.id)}.md)"


def _parameter(name: str) -> str:
    return f"[{code(name)}](#parameter-{name})"


def _told(source: str, reason: str) -> str:
    given = cited(source, sources()) if source else ""
    return ". ".join(filter(None, (given, plain(reason))))


def _unit(unit: str) -> str:
    return plain("" if unit == "1" else unit)


def _number(one: Quantity) -> tuple[str, ...]:
    low, high = one.interval
    interval = f"{low:.3g} to {high:.3g}"
    told = _told(one.source, one.reason)
    return f"{one.value:.4g}", _unit(one.unit), interval, str(one.origin), told


def _owner(line: CellLine, entry: Callable[[CellLine], Any]) -> str:
    """Return the line whose file has an entry: this one, or who it has it from."""
    while line.parent is not None and entry(line.parent) == entry(line):
        line = line.parent
    return plain(line.id)


@cache
def _units() -> Mapping[str, str]:
    return {row["name"]: row["unit"] for row in parameter_rows()}


def _set_by(one: Alteration) -> Iterator[tuple[str, str]]:
    """Yield each parameter that an alteration moves, and to what."""
    for name, value in one.set.items():
        yield _parameter(name), f"{value:g} {_unit(_units()[name])}".rstrip()
    for name, factor in one.scale.items():
        yield _parameter(name), f"times {factor:g}"


def _table(line: CellLine, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table that tells, of a line with a parent, whose file has each row."""
    if line.parent is None:
        return table(heads, (row[:-1] for row in rows))
    return table((*heads, "stands in"), rows)


def _alterations(line: CellLine) -> Iterator[tuple[str, ...]]:
    for gene, name in line.alterations.items():
        one = find_alteration(gene, name)
        owner = _owner(line, lambda each, gene=gene: each.alterations.get(gene))
        told = str(one.origin), _told(one.source, one.reason), owner
        for parameter, value in _set_by(one):
            yield code(f"{gene}={name}"), parameter, value, *told


def _traits(line: CellLine) -> Iterator[tuple[str, ...]]:
    for gene, trait in line.traits.items():
        owner = _owner(line, lambda each, gene=gene: each.traits.get(gene))
        kind = "lesion" if trait.lesion else ""
        parameter = _parameter(trait.parameter)
        yield plain(gene), kind, parameter, *_number(trait), owner


def _medium(line: CellLine) -> Iterator[tuple[str, ...]]:
    known = substances()
    for name, level in line.medium.items():
        owner = _owner(line, lambda each, name=name: each.medium.get(name))
        parameter = known[name].parameter
        sets = _parameter(parameter) if parameter else ""
        yield plain(name), sets, *_number(level), owner


def _lesions(line: CellLine) -> Iterator[str]:
    yield heading("Alterations", 2)
    if not line.alterations:
        yield "Carries none of those that the model knows."
        return
    yield (
        f"What each sets in the cell. {code('--set GENE=wild-type')} takes one away, "
        "and another alteration of the gene takes its place."
    )
    heads = ("alteration", "sets", "to", "origin", "source or reason")
    yield _table(line, heads, _alterations(line))


def _own_values(line: CellLine) -> Iterator[str]:
    if not line.traits:
        return
    yield heading("Values of its own", 2)
    yield (
        "Parameters of the cell in this line, in place of what its alterations set; "
        "amounts are relative to the reference cell. One of a *lesion* goes when "
        "`--set` changes its gene."
    )
    yield _table(line, ("gene", "", "sets", *_NUMBER), _traits(line))


def _growth_medium(line: CellLine) -> Iterator[str]:
    yield heading("Medium", 2)
    yield (
        "What it is kept in; what `--medium` does not name stays so. Sera and named "
        "media are told in [Cells in culture](../../cell-culture.md)."
    )
    yield _table(line, ("substance", "sets", *_NUMBER), _medium(line))
    if line.aromatase is not None:
        yield "Makes estradiol of the androstenedione around it:"
        own = line.aromatase
        parts = (("capacity", own.capacity), ("Michaelis constant", own.michaelis))
        owner = _owner(line, lambda each: each.aromatase)
        rows = [(name, *_number(one), owner) for name, one in parts]
        yield _table(line, ("aromatase", *_NUMBER), rows)


def _growth(line: CellLine) -> Iterator[str]:
    yield heading("Growth", 2)
    given = {
        "doubling time": line.doubling_time,
        "apoptosis": line.apoptosis_rate,
        "cells in cycle (Ki67)": line.ki67,
    }
    rows = [(name, *_number(one)) for name, one in given.items() if one is not None]
    if rows:
        yield "The pace follows from these, of the untreated culture in that medium:"
        yield table(("", *_NUMBER), rows)
    if line.founder is not line:
        yield (
            f"Keeps the pace of {_link(line.founder)}, so that it grows differently by "
            "its lesions, its history and its medium alone."
        )


def _descent(line: CellLine, made: Sequence[CellLine]) -> Iterator[str]:
    if line.parent is not None:
        yield f"Made from {_link(line.parent)}, whose entries stand here too."
    if line.pretreatment:
        steps = ", ".join(map(code, line.pretreatment))
        yield f"Lived through {steps} before any experiment; that is simulated."
    if made:
        yield f"Made from it: {', '.join(map(_link, made))}."


def _command(line: CellLine) -> str:
    """Return a command that tries a line; it has to need what it is given."""
    name = f'"{line.id}"' if " " in line.id else line.id
    # Only cells that make their own estradiol have anything for letrozole to do.
    drug = "letrozole 100 nM" if line.aromatase else "fulvestrant 100 nM"
    return f'oestra cell {name} --drug "{drug}" --days 7'


def _page(line: CellLine) -> str:
    made = [
        one for one in cell_lines().values() if one.parent and one.parent.id == line.id
    ]
    parts = [heading(line.id), plain(line.description)]
    if line.aliases:
        parts.append("Also known as " + plain(", ".join(line.aliases)) + ".")
    parts += _descent(line, made)
    parts += ["Try it:", fenced(_command(line), "sh")]
    parts += [*_lesions(line), *_own_values(line)]
    parts += [*_growth_medium(line), *_growth(line), *line_uses(line.id)]
    return "\n\n".join(parts) + "\n"


def _row(line: CellLine) -> tuple[str, ...]:
    carried = (code(f"{gene}={name}") for gene, name in line.alterations.items())
    parent = "" if line.parent is None else _link(line.parent)
    return _link(line), parent, ", ".join(carried), plain(line.description)


def cell_line_pages() -> Iterator[tuple[str, str]]:
    """Yield path and text of every page on cell lines."""
    lines = cell_lines().values()
    yield (
        "reference/cell-lines/index.md",
        listing(
            "Cell lines",
            "What `oestra cell` lists and `oestra cell LINE` grows. "
            "[Cells in culture](../../cell-culture.md) tells how cultures work.",
            ("line", "made from", "carries", "what it is"),
            map(_row, lines),
            [slug(line.id) for line in lines],
        ),
    )
    for line in lines:
        yield f"reference/cell-lines/{slug(line.id)}.md", _page(line)
