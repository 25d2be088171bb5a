"""Compose the cell and write the files that ship: ``python -m oestra.network.ship``."""

import hashlib
import json
from pathlib import Path

from oestra.core.errors import OestraError
from oestra.network.compose import compose_sbml, consistency_errors
from oestra.network.digest import source_digest

__all__ = ["ship"]


def ship() -> dict[str, str]:
    """Write ``cell.xml`` and ``cell.json`` beside this file.

    Returns
    -------
    dict of str to str
        Hashes of the sources and of the composed model.

    Raises
    ------
    OestraError
        If libsbml finds the composed model inconsistent.
    """
    sbml = compose_sbml()
    problems = consistency_errors(sbml)
    if problems:
        raise OestraError("The composed cell is inconsistent: " + problems[0])
    record = {
        "sources": source_digest(),
        "sbml": hashlib.sha256(sbml.encode()).hexdigest(),
    }
    folder = Path(__file__).parent
    folder.joinpath("cell.xml").write_text(sbml, encoding="utf-8")
    text = json.dumps(record, indent=1) + "\n"
    folder.joinpath("cell.json").write_text(text, encoding="utf-8")
    return record


if __name__ == "__main__":
    ship()
