"""What is shown often and made slowly is kept, as JSON, in the user's cache."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

__all__ = ["cached_record", "content_key"]


def content_key(files: Iterable[Traversable]) -> str:
    """Return a fingerprint of files: their names and all they hold.

    Parameters
    ----------
    files : iterable of Traversable
        In any order.

    Returns
    -------
    str
        Equal for equal files.
    """
    digest = hashlib.sha256()
    for file in sorted(files, key=str):
        held = hashlib.sha256(file.read_bytes()).digest()
        digest.update(str(file).encode() + b"\0" + held)
    return digest.hexdigest()


def cached_record(name: str, key: str, make: Callable[[], Any]) -> Any:
    """Return the record of a name, made anew when its key is another.

    One file a name is kept, so that old records do not pile up. A file that cannot be
    read or written is as good as none.

    Parameters
    ----------
    name : str
        What the record is of.
    key : str
        Fingerprint of all it depends on.
    make : callable
        Makes it; it is of JSON's types, with lists for tuples.

    Returns
    -------
    object
        The record.
    """
    path = _folder() / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"
    with suppress(OSError, ValueError):
        kept = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(kept, dict) and kept.get("key") == key and "record" in kept:
            return kept["record"]
    record = make()
    with suppress(OSError):
        _write(path, json.dumps({"name": name, "key": key, "record": record}))
    return record


def _folder() -> Path:
    """Return the folder of records, in ``OESTRA_CACHE`` if that is set."""
    import platformdirs  # noqa: PLC0415 - not needed where a folder is named

    chosen = os.environ.get("OESTRA_CACHE")
    return Path(chosen or platformdirs.user_cache_dir("oestra")) / "records"


def _write(path: Path, text: str) -> None:
    """Let a file appear when it is complete; leave nothing behind otherwise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
