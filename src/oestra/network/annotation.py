"""What the symbols of the cell stand for, written into SBML as MIRIAM annotations.

References
----------
.. [1] Le Novère N, Finney A, Hucka M et al. (2005). Minimum information requested in
   the annotation of biochemical models (MIRIAM). Nature Biotechnology 23:1509-1515.
   doi:10.1038/nbt1156
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import libsbml

from oestra.core.errors import OestraError
from oestra.core.read_yaml import read_yaml
from oestra.network.specimen import Specimen

__all__ = ["IDENTIFIERS", "annotate", "annotations"]

IDENTIFIERS = "http://identifiers.org/"
_QUALIFIERS = {
    "is": libsbml.BQB_IS,
    "hasPart": libsbml.BQB_HAS_PART,
    "isVersionOf": libsbml.BQB_IS_VERSION_OF,
    "isEncodedBy": libsbml.BQB_IS_ENCODED_BY,
    "isPropertyOf": libsbml.BQB_IS_PROPERTY_OF,
    "hasProperty": libsbml.BQB_HAS_PROPERTY,
    "hasTaxon": libsbml.BQB_HAS_TAXON,
    "occursIn": libsbml.BQB_OCCURS_IN,
}
"""Qualifiers of BioModels.net that are in use."""
Entry = Mapping[str, Any]


@cache
def annotations() -> dict[str, Any]:
    """Return the annotations by kind of element, then by symbol."""
    text = files("oestra.network").joinpath("annotations.yaml").read_text("utf-8")
    return read_yaml(text)


def annotate(model: libsbml.Model, specimen: Specimen) -> None:
    """Annotate a composed model.

    Parameters
    ----------
    model : libsbml.Model
        Changed.
    specimen : Specimen
        What it is a model of: its line and drugs are annotated too.

    Raises
    ------
    OestraError
        If an annotation speaks of a symbol that the cell does not have.
    """
    table = annotations()
    occurs = {"occursIn": table["lines"].get(specimen.line, [])}
    _write(model, {**table["model"], **occurs})
    for kind, find in (
        ("compartments", model.getCompartment),
        ("species", model.getSpecies),
        ("parameters", model.getParameter),
    ):
        for symbol, entry in table[kind].items():
            _write(_present(find(symbol), kind, symbol), entry)
    for reaction in model.getListOfReactions():
        for entry in _of_reaction(reaction.getId(), table["reactions"]):
            _write(reaction, entry)
    for parameter in model.getListOfParameters():
        if not parameter.isSetSBOTerm():
            parameter.setSBOTerm(_of_parameter(parameter.getId(), table["beginnings"]))
    for symbol, names in specimen.drugs.items():
        known = [one for name in names for one in table["drugs"].get(name, [])]
        _write(model.getParameter(symbol), {"isPropertyOf": known})


def _present(element: Any, kind: str, symbol: str) -> libsbml.SBase:
    if element is None:
        raise OestraError(
            f"annotations.yaml: {kind}: the cell has no {symbol!r}; drop the entry."
        )
    return element


def _of_parameter(name: str, table: Mapping[str, str]) -> str:
    """Return the SBO term of the first beginning that a name has."""
    return next(term for start, term in table.items() if name.startswith(start))


def _of_reaction(name: str, table: Mapping[str, Entry]) -> Iterator[Entry]:
    verb = name.partition("_")[0]
    if name in table or verb in table:
        yield table.get(name) or table[verb]


def _write(element: libsbml.SBase, entry: Entry) -> None:
    # RDF points at an element by its metaid.
    if not element.isSetMetaId():
        element.setMetaId(f"meta_{element.getId()}")
    for key, value in entry.items():
        if key == "sbo":
            element.setSBOTerm(value)
        elif value:
            term = libsbml.CVTerm(libsbml.BIOLOGICAL_QUALIFIER)
            term.setBiologicalQualifierType(_QUALIFIERS[key])
            for address in value:
                term.addResource(IDENTIFIERS + address)
            element.addCVTerm(term)
