"""What uses a cell line: claims, rows of the review, measurements and facts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from builder.markdown import cited, code, heading, plain, table
from oestra.calibration.cells.repeat import readings
from oestra.calibration.fact import Fact, cell_facts
from oestra.claims.cells import TUMOR
from oestra.claims.claim import Claim, Run
from oestra.claims.claim_library import claims
from oestra.claims.row import Row
from oestra.claims.row_library import rows
from oestra.core.errors import InputError
from oestra.evidence.cell_measurement import CellMeasurement, cell_measurements
from oestra.evidence.published import sources
from oestra.network.cell_line import find_line

__all__ = ["line_uses"]

_FACT_UNIT = {"half_maximal": "nM", "ratio": "of untreated"}


@cache
def _known(name: str) -> str | None:
    """Return the id of a line; None where words of a source name no line."""
    try:
        return find_line(name).id
    except InputError:
        return None


def _lines_of(one: Claim | Row) -> Iterator[str]:
    """Yield the lines in which a claim or a row is tried."""
    runs: Sequence[Run] = [one.run(name) for name in one.runs]
    for run in runs:
        if run.line != TUMOR:
            yield find_line(run.line).id


@cache
def _repeated() -> Mapping[str, frozenset[str]]:
    """Return the lines in which the fit repeats each measurement, by its id."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in readings():
        name = one.id.partition("/")[0]
        found[name].update(find_line(where.line).id for where, _, _ in one.needs)
    return {name: frozenset(lines) for name, lines in found.items()}


def _measured(line: str) -> Mapping[tuple[str, str], list[CellMeasurement]]:
    """Return measurements of a line, or repeated in it, by kind and source."""
    found: dict[tuple[str, str], list[CellMeasurement]] = defaultdict(list)
    for one in cell_measurements():
        if _known(one.line) == line or line in _repeated().get(one.id, ()):
            found[one.kind, one.source].append(one)
    return found


def _measurements(line: str) -> Iterator[tuple[str, ...]]:
    for (kind, source), found in sorted(_measured(line).items()):
        fitted = sum(line in _repeated().get(one.id, ()) for one in found)
        readouts = dict.fromkeys(one.readout for one in found)
        media = dict.fromkeys(one.medium for one in found if one.medium)
        yield (
            plain(kind.replace("_", " ")),
            f"{len(found)}",
            f"{fitted}",
            ", ".join(map(code, readouts)),
            plain("; ".join(media)),
            cited(source, sources()),
        )


def _fact(one: Fact) -> tuple[str, ...]:
    unit = _FACT_UNIT[one.how["measure"]]
    told = ". ".join(filter(None, (cited(one.source, sources()), plain(one.reason))))
    value = f"{one.estimate:g} {unit} ({one.low:g} to {one.high:g})"
    return plain(one.id.partition("/")[2]), value, told


def _tried(line: str) -> Iterator[str]:
    for claim in claims().values():
        if line in _lines_of(claim):
            link = f"[{claim.id}](#claim-{claim.id.lower()})"
            yield f"- {link}: {plain(claim.statement)}"
    for row in rows():
        if line in _lines_of(row):
            link = f"[row {row.number}](../../rows.md#every-row)"
            yield f"- {link}: {plain(row.name)}"


def line_uses(line: str) -> Iterator[str]:
    """Yield the parts of a page that say what uses a line.

    Parameters
    ----------
    line : str
        Its id.
    """
    yield heading("Claims and rows that try it", 2)
    tried = list(_tried(line))
    yield "\n".join(tried) if tried else "None."
    yield heading("Measured", 2)
    rows_of = list(_measurements(line))
    if rows_of:
        yield (
            "Rows of `evidence/cell_measurements` about this line, and how many of "
            "them the fit of the cell repeats in it."
        )
        heads = ("kind", "rows", "repeated", "readouts", "medium", "source")
        yield table(heads, rows_of)
    facts = [_fact(one) for one in cell_facts() if _of_line(one) == line]
    if facts:
        yield "Facts that the fit of the cell repeats in this line besides:"
        yield table(("fact", "published", "source and reason"), facts)
    if not (rows_of or facts):
        yield "The evidence holds no measurement on it."


def _of_line(fact: Fact) -> str | None:
    """Return the line in which a fact is measured; None for the reference cell."""
    return find_line(fact.how["line"]).id if "line" in fact.how else None
