"""Links within a finished site that lead nowhere."""

from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

__all__ = ["broken_links"]


class _Page(HTMLParser):
    """What a page links to, and what can be linked to in it."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note links and anchors of one element."""
        del tag
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.targets.append(value)
            elif name in ("id", "name") and value:
                self.anchors.add(value)


@cache
def _read(file: Path) -> _Page:
    page = _Page()
    page.feed(file.read_text("utf-8"))
    return page


def broken_links(site: Path) -> Iterator[str]:
    """Yield every link of a site to a page, file or place in it that is not there.

    Parameters
    ----------
    site : Path
        Folder of the finished pages.
    """
    # What begins with an underscore belongs to the theme.
    pages = (f for f in sorted(site.rglob("*.html")) if "_static" not in f.parts)
    for file in pages:
        for link in _read(file).targets:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = file if not parts.path else file.parent / unquote(parts.path)
            target = target / "index.html" if target.is_dir() else target
            place = unquote(parts.fragment)
            lost = not target.exists() or (
                place
                and target.suffix == ".html"
                and place not in _read(target).anchors
            )
            if lost:
                yield f"{file.relative_to(site)}: {link}"
