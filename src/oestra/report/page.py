"""Pages in the style of the review that need no other file, and their folders."""

from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from oestra.core.disclaimer import DISCLAIMER
from oestra.core.whole_file import write_json
from oestra.report.manifest import Run, write_manifest

__all__ = ["document", "html_table", "page", "tile", "write_page"]


def document(title: str, body: str) -> str:
    """Return a whole HTML document around a body."""
    style = files("oestra.report").joinpath("review.css").read_text("utf-8")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head>"
        f"<body>{body}</body></html>\n"
    )


def page(title: str, lead: str, body: str, *, warning: str = "") -> str:
    """Return a whole page, headed by its title, what it is, and why it may be stale."""
    caution = f'<p class="badge fails">Stale: {escape(warning)}</p>' if warning else ""
    head = (
        f'<header><h1>{escape(title)}</h1><p class="lead">{escape(lead)}</p>{caution}'
        f"<p><strong>{DISCLAIMER}</strong></p></header>"
    )
    return document(title, head + body)


def html_table(table: pd.DataFrame, *, words: bool = False) -> str:
    """Return a table as HTML, numbers with three digits.

    Parameters
    ----------
    table : DataFrame
        What to show.
    words : bool
        Set as text and not as numbers.
    """
    head = "".join(f"<th>{escape(str(name))}</th>" for name in table.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>"
        for row in table.itertuples(index=False)
    )
    kind = ' class="words"' if words else ""
    return f"<table{kind}><tr>{head}</tr>{rows}</table>"


def _cell(value: object) -> str:
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "<b>no</b>"
    if isinstance(value, (float, np.floating)):
        return f"{value:.3g}" if np.isfinite(value) else ""
    return escape(str(value))


def tile(count: int, total: int, what: str, parts: Sequence[tuple[str, int]]) -> str:
    """Return a count of a total as a tile with a bar.

    Parameters
    ----------
    count, total : int
        The numbers.
    what : str
        What is counted, HTML.
    parts : sequence of (str, int)
        Class and size of each part of the bar.
    """
    bar = "".join(
        f'<i class="{name}" style="width:{100 * size / max(total, 1):.1f}%"></i>'
        for name, size in parts
    )
    return (
        f'<div class="tile"><b>{count}<small> of {total}</small></b>'
        f'<span>{what}</span><div class="bar">{bar}</div></div>'
    )


def write_page(
    folder: Path, html: str, name: str, record: Mapping[str, Any], run: Run
) -> None:
    """Write a page, its record and the manifest; tables and figures are there already.

    Parameters
    ----------
    folder : Path
        Of the results; the page becomes its ``index.html``.
    html : str
        The page.
    name : str
        File name of the record, without ending.
    record : mapping
        The numbers of the page, ready for JSON.
    run : Run
        What ran.
    """
    (folder / "index.html").write_text(html, encoding="utf-8")
    write_json(folder / f"{name}.json", record)
    write_manifest(folder, run)
