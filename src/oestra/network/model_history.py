"""Who made an exported model, when, and after which review.

Dates are those of the release, so that the same model has the same bytes on any day.
"""

from importlib.resources import files
from pathlib import Path
from typing import Any

import libsbml

from oestra.core.errors import OestraError
from oestra.evidence.bibliography import read_bibliography
from oestra.network.annotation import annotations

__all__ = ["reference_remark", "write_history"]


def write_history(model: libsbml.Model) -> None:
    """Write creators and dates into a model.

    Parameters
    ----------
    model : libsbml.Model
        Changed; it has a metaid.

    Raises
    ------
    OestraError
        If libsbml refuses them.
    """
    known: dict[str, Any] = annotations()["history"]
    history = libsbml.ModelHistory()
    for name in known["creators"]:
        creator = libsbml.ModelCreator()
        creator.setUseSingleName(True)
        creator.setName(name)
        history.addCreator(creator)
    date = libsbml.Date(f"{known['created']}T00:00:00Z")
    history.setCreatedDate(date)
    history.addModifiedDate(date)
    if model.setModelHistory(history) != libsbml.LIBSBML_OPERATION_SUCCESS:
        raise OestraError("annotations.yaml: history: libsbml refuses this history.")


def reference_remark() -> str:
    """Return the review that the model was made after, for its notes."""
    key = annotations()["history"]["review"]
    folder = Path(str(files("oestra.evidence"))) / "sources"
    entry = read_bibliography(folder)[key].fields
    told = ", ".join(
        entry[name] for name in ("author", "journal", "year") if name in entry
    )
    pages = f";{entry['volume']}:{entry['pages'].replace('--', '-')}"
    return f"Made after the review {key}: {told}{pages}."
