"""Predictions registered before a result is known: written once, never over another.

A prediction is one JSON file with the fingerprints of all that went into it and a
SHA-256 over its own content. The hash shows that a file was altered by accident or in
passing; who wants proof of the date keeps the folder under version control.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from oestra.core.disclaimer import DISCLAIMER
from oestra.core.errors import FaultsError, InputError
from oestra.core.json_text import read_json
from oestra.core.parameter_set import ParameterSet, digest_of_sets
from oestra.core.whole_file import whole_file
from oestra.evidence.published import digest as evidence_digest
from oestra.evidence.published import published, trials
from oestra.network.digest import source_digest
from oestra.trial.design import TrialDesign
from oestra.trial.result import TrialResult

__all__ = [
    "Identity",
    "content_hash",
    "has_results",
    "identify",
    "prediction_record",
    "read_prediction",
    "read_predictions",
    "register",
    "registered",
]

_KIND = "Oestra prediction"
_SHORT = 8
_MOST_BYTES = 2_000_000
_HASHES = ("model", "parameters", "evidence", "design", "code")
_PARTS = {"trial": str, "title": str, "date": str, "calibration": str, "primary": str,
          "seed": int, "replicates": int, "hashes": dict, "arms": dict,
          "contrasts": list}  # fmt: skip
"""What every prediction holds."""
_STOREYS = (
    "core", "solve", "survival", "network", "drugs", "tumor", "patients", "engagement",
    "model", "course", "history", "follow", "trial",
)  # fmt: skip
"""What a simulated trial runs through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a prediction follows from; equal identities mean equal predictions.

    Parameters
    ----------
    trial : str
        Id of the trial.
    model, parameters, evidence, design, code : str
        Fingerprints of the cell, the parameter sets, the evidence, the trial's file and
        the program that simulates it.
    seed, replicates : int
        Of the simulation.
    """

    trial: str
    model: str
    parameters: str
    evidence: str
    design: str
    code: str
    seed: int
    replicates: int

    @property
    def file_name(self) -> str:
        """Name of the file: trial, short hash of the model, and of everything."""
        whole = hashlib.sha256(repr(asdict(self)).encode()).hexdigest()
        trial = re.sub(r"[^\w.+-]", "_", self.trial).lstrip(".")
        return f"{trial}-{self.model[:_SHORT]}-{whole[:_SHORT]}.json"

    @property
    def hashes(self) -> dict[str, str]:
        """The fingerprints by name."""
        return {name: getattr(self, name) for name in _HASHES}


def has_results(design: TrialDesign) -> bool:
    """Tell whether the evidence holds any published number of a trial."""
    known = trials().get(design.id)
    return bool(published(design.id) or (known and known.results))


def identify(
    design: TrialDesign, sets: Sequence[ParameterSet], *, seed: int, replicates: int
) -> Identity:
    """Return what a prediction follows from, before it is made.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    sets : sequence of ParameterSet
        Parameter sets to run with.
    seed, replicates : int
        Of the simulation.

    Returns
    -------
    Identity
        Its fingerprints.
    """
    return Identity(
        trial=design.id,
        model=source_digest(),
        parameters=digest_of_sets(sets),
        evidence=evidence_digest(),
        design=_sha256(design.model_dump(mode="json")),
        code=_code_digest(),
        seed=seed,
        replicates=replicates,
    )


@cache
def _code_digest() -> str:
    """Hash the program and its data; the fit is in the parameters."""
    found = hashlib.sha256()
    for storey in _STOREYS:
        root = Path(str(files(f"oestra.{storey}")))
        for path in sorted(p for p in root.rglob("*") if p.suffix in {".py", ".yaml"}):
            content = path.read_bytes().replace(b"\r\n", b"\n")
            name = f"{storey}/{path.relative_to(root).as_posix()}"
            found.update(f"{name}\0{len(content)}\0".encode() + content)
    return found.hexdigest()


def _sha256(content: object) -> str:
    text = json.dumps(
        content, sort_keys=True, separators=(",", ":"), allow_nan=False
    )  # fmt: skip
    return hashlib.sha256(text.encode()).hexdigest()


def content_hash(record: Mapping[str, Any]) -> str:
    """Return the SHA-256 over everything in a prediction but the hash itself."""
    return _sha256({key: value for key, value in record.items() if key != "sha256"})


def prediction_record(
    design: TrialDesign,
    result: TrialResult,
    identity: Identity,
    *,
    date: str,
    stale: str,
) -> dict[str, Any]:
    """Write down a prediction.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    result : TrialResult
        What was simulated.
    identity : Identity
        What it follows from.
    date : str
        Day of registration, ISO 8601.
    stale : str
        Why the fit does not belong to the model; empty when it does.

    Returns
    -------
    dict
        Ready for JSON, with its own SHA-256.
    """
    shown = result.to_json_dict()
    parts = {key: shown[key] for key in ("arms", "contrasts", "strata")}
    record = {
        "kind": _KIND,
        "about": DISCLAIMER,
        "trial": design.id,
        "title": design.title,
        "aliases": list(design.aliases),
        "date": date,
        "results_known": has_results(design),
        "oestra": version("oestra"),
        "hashes": identity.hashes,
        "seed": identity.seed,
        "replicates": identity.replicates,
        "parameter_sets": int(result.audit["parameter_sets"]),
        "calibration": stale or "the fit belongs to this model and this evidence",
        "interval": "median of the replicates and 95 % prediction interval",
        "primary": design.analysis.primary.value,
        "regimens": {arm.id: arm.described for arm in design.arms},
        **parts,
        "case_mix_warnings": list(result.audit.get("case_mix_warnings", ())),
    }
    return {**record, "sha256": content_hash(record)}


def read_prediction(path: Path) -> dict[str, Any]:
    """Read a prediction and check that nobody altered it.

    Parameters
    ----------
    path : Path
        Its file.

    Returns
    -------
    dict
        The record.

    Raises
    ------
    InputError
        If the file is no prediction, or does not have the content it had.
    """
    record = read_json(path, most=_MOST_BYTES)
    if not isinstance(record, dict) or record.get("kind") != _KIND:
        raise InputError(f"{path} is no prediction of Oestra.")
    if record.get("sha256") != content_hash(record):
        raise InputError(
            f"The prediction {path} was altered after it was registered: its content "
            "no longer has the SHA-256 it names."
        )
    name = _named(path, record).file_name
    if path.name != name:
        raise InputError(
            f"The prediction {path} was renamed or copied: its content belongs to "
            f"{name}."
        )
    return record


def _named(path: Path, record: Mapping[str, Any]) -> Identity:
    """Return what a record says that it follows from."""
    for key, kind in _PARTS.items():
        if not isinstance(record.get(key), kind):
            raise InputError(f"The prediction {path} holds no valid {key!r}.")
    hashes = record["hashes"]
    if not all(isinstance(hashes.get(name), str) for name in _HASHES):
        raise InputError(f"The prediction {path} lacks a fingerprint.")
    return Identity(
        trial=record["trial"],
        seed=record["seed"],
        replicates=record["replicates"],
        **{name: hashes[name] for name in _HASHES},
    )


def read_predictions(folder: Path) -> dict[str, dict[str, Any]]:
    """Return every prediction of a folder by file name, all of them checked.

    Raises
    ------
    InputError
        If the folder holds none, or one was altered.
    """
    found: dict[str, dict[str, Any]] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("*.json")):
        try:
            found[path.name] = read_prediction(path)
        except InputError as error:
            faults.append(str(error))
    if faults:
        raise FaultsError(faults)
    if not found:
        raise InputError(f"There is no prediction in {folder}.")
    return found


def registered(folder: Path, identity: Identity) -> dict[str, Any] | None:
    """Return the prediction that was registered for an identity, if any.

    Raises
    ------
    InputError
        If its file was altered, or holds another prediction.
    """
    path = folder / identity.file_name
    if not path.exists():
        return None
    record = read_prediction(path)
    if record["hashes"] != identity.hashes:
        raise InputError(f"{path} holds another prediction than its name says.")
    return record


def register(folder: Path, identity: Identity, record: Mapping[str, Any]) -> Path:
    """Write a prediction, whole or not at all.

    Parameters
    ----------
    folder : Path
        Where; made if it is not there.
    identity : Identity
        What the prediction follows from; it names the file.
    record : mapping
        As of `prediction_record`.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If the file exists already, or cannot be written.
    """
    target = folder / identity.file_name
    if target.exists():
        raise InputError(f"{target} is registered already; nothing is written over it.")
    text = json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False)
    with whole_file(target) as file:
        file.write_text(text + "\n", encoding="utf-8")
    return target
