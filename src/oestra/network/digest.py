"""The fingerprint of the cell's sources."""

import hashlib
from functools import cache
from importlib.resources import files

__all__ = ["source_digest"]


@cache
def source_digest() -> str:
    """Return a hash of every pathway and parameter file.

    Returns
    -------
    str
        Hexadecimal SHA-256 of the sources of the composed model.
    """
    digest = hashlib.sha256()
    for package in ("pathways", "parameters"):
        folder = files(f"oestra.network.{package}")
        for file in sorted(folder.iterdir(), key=lambda item: item.name):
            if file.name.endswith((".ant", ".yaml")):
                digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
