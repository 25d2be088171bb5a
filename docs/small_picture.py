"""Pictures for the docs, small enough for a repository."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["save_small"]


def save_small(image: "Image", path: Path, *, most: int | None = None) -> None:
    """Write a picture in 256 colors, of so many pixels to a side at most."""
    from PIL.Image import Quantize, Resampling  # noqa: PLC0415 - comes with matplotlib

    if most is not None:
        image.thumbnail((most, most), Resampling.LANCZOS)
    small = image.convert("RGB").quantize(256, Quantize.MAXCOVERAGE)
    small.save(path, optimize=True)
