"""Blocks of code of a page: found, run in order, and followed by what they print.

A page that is executed is an ordinary Markdown file. Its blocks are run from top to
bottom in one empty folder: ``sh`` by the shell, ``python`` in one namespace, ``r`` by
R; a block with ``file=NAME`` is written to that file. ``skip`` after the language has a
block only shown. ``<!-- figure: NAME | what it shows -->`` stands for a picture that a
block before it wrote, ``<!-- needs: COMMAND -->`` for a command without which the page
cannot be run.
"""

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.markdown import fenced

__all__ = [
    "Block",
    "blocks",
    "figures",
    "fingerprint_text",
    "missing",
    "rendered",
    "run_blocks",
]

_FENCE = re.compile(r"^(`{3,})([^\n`]*)\n(.*?)^\1[ \t]*$", re.MULTILINE | re.DOTALL)
_FIGURE = re.compile(r"^<!-- figure: (\S+) \| (.+?) -->$", re.MULTILINE | re.DOTALL)
_NEEDS = re.compile(r"^<!-- needs: (.+?) -->$", re.MULTILINE)
_RUN = frozenset({"sh", "python", "r"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block.

    Parameters
    ----------
    language : str
        First word after the fence; empty where there is none.
    text : str
        What stands between the fences.
    file : str
        Name of the file it is, where it is one.
    skip : bool
        Whether it is only shown.
    start, end : int
        Where it lies in the page, in characters.
    """

    language: str
    text: str
    file: str = ""
    skip: bool = False
    start: int
    end: int

    @property
    def runs(self) -> bool:
        """Whether it is executed."""
        return self.language in _RUN and not self.skip and not self.file


def blocks(page: str) -> tuple[Block, ...]:
    """Return the blocks of a page, in order."""
    found = []
    for match in _FENCE.finditer(page):
        words = match[2].split() or [""]
        named = (w.removeprefix("file=") for w in words[1:] if w.startswith("file="))
        found.append(
            Block(
                language=words[0],
                text=match[3],
                file=next(named, ""),
                skip="skip" in words[1:],
                start=match.start(),
                end=match.end(),
            )
        )
    return tuple(found)


def figures(page: str) -> tuple[str, ...]:
    """Return the names of the pictures that a page shows."""
    return tuple(match[1] for match in _FIGURE.finditer(page))


def missing(page: str) -> tuple[str, ...]:
    """Return the commands that a page needs and that fail here."""
    failed = []
    for match in _NEEDS.finditer(page):
        words = ["bash", "-c", match[1]]
        if subprocess.run(words, capture_output=True, check=False).returncode:  # noqa: S603 - as below
            failed.append(match[1])
    return tuple(failed)


def fingerprint_text(page: str) -> str:
    """Return what the outputs of a page depend on, its prose left out."""
    told = [f"{b.language} {b.file} {b.skip}\n{b.text}" for b in blocks(page)]
    return "\0".join((*told, *figures(page)))


class BlockError(RuntimeError):
    """A block of a page that fails."""


def _shell(words: list[str], folder: Path) -> str:
    # What is installed beside this Python comes first.
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    kept = {k: v for k, v in os.environ.items() if k != "OESTRA_LIBRARY"}
    done = subprocess.run(  # noqa: S603 - blocks of the project's own pages
        words,
        cwd=folder,
        env={**kept, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BlockError(f"status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def _python(text: str, folder: Path, names: dict[str, Any]) -> str:
    printed = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(printed):
        exec(compile(text, "a block", "exec"), names)  # noqa: S102 - as above
    return printed.getvalue()


def run_blocks(page: str, folder: Path) -> Iterator[str]:
    """Run the blocks of a page in an empty folder; yield what each of them prints.

    Parameters
    ----------
    page : str
        The page.
    folder : Path
        Where the blocks run.

    Yields
    ------
    str
        Standard output of each block, empty for those that only stand there.

    Raises
    ------
    BlockError
        If a block fails, or a picture that the page shows is not made.
    """
    names: dict[str, Any] = {"__name__": "page"}
    for block in blocks(page):
        if block.file:
            (folder / block.file).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.file).write_text(block.text, "utf-8")
        if not block.runs:
            yield ""
        elif block.language == "python":
            yield _python(block.text, folder, names)
        elif block.language == "r":
            yield _shell(["Rscript", "--vanilla", "-e", block.text], folder)
        else:
            yield _shell(["bash", "-euo", "pipefail", "-c", block.text], folder)
    for name in figures(page):
        if not (folder / name).is_file():
            raise BlockError(f"no block makes the picture {name!r}")


def rendered(page: str, printed: list[str] | None, made: Path, place: Path) -> str:
    """Return a page with the output below each block and its pictures.

    Parameters
    ----------
    page : str
        The page.
    printed : list of str or None
        What each block prints; None where they were not run.
    made : Path
        Folder with the pictures.
    place : Path
        Folder of the page in the site, into which the pictures are copied.
    """
    parts, at = [], 0
    for number, block in enumerate(blocks(page)):
        if block.language.startswith("{"):
            continue
        options = [f":caption: {block.file}"] if block.file else []
        parts.append(page[at : block.start])
        parts.append(fenced(block.text, block.language or "text", *options))
        output = printed[number].rstrip() if printed else ""
        if output:
            parts.append("\n\n" + fenced(output, "text", ":class: output"))
        at = block.end
    text = _NEEDS.sub("", "".join((*parts, page[at:])))

    def shown(match: re.Match[str]) -> str:
        if printed is None:
            return f"*Picture: {match[2]}*"
        target = place / match[1]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made / match[1], target)
        return f"![{match[2]}]({match[1]})"

    return _FIGURE.sub(shown, text)
