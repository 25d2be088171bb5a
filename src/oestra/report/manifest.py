"""The manifest: what ran, with which versions, seed and inputs, and what it wrote."""

import hashlib
import json
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from oestra.core.disclaimer import DISCLAIMER
from oestra.core.whole_file import MANIFEST

__all__ = ["Run", "record_run", "write_manifest"]

_PACKAGES = (
    "oestra",
    "numpy",
    "scipy",
    "pandas",
    "lifelines",
    "llvmlite",
    "matplotlib",
    "pyarrow",
    "python-libsbml",
    "SALib",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run as it started.

    Parameters
    ----------
    command : sequence of str
        The command line.
    seed : int
        The seed of all chance.
    settings : mapping
        Further choices, such as the number of replicates.
    hashes : mapping of str to str
        Fingerprints of what went in: model, parameters, evidence.
    started : float
        Seconds since 1970; now by default.
    """

    command: Sequence[str]
    seed: int
    settings: Mapping[str, object] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)
    started: float = field(default_factory=time.time)


def record_run(
    *,
    seed: int,
    settings: Mapping[str, object] | None = None,
    hashes: Mapping[str, str] | None = None,
) -> Run:
    """Return a run that starts now, under the command line of this process.

    Parameters
    ----------
    seed : int
        The seed of all chance.
    settings, hashes : mapping, optional
        See `Run`.
    """
    return Run(
        command=[Path(sys.argv[0]).name, *sys.argv[1:]],
        seed=seed,
        settings=settings or {},
        hashes=hashes or {},
    )


def write_manifest(folder: Path, run: Run) -> Path:
    """Write ``manifest.json`` beside the finished files of a run.

    Parameters
    ----------
    folder : Path
        Where all other files of the run lie already.
    run : Run
        What ran.

    Returns
    -------
    Path
        The manifest. It lists every file with its SHA-256.
    """
    started = datetime.fromtimestamp(run.started, UTC)
    content = {
        "about": DISCLAIMER,
        "command": list(run.command),
        "seed": run.seed,
        "settings": dict(run.settings),
        "hashes": dict(run.hashes),
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(time.time() - run.started, 2),
        "versions": _versions(),
        "machine": f"{platform.system()} {platform.machine()}",
        "files": {
            path.name: _fingerprint(path)
            for path in sorted(folder.iterdir())
            if path.is_file() and path.name != MANIFEST
        },
    }
    target = folder / MANIFEST
    target.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return target


def _fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file, which may be larger than memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _versions() -> dict[str, str]:
    found = {"python": ".".join(str(part) for part in sys.version_info[:3])}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
