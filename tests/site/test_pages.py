"""What the pages hold can be typed, found and traced."""

import re
import shlex
from functools import cache
from pathlib import Path

import pytest

from builder.blocks import blocks
from builder.commands import described

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
_STOPS = {"|", "||", "&&", ";", ">", "2>&1"}


def _commands(page):
    """Yield the words after ``oestra`` of every command that blocks of a page hold."""
    for block in blocks(page):
        if block.language not in ("sh", "console"):
            continue
        for line in re.sub(r"\\\n", " ", block.text).splitlines():
            words = shlex.split(line, comments=True)
            if words[:2] == ["uv", "run"]:
                del words[:2]
            end = next((i for i, word in enumerate(words) if word in _STOPS), None)
            if words[:1] == ["oestra"] and words[1:2] and not words[1].startswith("-"):
                yield words[1:end]


@cache
def _command(name):
    return described(name)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_commands_of_pages_are_understood(page):
    for words in _commands(page.read_text("utf-8")):
        _command(words[0]).make_context(words[0], words[1:])


def test_every_page_stands_in_the_navigation():
    found = set()
    for page in DOCS.rglob("*.md"):
        for block in blocks(page.read_text("utf-8")):
            if block.language == "{toctree}":
                names = [n for n in block.text.split("\n") if n and n[0] != ":"]
                found |= {(page.parent / f"{n}.md").resolve() for n in names}
    held = {"index.md", "architecture.md", "decisions/index.md", "checks.md"}
    pages = {p.resolve() for p in DOCS.rglob("*.md")} - {DOCS / name for name in held}
    assert pages <= found


def test_links_between_pages_lead_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\((?!\w+:)([^)#\s]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_numbers_of_the_model_card_stand_in_the_pages_it_names():
    names = ("README.md", "docs/credibility.md", "docs/model.md", "docs/rows.md")
    known = " ".join((ROOT / name).read_text("utf-8") for name in names)
    known = " ".join(known.split())
    card = (DOCS / "model-card.md").read_text("utf-8")
    numbers = re.findall(r"-?\d+\.\d+|\d+ of \d+|\d+ %", " ".join(card.split()))
    assert len(numbers) > 20
    for number in numbers:
        assert re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", known), number
