"""The bibliography as a page, to which every number leads."""

from collections.abc import Iterator

from builder.markdown import anchored, heading, plain
from oestra.evidence.published import sources

__all__ = ["source_pages"]

_WORDS = ("author", "title", "journal", "howpublished", "year")


def source_pages() -> Iterator[tuple[str, str]]:
    """Yield path and text of the page of sources."""
    parts = [
        heading("Sources"),
        "What the evidence, the drugs and the parameters cite. The last sentence of an "
        "entry says how it was read.",
    ]
    for key, source in sorted(sources().items()):
        told = ". ".join(plain(source.fields[w]) for w in _WORDS if w in source.fields)
        if doi := source.fields.get("doi"):
            told += f". doi:[{plain(doi)}](https://doi.org/{doi})"
        elif url := source.fields.get("url"):
            told += f". <{url}>"
        if note := source.fields.get("note"):
            told += f". *{plain(note)}*"
        parts.append(anchored(f"source-{key}", f"**{plain(key)}** {told}"))
    yield "reference/sources.md", "\n\n".join(parts) + "\n"
