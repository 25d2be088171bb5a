"""Build the site: `uv run --group docs python docs/build.py [FOLDER]`.

Pages of this folder and generated ones are gathered in FOLDER/source and built into
FOLDER/html; nothing is written into the project. With --execute the blocks of tutorials
and how-to pages are run where what they printed is not kept from before; without,
blocks whose output is not kept stand alone.
"""

import argparse
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from builder.blocks import blocks
from builder.cell_lines import cell_line_pages
from builder.claims import claim_pages
from builder.commands import command_pages
from builder.drug_targets import drug_target_pages
from builder.drugs import drug_pages
from builder.executed import execute_page, program_fingerprint, shown_page
from builder.links import broken_links
from builder.parameters import parameter_pages
from builder.practice import practice_pages
from builder.python_names import python_pages
from builder.readouts import readout_pages
from builder.script import page_script
from builder.sources import source_pages
from builder.trial_schema import schema_pages
from builder.trials import trial_pages

DOCS = Path(__file__).parent
EXECUTED = ("tutorials/", "how-to/")
"""Folders of pages whose blocks are run."""
FROM_ROOT = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
"""Pages of the project's own folder, and what they are called in the site."""
BELOW_CONTRIBUTING = """
```{toctree}
:hidden:

architecture
decisions/index
checks
changelog
```
"""


def generated() -> Iterator[tuple[str, str]]:
    """Yield path and text of every generated page."""
    yield from command_pages()
    yield from python_pages()
    yield from drug_pages()
    yield from drug_target_pages()
    yield from cell_line_pages()
    yield from readout_pages()
    yield from practice_pages()
    yield from trial_pages()
    yield from claim_pages()
    yield from parameter_pages()
    yield from schema_pages()
    yield from source_pages()


def written() -> Iterator[tuple[str, str]]:
    """Yield path and text of every page that people write."""
    for file in sorted(DOCS.rglob("*.md")):
        path = file.relative_to(DOCS).as_posix()
        up = "../" * (path.count("/") + 1)
        text = file.read_text("utf-8")
        for name, page in FROM_ROOT.items():
            text = text.replace(f"]({up}{name}", f"]({up.removeprefix('../')}{page}")
        yield path, text
    for name, page in FROM_ROOT.items():
        text = (DOCS.parent / name).read_text("utf-8")
        for other, its_page in FROM_ROOT.items():
            text = text.replace(f"]({other}", f"]({its_page}")
        below = BELOW_CONTRIBUTING if name == "CONTRIBUTING.md" else ""
        yield page, re.sub(r"\]\(docs/", "](", text) + below


def add_script(text: str, place: Path) -> str:
    """Write a page as a script beside it, where it runs anything; return the link."""
    if not any(block.runs for block in blocks(text)):
        return ""
    file = place.with_suffix(".py")
    file.write_text(page_script(text), "utf-8")
    return f"\n[This page as a script]({file.name})\n"


def gather(source: Path, *, execute: bool) -> int:
    """Write every page into a folder; return how many there are."""
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(DOCS / "images", source / "images")
    shutil.copytree(DOCS / "static", source / "static")
    shutil.copyfile(DOCS / "conf.py", source / "conf.py")
    program = program_fingerprint()
    count = 0
    for path, text in (*written(), *generated()):
        place = source / path
        place.parent.mkdir(parents=True, exist_ok=True)
        shown = text
        if path.startswith(EXECUTED):
            if execute:
                execute_page(text, path, program=program)
            shown = shown_page(text, place.parent, program=program)
            shown += add_script(text, place)
        place.write_text(shown, "utf-8")
        count += 1
    return count


def main() -> int:
    """Build the site and say what came of it; return 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description="Build the site.")
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    parser.add_argument(
        "folder", nargs="?", default=Path(home, "oestra-site"), type=Path
    )
    parser.add_argument("--execute", action="store_true", help="run the pages")
    given = parser.parse_args()
    from sphinx.cmd.build import build_main  # noqa: PLC0415 - slow to load

    start = time.monotonic()
    source, html = given.folder / "source", given.folder / "html"
    count = gather(source, execute=given.execute)
    gathered = time.monotonic() - start
    words = ["-W", "--keep-going", "-n", "-q", "-j", "auto", "-b", "html", "-d"]
    status = build_main([*words, str(given.folder / "kept"), str(source), str(html)])
    lost = list(broken_links(html))
    for one in lost:
        print(f"Leads nowhere: {one}", file=sys.stderr)
    took = time.monotonic() - start
    print(
        f"{count} pages in {html}, {len(lost)} broken links, {took:.0f} s "
        f"({gathered:.0f} s to gather them)"
    )
    return int(bool(status or lost))


if __name__ == "__main__":
    sys.exit(main())
