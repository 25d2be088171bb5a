"""The size of the composed cell, and where its numbers come from."""

from collections import Counter
from typing import Any

import libsbml

from oestra.core.library import SHIPPED, Library
from oestra.core.quantity import Origin
from oestra.model.fit import shipped_fit
from oestra.network.cell import composed_sbml
from oestra.network.digest import source_digest
from oestra.network.parameter import parameter_table

__all__ = ["model_card"]


def model_card(library: Library = SHIPPED) -> dict[str, Any]:
    """Return what there is to know of the model at a glance.

    Parameters
    ----------
    library : Library
        Whose cell.

    Returns
    -------
    dict
        ``model`` (fingerprint), numbers of ``species``, ``reactions``, ``rules`` and
        ``parameters``, and of parameters by ``origin``.
    """
    # The document owns the model: it must outlive it.
    document = libsbml.readSBMLFromString(composed_sbml(library))
    model = document.getModel()
    table = parameter_table(library)
    fit = shipped_fit()
    fitted = {item.name for item in fit.fitted} if fit else set()
    counted = Counter(
        Origin.FITTED if name in fitted else quantity.origin
        for name, quantity in table.items()
    )
    return {
        "model": source_digest(library),
        "format": "SBML Level 3 Version 2",
        "species": model.getNumSpecies(),
        "reactions": model.getNumReactions(),
        "rules": model.getNumRules(),
        "parameters": len(table),
        "origin": {str(origin): counted[origin] for origin in Origin},
    }
