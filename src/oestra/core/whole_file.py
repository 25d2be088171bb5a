"""Whole or not at all: results appear under their name only when complete.

Work goes to a hidden neighbor of the target and is renamed into place at the end, so
that an interrupt, an error or a full disk leaves what was there before.
"""

import json
import shutil
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from oestra.core.errors import InputError, shown
from oestra.core.json_text import read_json
from oestra.core.partial import partial_name, sweep

__all__ = [
    "CRATE",
    "MANIFEST",
    "file_if_named",
    "folder_if_named",
    "whole_file",
    "whole_folder",
    "write_json",
]

_DEEPEST = 100
MANIFEST = "manifest.json"
"""The file by which a folder is known as one that Oestra wrote."""
CRATE = "ro-crate-metadata.json"
"""The file beside it that says the same as an RO-Crate."""


@contextmanager
def whole_folder(target: Path) -> Generator[Path]:
    """Yield an empty folder that becomes the target when the block ends well.

    Enter it before the work starts: a place that cannot be written is found here.

    Parameters
    ----------
    target : Path
        Where the results shall be. Earlier results of Oestra are replaced; a folder
        that holds anything else is refused.

    Yields
    ------
    Path
        Where to write until then.

    Raises
    ------
    InputError
        If the target cannot be written, or holds files Oestra did not write.
    """
    target = _place(target)
    _put_back(target)
    _refuse_foreign(target)
    with _workplace(target) as workplace:
        fresh = workplace / "new"
        fresh.mkdir()
        yield fresh
        if not target.exists():
            fresh.rename(target)
            return
        old = _aside(target)
        target.rename(old)
        try:
            fresh.rename(target)
        except BaseException:
            old.rename(target)
            raise
        shutil.rmtree(old, ignore_errors=True)


def _place(target: Path) -> Path:
    """Return where a target lies, refused where nothing can."""
    target = target.absolute()
    if len(target.parts) > _DEEPEST:
        raise InputError(
            f"Cannot write {shown(str(target))}: it lies more than {_DEEPEST} folders "
            "deep; name another place with --out."
        )
    try:
        target.exists()
    except OSError as error:
        raise InputError(
            f"Cannot write {shown(str(target))}: {error.strerror}; name another place "
            "with --out."
        ) from error
    return target


def _aside(target: Path) -> Path:
    """Return where earlier results wait while new ones take their name."""
    return target.with_name(f".{target.name}.before")


def _put_back(target: Path) -> None:
    """Give earlier results their name again, if a run was killed in between."""
    old = _aside(target)
    if old.is_dir() and not target.exists():
        old.rename(target)
    else:
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def whole_file(target: Path) -> Generator[Path]:
    """Yield a path that replaces the target when the block ends well.

    Parameters
    ----------
    target : Path
        The file to write or replace.

    Yields
    ------
    Path
        Where to write until then; it has the target's ending.

    Raises
    ------
    InputError
        If the target is a folder or cannot be written.
    """
    target = _place(target)
    if target.is_dir():
        raise InputError(f"Cannot write {target}: it is a folder; name a file in it.")
    with _workplace(target) as workplace:
        fresh = workplace / target.name
        yield fresh
        fresh.replace(target)


def folder_if_named(target: Path | None) -> AbstractContextManager[Path | None]:
    """Do as `whole_folder`; without a target yield None, and write nothing."""
    return nullcontext() if target is None else whole_folder(target)


def file_if_named(target: Path | None) -> AbstractContextManager[Path | None]:
    """Do as `whole_file`; without a target yield None, and write nothing."""
    return nullcontext() if target is None else whole_file(target)


def write_json(path: Path, record: object, *, indent: int = 1) -> None:
    """Write a record as JSON; what cannot be a number there is a bug, not output."""
    text = json.dumps(record, indent=indent, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


@contextmanager
def _workplace(target: Path) -> Generator[Path]:
    """Make a hidden folder beside the target; remove it, and what led to it, after."""
    missing = [p for p in target.parents if not p.exists()]
    # Named before it is made: an interrupt may come as soon as it is there.
    workplace = target.with_name(partial_name(target.name))
    try:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            sweep(target.parent)
            workplace.mkdir(mode=0o700)
        except OSError as error:
            raise InputError(
                f"Cannot write {target}: {error.strerror or error}; name another place "
                "with --out."
            ) from error
        with _named(target, workplace):
            yield workplace
    finally:
        shutil.rmtree(workplace, ignore_errors=True)
        if not target.exists():
            _remove_empty(missing)


@contextmanager
def _named(target: Path, workplace: Path) -> Generator[None]:
    """Say what could not be written, where a refused write does not."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        place = error.filename
        if place is not None and workplace not in Path(str(place)).parents:
            raise
        raise InputError(
            f"Cannot write {target}: {error.strerror or error}."
        ) from error


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:
            return


def _refuse_foreign(target: Path) -> None:
    """Raise unless the target is absent, empty or holds only earlier results."""
    if not target.exists():
        return
    if not target.is_dir():
        raise InputError(
            f"Cannot write results to {target}: it is a file, not a folder."
        )
    foreign = _foreign(target)
    if foreign:
        raise InputError(
            f"Folder {target} holds {foreign[0]!r}, which Oestra did not write; name a "
            "new or empty folder with --out."
        )


def _foreign(folder: Path) -> list[str]:
    """Return what lies in a folder and is of no earlier run, nor of one below it."""
    present = {path.name: path for path in folder.iterdir()}
    own = {MANIFEST, CRATE, *_listed(folder)} if MANIFEST in present else set()
    return sorted(
        name
        for name, path in present.items()
        if name not in own and not (own and _is_run(path))
    )


def _is_run(path: Path) -> bool:
    """Tell whether a folder is one that Oestra wrote, and nobody added to."""
    return path.is_dir() and (path / MANIFEST).is_file() and not _foreign(path)


def _listed(folder: Path) -> list[str]:
    """Return the files that the manifest of an earlier run claims."""
    try:
        return list(read_json(folder / MANIFEST)["files"])
    except (InputError, KeyError, TypeError):
        return []
