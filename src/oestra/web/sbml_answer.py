"""The cells of the network view for other programs."""

import shlex
from collections.abc import Mapping
from typing import Any

from oestra.claims.cells import TUMOR
from oestra.core.errors import InputError
from oestra.core.library import library_of
from oestra.culture.specimens import culture_specimens
from oestra.model.parameters import best_parameters
from oestra.network.cell_line import find_line
from oestra.network.export import to_sbml

__all__ = ["sbml"]


def sbml(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the treated cell as SBML, as ``oestra export`` writes it."""
    if given["line"].casefold() == TUMOR:
        raise InputError(
            "SBML holds cells in culture; a median tumor takes its drugs from a "
            "patient. Choose a cell line."
        )
    library = library_of()
    drug = given["drug"].strip() or "none"
    *_, treated = culture_specimens(
        given["line"],
        set=tuple(given["set"]),
        drug=drug,
        parameters=best_parameters(library),
    )
    line = find_line(given["line"], library).id
    words = ["oestra", "export", "sbml", "--line", line]
    for lesion in given["set"]:
        words += ["--set", lesion]
    if drug != "none":
        words += ["--drug", drug]
    return {"sbml": to_sbml(treated), "command": shlex.join(words)}
