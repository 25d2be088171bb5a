"""A page for every drug: all its numbers with their sources."""

from collections.abc import Iterator, Mapping
from typing import Any

from builder.drug_targets import target_anchor
from builder.markdown import cited, code, heading, listing, plain, slug, table
from oestra.appraisal.kept_sheet import drug_sheet
from oestra.drugs.listing import list_drugs
from oestra.evidence.published import sources

__all__ = ["drug_pages"]


def _interval(row: Mapping[str, Any]) -> str:
    return f"{row['low']:.3g} to {row['high']:.3g}"


def _quantity(row: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        plain(row["quantity"]),
        f"{row['value']:.4g}",
        plain("" if row["unit"] == "1" else row["unit"]),
        _interval(row),
        row["origin"],
        cited(row["source"], sources()),
    )


def _exposure(row: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        plain(row["regimen"]),
        plain(row["what"]),
        plain(row["unit"]),
        f"{row['simulated']:.3g}",
        f"{row['published']:.3g} ({_interval(row)})",
        "inside" if row["inside"] else "outside",
    )


def _page(record: Mapping[str, Any], note: str) -> str:
    parts = [
        heading(record["drug"]),
        plain(f"{record['class']}. {record['mechanism']}"),
    ]
    if record["aliases"]:
        parts.append("Also known as " + plain(", ".join(record["aliases"])) + ".")
    if record["targets"]:
        links = (f"[{code(one)}](#{target_anchor(one)})" for one in record["targets"])
        parts.append("Acts on " + ", ".join(links) + ".")
    if record["regimens"]:
        parts.append("Usual: " + ", ".join(map(code, record["regimens"])) + ".")
    if note:
        parts.append(plain(note))
    heads = ("quantity", "value", "unit", "interval", "origin", "source or reason")
    parts += [heading("Numbers", 2), table(heads, map(_quantity, record["quantities"]))]
    if record["exposures"]:
        heads = ("regimen", "exposure", "unit", "typical patient", "published", "")
        parts += [heading("Exposure", 2)]
        parts += [table(heads, map(_exposure, record["exposures"]))]
    return "\n\n".join(parts) + "\n"


def drug_pages() -> Iterator[tuple[str, str]]:
    """Yield path and text of every page on drugs."""
    drugs = list_drugs()
    rows = [
        (
            f"[{plain(drug.id)}]({slug(drug.id)}.md)",
            plain(drug.drug_class),
            plain(", ".join(drug.targets)),
            plain(drug.regimens[0]) if drug.regimens else "",
        )
        for drug in drugs
    ]
    yield (
        "reference/drugs/index.md",
        listing(
            "Drugs",
            "What `oestra drugs NAME` shows. Drugs without a regimen are formed from "
            "others.",
            ("drug", "class", "targets", "reference regimen"),
            rows,
            [slug(drug.id) for drug in drugs],
        ),
    )
    for drug in drugs:
        sheet = drug_sheet(drug.id)
        yield (
            f"reference/drugs/{slug(drug.id)}.md",
            _page(sheet["record"], sheet["note"]),
        )
