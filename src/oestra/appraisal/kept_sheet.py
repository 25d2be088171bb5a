"""What ``oestra drugs NAME`` shows, made once and kept while nothing of it changes."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from oestra.core.cached_record import cached_record, content_key
from oestra.core.library import SHIPPED, Kind, Library

__all__ = ["drug_sheet"]


def drug_sheet(drug: str, library: Library = SHIPPED) -> dict[str, Any]:
    """Return all that is known of a drug.

    Its exposures are simulated, for which much must be loaded; so the sheet is kept.

    Parameters
    ----------
    drug : str
        Its id.
    library : Library
        Whose drug it is.

    Returns
    -------
    dict
        ``record``, as `drug_record` gives it, and the ``note`` of its file.
    """

    def make() -> dict[str, Any]:
        from oestra.appraisal.drug_sheet import drug_record  # noqa: PLC0415 - slow to load
        from oestra.drugs.load import find  # noqa: PLC0415 - slow to load

        found = find(drug, library)
        return {"record": drug_record(found, library), "note": found.note}

    return cached_record(f"drug {drug}", _key(library), make)


def _key(library: Library) -> str:
    """Return the fingerprint of every file a sheet can depend on."""
    sources: list[Traversable] = [files("oestra.appraisal") / "drug_sheet.py"]
    sources += library.files(Kind.DRUGS, "oestra.drugs.library")
    sources += library.files(Kind.TARGETS, "oestra.drugs.targets")
    for package in ("core", "drugs"):
        root = Path(str(files(f"oestra.{package}")))
        sources += [f for f in root.rglob("*") if f.suffix == ".py"]
    return content_key(sources)
