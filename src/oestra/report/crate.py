"""What a run was, as an RO-Crate: the manifest again, in terms that archives read.

It follows RO-Crate 1.1 and the profile Process Run Crate 0.5: one action that took
parameters and files and made the files beside it. It says nothing that the manifest
does not say, so that equal runs differ in their times alone.

References
----------
.. [1] https://w3id.org/ro/crate/1.1
.. [2] https://w3id.org/ro/wfrun/process/0.5
"""

import json
import shlex
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from oestra.core.disclaimer import DISCLAIMER
from oestra.core.whole_file import CRATE, MANIFEST, write_json
from oestra.report.media_type import media_type

__all__ = ["crate", "write_crate"]

_SPECIFICATION = "https://w3id.org/ro/crate/1.1"
_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
_CONTEXT = [
    f"{_SPECIFICATION}/context",
    "https://w3id.org/ro/terms/workflow-run/context",
]
_MIT = "https://spdx.org/licenses/MIT"
_ROOT, _RUN, _PROGRAM, _TERMS = "./", "#run", "#oestra", "#terms"

Entity = dict[str, Any]


def write_crate(folder: Path, manifest: Mapping[str, Any]) -> Path:
    """Write ``ro-crate-metadata.json`` beside the manifest.

    Parameters
    ----------
    folder : Path
        Of the results.
    manifest : mapping
        What `write_manifest` wrote there.

    Returns
    -------
    Path
        The file.
    """
    sizes = {name: (folder / name).stat().st_size for name in manifest["files"]}
    below = [path.parent.name for path in sorted(folder.glob(f"*/{MANIFEST}"))]
    target = folder / CRATE
    write_json(target, crate(manifest, sizes, below), indent=2)
    return target


def crate(
    manifest: Mapping[str, Any], sizes: Mapping[str, int], below: list[str]
) -> dict[str, Any]:
    """Return a run as JSON-LD.

    Parameters
    ----------
    manifest : mapping
        The record of the run.
    sizes : mapping of str to int
        Bytes of each of its files.
    below : list of str
        Folders beside these files that hold runs of their own.

    Returns
    -------
    dict
        ``@context`` and ``@graph``, ready for JSON.
    """
    made = [_file(name, made, sizes[name]) for name, made in manifest["files"].items()]
    made += [_folder(name) for name in below]
    record = {
        **_entity(MANIFEST, "File", name=MANIFEST),
        "description": "Command, seed, settings, versions and hashes of this run.",
        "encodingFormat": media_type(MANIFEST),
    }
    given = [*_parameters(manifest), *_inputs(manifest)]
    packages = _packages(manifest["versions"])
    return {
        "@context": _CONTEXT,
        "@graph": [
            _descriptor(),
            _root(manifest, [*made, record]),
            _entity(_PROFILE, "CreativeWork", name="Process Run Crate", version="0.5"),
            _action(manifest, given, made),
            _program(manifest["versions"], packages),
            _terms(),
            _entity(_MIT, "CreativeWork", name="MIT License"),
            *packages,
            *given,
            *made,
            record,
        ],
    }


def _entity(place: str, kind: str, /, **values: object) -> Entity:
    return {"@id": place, "@type": kind, **values}


def _reference(entity: Entity) -> dict[str, str]:
    return {"@id": entity["@id"]}


def _descriptor() -> Entity:
    return {
        **_entity(CRATE, "CreativeWork"),
        "conformsTo": {"@id": _SPECIFICATION},
        "about": {"@id": _ROOT},
    }


def _root(manifest: Mapping[str, Any], parts: list[Entity]) -> Entity:
    return {
        **_entity(_ROOT, "Dataset", name=f"Results of {_command(manifest)}"),
        "description": f"What one run of Oestra wrote. {DISCLAIMER}",
        "datePublished": _ended(manifest),
        "license": {"@id": _TERMS},
        "conformsTo": {"@id": _PROFILE},
        "hasPart": [_reference(part) for part in parts],
        "mentions": {"@id": _RUN},
    }


def _terms() -> Entity:
    """Say whose the results are: the program cannot license what others make."""
    return {
        **_entity(_TERMS, "CreativeWork", name="No license stated"),
        "description": (
            "The results are of those who ran the program, and a license of theirs can "
            "take this place. The program is under the MIT License."
        ),
    }


def _command(manifest: Mapping[str, Any]) -> str:
    return shlex.join(manifest["command"])


def _ended(manifest: Mapping[str, Any]) -> str:
    began = datetime.fromisoformat(manifest["started"])
    took = timedelta(seconds=manifest["seconds"])
    return (began + took).isoformat(timespec="seconds")


def _action(
    manifest: Mapping[str, Any], given: list[Entity], made: list[Entity]
) -> Entity:
    return {
        **_entity(_RUN, "CreateAction", name=_command(manifest)),
        "description": f"{_command(manifest)}, seed {manifest['seed']}",
        "startTime": manifest["started"],
        "endTime": _ended(manifest),
        "instrument": {"@id": _PROGRAM},
        "object": [_reference(one) for one in given],
        "result": [_reference(one) for one in made],
    }


def _program(versions: Mapping[str, str], packages: list[Entity]) -> Entity:
    return {
        **_entity(_PROGRAM, "SoftwareApplication", name="Oestra"),
        "softwareVersion": versions["oestra"],
        "license": {"@id": _MIT},
        "softwareRequirements": [_reference(one) for one in packages],
    }


def _packages(versions: Mapping[str, str]) -> list[Entity]:
    return [
        _package(name, version)
        for name, version in versions.items()
        if name != "oestra"
    ]


def _package(name: str, version: str) -> Entity:
    """Return Python or a package, by the address it can be had from."""
    index = f"https://pypi.org/project/{name}/{version}/"
    url = "https://www.python.org/" if name == "python" else index
    return {
        **_entity(url, "SoftwareApplication", name=name, softwareVersion=version),
        "url": url,
    }


def _parameters(manifest: Mapping[str, Any]) -> list[Entity]:
    """Return seed, settings and the fingerprints of what went in, as values."""
    settings = {"seed": manifest["seed"], **manifest["settings"]}
    return [
        *(_value(f"#setting/{name}", name, value) for name, value in settings.items()),
        *(
            _value(f"#fingerprint/{name}", f"fingerprint of the {name}", value)
            for name, value in manifest["hashes"].items()
        ),
    ]


def _value(place: str, name: str, value: object) -> Entity:
    plain = isinstance(value, str | int | float) and not isinstance(value, bool)
    shown = value if plain else json.dumps(value, ensure_ascii=False)
    return _entity(quote(place, safe="#/"), "PropertyValue", name=name, value=shown)


def _inputs(manifest: Mapping[str, Any]) -> list[Entity]:
    """Return the files that were read; they lie elsewhere, and are known by hash."""
    return [
        {
            **_entity(f"#input/{digest}", "CreativeWork", name=Path(name).name),
            "alternateName": name,
            "encodingFormat": media_type(name),
            "sha256": digest,
        }
        for name, digest in manifest["inputs"].items()
    ]


def _file(name: str, digest: str, size: int) -> Entity:
    return {
        **_entity(quote(name), "File", name=name),
        "encodingFormat": media_type(name),
        "contentSize": str(size),
        "sha256": digest,
    }


def _folder(name: str) -> Entity:
    place = f"{quote(name)}/"
    return {
        **_entity(place, "Dataset", name=name),
        "description": f"Results with a crate of their own: {place}{CRATE}.",
    }
