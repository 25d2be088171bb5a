"""What a fit of the cell belongs to: fingerprints of all that it depends on."""

import hashlib
from collections.abc import Callable, Mapping
from importlib.resources.abc import Traversable

from oestra.calibration.cells.problem import free_of_cell
from oestra.core.declared import Declaration
from oestra.core.library import SHIPPED, Kind, package_files
from oestra.core.yaml_content import content_digest
from oestra.drugs.fingerprint import acting_places
from oestra.drugs.load import drugs
from oestra.evidence.cell_measurement import cell_measurements
from oestra.network.digest import structure_digest
from oestra.network.parameter import parameter_table
from oestra.network.reference import REFERENCE

__all__ = ["cell_fit_belongs_to", "cell_fit_data", "stale_cell_parts"]

_ROOTS = ("oestra.calibration.cells.gauss_newton",)
_CODE = Declaration("oestra.calibration.cells", _ROOTS)
"""The declared version; `oestra.calibration.cells.version` declares it."""


def _hash(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()


def _own(*names: str) -> list[Traversable]:
    return [f for f in package_files("oestra.calibration.cells") if f.name in names]


def _priors() -> str:
    free = set(free_of_cell())
    return _hash(
        [
            (name, one.value, one.unit, one.interval if name in free else ())
            for name, one in sorted(parameter_table().items())
            if name not in REFERENCE
        ]
    )


def _facts() -> list[Traversable]:
    found = package_files("oestra.calibration")
    return [file for file in found if file.name == "facts_cell.yaml"]


def _targets() -> str:
    known = [part for drug in drugs().values() for part in drug.moieties]
    return _hash(acting_places(known, SHIPPED))


def _measurements() -> str:
    return _hash(
        [
            (one.id, one.value, one.scale, one.sd, one.treatment, one.time_h)
            for one in cell_measurements()
        ]
    )


_PARTS: Mapping[str, Callable[[], str]] = {
    "pathways": structure_digest,
    "parameters of the cell": _priors,
    "alterations": lambda: content_digest(
        SHIPPED.files(Kind.ALTERATIONS, "oestra.network.alterations")
    ),
    "targets of drugs": _targets,
    "cell lines": lambda: content_digest(
        SHIPPED.files(Kind.CELL_LINES, "oestra.network.cell_lines"), drop=["interval"]
    ),
    "substances": lambda: content_digest(
        SHIPPED.files(Kind.SUBSTANCES, "oestra.culture.substances"), drop=["interval"]
    ),
    "facts of cells": lambda: content_digest(_facts()),
    "measurements on cells": _measurements,
    "experiments on cells": lambda: content_digest(
        _own("words.yaml", "directions.yaml", "free.yaml")
    ),
}


def cell_fit_data() -> dict[str, str]:
    """Return the fingerprints of the data a fit of the cell made now depends on."""
    return {name: digest() for name, digest in _PARTS.items()}


def cell_fit_belongs_to() -> dict[str, str]:
    """Return the fingerprints of all that it would belong to."""
    return {**cell_fit_data(), "code": _CODE.version()}


def stale_cell_parts(known: Mapping[str, str]) -> tuple[str, ...]:
    """Name what has changed since fingerprints were taken."""
    now = cell_fit_belongs_to()
    return tuple(name for name in now if known.get(name) != now[name])
