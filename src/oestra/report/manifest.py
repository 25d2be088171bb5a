"""The manifest: what ran, with which versions, seed and inputs, and what it wrote."""

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
from oestra.core.whole_file import CRATE, MANIFEST
from oestra.report.crate import write_crate
from oestra.report.file_hash import file_hash, hashes_of_named

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
    inputs : mapping of str to str
        SHA-256 of the files that were read, by name.
    started : float
        Seconds since 1970; now by default.
    """

    command: Sequence[str]
    seed: int
    settings: Mapping[str, object] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    started: float = field(default_factory=time.time)


def record_run(
    *,
    seed: int,
    settings: Mapping[str, object] | None = None,
    hashes: Mapping[str, str] | None = None,
) -> Run:
    """Return a run that starts now, under the command line of this process.

    Files that the command line names are read for their hash.

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
        inputs=hashes_of_named(sys.argv[2:]),
    )


def write_manifest(folder: Path, run: Run) -> Path:
    """Write ``manifest.json``, and it as an RO-Crate, beside the files of a run.

    Parameters
    ----------
    folder : Path
        Where all other files of the run lie already.
    run : Run
        What ran.

    Returns
    -------
    Path
        The manifest. It lists every other file with its SHA-256, but for the crate.
    """
    started = datetime.fromtimestamp(run.started, UTC)
    content = {
        "about": DISCLAIMER,
        "command": list(run.command),
        "seed": run.seed,
        "settings": dict(run.settings),
        "hashes": dict(run.hashes),
        "inputs": dict(run.inputs),
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(time.time() - run.started, 2),
        "versions": _versions(),
        "machine": f"{platform.system()} {platform.machine()}",
        "files": {
            path.name: file_hash(path)
            for path in sorted(folder.iterdir())
            if path.is_file() and path.name not in (MANIFEST, CRATE)
        },
    }
    target = folder / MANIFEST
    target.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")
    write_crate(folder, content)
    return target


def _versions() -> dict[str, str]:
    found = {"python": ".".join(str(part) for part in sys.version_info[:3])}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
