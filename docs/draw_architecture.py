"""Draw the storeys of the program as `docs/images/architecture.svg`.

Usage: uv run python docs/draw_architecture.py

The storeys are those that ``lint-imports`` holds (pyproject.toml), top to bottom, and
what each is for is the first sentence of its package.
"""

import ast
import textwrap
import tomllib
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "images" / "architecture.svg"
WIDTH, GAP, TOP = 880, 8, 40
LINE, PAD = 15, 10


def storeys() -> list[list[str]]:
    """Return the packages of each storey, from the top down."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    contract = tomllib.loads(text)["tool"]["importlinter"]["contracts"][0]
    rows = [[name.strip() for name in row.split("|")] for row in contract["layers"]]
    return [row for row in rows if row != ["__main__"]]


def purpose(package: str) -> str:
    """Return the first sentence of a package."""
    file = ROOT / "src" / "oestra" / package / "__init__.py"
    said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return said.split("\n")[0]


def _box(left: float, top: float, size: tuple[float, float], package: str) -> list[str]:
    width, height = size
    lines = _wrapped(package, width)
    place = f'x="{left + PAD:g}"'
    return [
        f'<rect x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}"/>',
        f'<text {place} y="{top + 20:g}" class="name">{package}</text>',
        *(
            f'<text {place} y="{top + 36 + LINE * number:g}">{escape(line)}</text>'
            for number, line in enumerate(lines)
        ),
    ]


def _wrapped(package: str, width: float) -> list[str]:
    """Return the purpose in lines that fit: a letter takes some six units."""
    return textwrap.wrap(purpose(package), int((width - 2 * PAD) / 6.1))


def picture() -> str:
    """Return the picture as SVG."""
    parts: list[str] = []
    top = float(TOP)
    for row in storeys():
        width = (WIDTH - GAP * (len(row) + 1)) / len(row)
        height = 30 + LINE * max(len(_wrapped(name, width)) for name in row) + 4
        for number, name in enumerate(row):
            left = GAP + number * (width + GAP)
            parts += _box(left, top, (width, height), name)
        top += height + GAP
    style = (
        "text{font:12px sans-serif;fill:#333}.name{font-weight:bold;fill:#111;"
        "font-size:14px}rect{fill:#f3f5f9;stroke:#8a97ad}.page{fill:#fff;stroke:none}"
    )
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top:g}" '
        f'role="img" aria-label="The storeys of Oestra">'
    )
    above = "Each storey imports only from those below it; neighbors never meet."
    return "\n".join(
        [
            head,
            f"<style>{style}</style>",
            f'<rect class="page" width="{WIDTH}" height="{top:g}"/>',
            f'<text x="{GAP}" y="24">{above}</text>',
            *parts,
            "</svg>\n",
        ]
    )


if __name__ == "__main__":
    TARGET.write_text(picture(), encoding="utf-8")
