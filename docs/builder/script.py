"""A page as a script: its blocks in order, without the prose between them."""

import re

from builder.blocks import Block, blocks

__all__ = ["page_script"]

_HEADING = re.compile(r"^(#+) +(.+)$", re.MULTILINE)
_HEAD = '''\
"""{title}. Run it in an empty folder."""

import os as _os
import subprocess as _subprocess
import sys as _sys
from pathlib import Path as _Path

# What is installed beside this Python comes first.
_beside = str(_Path(_sys.executable).parent)
_os.environ["PATH"] = _os.pathsep.join((_beside, _os.environ["PATH"]))


def _run(*words: str) -> None:
    _sys.stdout.flush()
    _subprocess.run(words, check=True)


def _file(name: str, text: str) -> None:
    _Path(name).parent.mkdir(parents=True, exist_ok=True)
    _Path(name).write_text(text, "utf-8")
'''


def _quoted(text: str) -> str:
    """Return text as a literal of Python that keeps its lines."""
    inner = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'"""\\\n{inner}"""'


def _step(block: Block) -> str:
    if block.file:
        return f"_file({block.file!r}, {_quoted(block.text)})"
    if block.language == "python":
        return block.text.rstrip("\n")
    words = {"r": ("Rscript", "--vanilla", "-e")}.get(
        block.language, ("bash", "-euo", "pipefail", "-c")
    )
    return f"_run({', '.join(map(repr, words))}, {_quoted(block.text)})"


def page_script(page: str) -> str:
    """Return a page as a script in Python that does what its blocks do.

    Parameters
    ----------
    page : str
        The page.

    Returns
    -------
    str
        Files are written, commands run by the shell, and blocks in Python stand as they
        are; what is only shown is left out.
    """
    found = blocks(page)
    within = [range(block.start, block.end) for block in found]
    headings = [
        (match.start(), match[2])
        for match in _HEADING.finditer(page)
        if not any(match.start() in one for one in within)
    ]
    title = headings[0][1] if headings else "A page"
    parts = [(0, _HEAD.format(title=title))]
    parts += [(at, f"\n# {text}") for at, text in headings[1:]]
    parts += [(b.start, _step(b)) for b in found if b.runs or b.file]
    return "\n".join(text for _, text in sorted(parts)) + "\n"
