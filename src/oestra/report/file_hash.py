"""The SHA-256 of files: those of a run's results, and those that it was given."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from oestra.core.errors import InputError
from oestra.core.library import Library
from oestra.work.library_content import library_files

__all__ = ["file_hash", "hashes_of_named"]


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, which may be larger than memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hashes_of_named(words: Sequence[str]) -> dict[str, str]:
    """Return the SHA-256 of the files that a command line names.

    Parameters
    ----------
    words : sequence of str
        The command line, after the command. What ``--out`` names is no input.

    Returns
    -------
    dict of str to str
        By name as given; of a library, each of its files, below the name of its folder.
    """
    found: dict[str, str] = {}
    for before, word in zip(["", *words], words, strict=False):
        option, _, value = word.rpartition("=")
        if "--out" in (before, option):
            continue
        if "--library" in (before, option):
            found |= _of_library(Path(value))
        elif _is_file(Path(value)):
            found[value] = file_hash(Path(value))
    return found


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # no word that the system takes for a path
        return False


def _of_library(folder: Path) -> dict[str, str]:
    """Return the files of a library; none where it is none, and was refused."""
    try:
        files = library_files(Library((folder,)))
    except InputError:
        return {}
    return {
        f"{folder.name}/{place.removeprefix('0/')}": hashlib.sha256(text).hexdigest()
        for place, text in sorted(files.items())
    }
