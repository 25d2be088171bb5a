"""Markdown that says what it is given, whatever signs that holds."""

import re
from collections.abc import Iterable, Sequence

__all__ = [
    "anchored",
    "cited",
    "code",
    "fenced",
    "heading",
    "listing",
    "plain",
    "prose",
    "slug",
    "table",
]

_SIGNS = re.compile(r"([\\`*_{}\[\]<>|#~$])")


def plain(text: object) -> str:
    """Return text in one line, without a meaning for Markdown."""
    return _SIGNS.sub(r"\\\1", " ".join(str(text).split()))


def prose(text: str) -> str:
    """Return text of a docstring in one line: what it quotes is code."""
    parts = re.split(r"(`+)(.+?)\1", " ".join(text.split()))
    # Of each quotation split finds its ticks and what is between them.
    return "".join(
        code(part) if place % 3 == 2 else _SIGNS.sub(r"\\\1", part)
        for place, part in enumerate(parts)
        if place % 3 != 1
    )


def code(text: object) -> str:
    """Return text as code, also within a table; nothing where there is none."""
    shown = " ".join(str(text).split()).replace("|", "\\|")
    return f"`{shown}`" if shown else ""


def slug(*names: object) -> str:
    """Return a name for a file or an anchor, such as ``mcf-7-aro``."""
    words = re.findall(r"[a-z0-9]+", " ".join(map(str, names)).lower())
    return "-".join(words)


def anchored(name: str, text: str) -> str:
    """Return a block to which ``[...](#name)`` leads from any page."""
    return f"({name})=\n{text}"


def heading(text: object, level: int = 1) -> str:
    """Return a heading."""
    return f"{'#' * level} {plain(text)}"


def fenced(text: str, language: str = "text", *options: str) -> str:
    """Return a block of code, longer fenced than any fence that it holds."""
    ticks = max((len(run) for run in re.findall(r"`{3,}", text)), default=2) + 1
    fence = "`" * max(ticks, 3)
    head = f"{fence}{{code-block}} {language}"
    return "\n".join((head, *options, "", text.rstrip("\n"), fence))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are Markdown already."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def cited(text: str, keys: Iterable[str]) -> str:
    """Return a source: a link where it is a key of the bibliography."""
    return f"[{plain(text)}](#source-{text})" if text in keys else plain(text)


def listing(
    title: str,
    about: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    pages: Iterable[str],
) -> str:
    """Return a page that lists others and holds them in the navigation."""
    tree = "```{toctree}\n:hidden:\n\n" + "\n".join(pages) + "\n```"
    return "\n\n".join((heading(title), about, table(heads, rows), tree)) + "\n"
