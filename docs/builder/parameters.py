"""Every parameter with all its layers, on a page for each file that declares some."""

from collections import defaultdict
from collections.abc import Iterator

from builder.markdown import anchored, cited, code, heading, listing, plain, table
from oestra.appraisal.parameter_sheet import Explained, explain, parameter_rows
from oestra.evidence.published import sources

__all__ = ["parameter_pages"]

_ROOT = "reference/parameters"


def _section(one: Explained) -> Iterator[str]:
    unit = "" if one.unit == "1" else f" {one.unit}"
    low, high = one.interval
    yield anchored(f"parameter-{one.name}", heading(one.name, 2))
    yield plain(
        f"{one.value:.4g}{unit}. Interval {low:.3g} to {high:.3g}; the value of the "
        f"file is {one.origin}."
    )
    if one.source:
        yield "Source: " + cited(one.source, sources()) + "."
    if one.reason:
        yield f"Reason: {plain(one.reason)}."
    rows = [(i.layer, f"{i.value:.4g}", plain(i.told)) for i in one.layers]
    yield table(("layer", "value", "from"), rows)
    told = [f"- Written over {plain(text)}." for text in one.overwritten]
    told += [f"- In {code(text)}" for text in one.equations]
    if told:
        yield "\n".join(told)


def parameter_pages() -> Iterator[tuple[str, str]]:
    """Yield path and text of every page on parameters."""
    by_file: dict[str, list[Explained]] = defaultdict(list)
    for row in parameter_rows():
        one = explain(row["name"])
        by_file[one.layers[0].told.partition(".")[0]].append(one)
    rows = [
        (f"[{plain(name)}]({name}.md)", f"{len(found)}")
        for name, found in sorted(by_file.items())
    ]
    yield (
        f"{_ROOT}/index.md",
        listing(
            "Every parameter",
            "By the file that declares it, with its layers: file, fit to cells, fit to "
            "trials. What `oestra parameters NAME` shows; see [Parameters, fits and "
            "pools](../../parameters.md).",
            ("file", "parameters"),
            rows,
            sorted(by_file),
        ),
    )
    for name, found in by_file.items():
        parts = [heading(f"Parameters of {name.replace('_', ' ')}")]
        for one in found:
            parts += _section(one)
        yield f"{_ROOT}/{name}.md", "\n\n".join(parts) + "\n"
