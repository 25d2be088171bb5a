"""Executed pages, kept while neither their blocks nor the program change."""

import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

import oestra
from builder.blocks import figures, fingerprint_text, missing, rendered, run_blocks

__all__ = ["execute_page", "program_fingerprint", "shown_page"]

_WIDTH, _COLORS = 1400, 192
"""Of pictures in the site: pixels of the longer side, and colors."""


def program_fingerprint() -> str:
    """Return the fingerprint of all that ships."""
    total = hashlib.sha256()
    root = Path(oestra.__file__).parent
    for file in sorted(root.rglob("*")):
        if file.is_file() and file.suffix != ".pyc":
            total.update(str(file.relative_to(root)).encode())
            total.update(file.read_bytes())
    return total.hexdigest()


def _kept(page: str, program: str) -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    key = hashlib.sha256(f"{program}\0{fingerprint_text(page)}".encode()).hexdigest()
    return Path(home) / "oestra-docs" / key[:32]


def _keep_picture(file: Path, target: Path) -> None:
    """Copy a picture; one of pixels with as few colors and as many as are needed."""
    if file.suffix != ".png":
        shutil.copyfile(file, target)
        return
    with Image.open(file) as picture:
        picture.thumbnail((_WIDTH, _WIDTH))
        rgb = picture.convert("RGB")
        flat = rgb.quantize(_COLORS, kmeans=4, dither=Image.Dither.NONE)
        flat.save(target, optimize=True)


def execute_page(page: str, name: str, *, program: str = "") -> None:
    """Run the blocks of a page and keep what they print and draw.

    A page that needs what is not here is not run, and that is said.

    Parameters
    ----------
    page : str
        Its text.
    name : str
        What to call it in a message.
    program : str
        Fingerprint of the program; found anew by default.
    """
    kept = _kept(page, program or program_fingerprint())
    if kept.is_dir():
        return
    if failed := missing(page):
        sys.stderr.write(f"{name}: not executed, for want of {'; '.join(failed)}\n")
        return
    start = time.monotonic()
    kept.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as work,
        tempfile.TemporaryDirectory(dir=kept.parent) as made,
    ):
        printed = list(run_blocks(page, Path(work)))
        for one in figures(page):
            target = Path(made) / one
            target.parent.mkdir(parents=True, exist_ok=True)
            _keep_picture(Path(work) / one, target)
        (Path(made) / "printed.json").write_text(json.dumps(printed), "utf-8")
        # Whole or not at all.
        shutil.copytree(made, f"{made}-whole")
        Path(f"{made}-whole").rename(kept)
    sys.stderr.write(f"{name}: executed in {time.monotonic() - start:.0f} s\n")


def shown_page(page: str, place: Path, *, program: str = "") -> str:
    """Return a page with what its blocks printed, where they were run.

    Parameters
    ----------
    page : str
        Its text.
    place : Path
        Folder of the page in the site, for its pictures.
    program : str
        Fingerprint of the program; found anew by default.
    """
    kept = _kept(page, program or program_fingerprint())
    record = kept / "printed.json"
    printed = json.loads(record.read_text("utf-8")) if record.is_file() else None
    return rendered(page, printed, kept, place)
