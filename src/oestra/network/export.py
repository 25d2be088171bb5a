"""The composed cell for other programs: SBML, and Antimony made from it."""

from collections.abc import Mapping
from html import escape

import antimony
import libsbml

from oestra.core.errors import InputError, OestraError
from oestra.core.library import Kind
from oestra.network.annotation import annotate
from oestra.network.cell import composed_sbml
from oestra.network.compose import consistency_errors
from oestra.network.model_history import reference_remark, write_history
from oestra.network.specimen import Specimen
from oestra.network.symbol_units import declare_units

__all__ = ["to_antimony", "to_sbml"]

_XHTML = "http://www.w3.org/1999/xhtml"


def to_sbml(specimen: Specimen) -> str:
    """Write a specimen as annotated SBML.

    Parameters
    ----------
    specimen : Specimen
        Values of parameters and initial states.

    Returns
    -------
    str
        SBML Level 3 Version 2, consistent and with matching units by libsbml.

    Raises
    ------
    InputError
        If it sets what the cell does not have.
    OestraError
        If the model would be inconsistent.
    """
    document = libsbml.readSBMLFromString(composed_sbml(specimen.library))
    model = document.getModel()
    model.setName(specimen.title)
    model.setNotes(_notes(specimen))
    _set_parameters(model, specimen.values)
    _set_states(model, specimen.states)
    # Own pathways are held to the units they declare, not to those of their numbers.
    if not specimen.library.own(Kind.PATHWAYS):
        declare_units(model)
    annotate(model, specimen)
    write_history(model)
    text = libsbml.writeSBMLToString(document)
    problems = consistency_errors(text, specimen.library)
    if problems:
        raise OestraError("The exported cell is inconsistent: " + problems[0])
    return text


def to_antimony(sbml: str) -> str:
    """Write a model as Antimony, annotations included.

    Parameters
    ----------
    sbml : str
        The model.

    Returns
    -------
    str
        Antimony that describes the same equations, values and initial states.

    Raises
    ------
    OestraError
        If the model cannot be converted.
    """
    antimony.clearPreviousLoads()
    read = antimony.loadSBMLString(sbml) >= 0
    text = antimony.getAntimonyString(antimony.getMainModuleName()) if read else None
    if text is None:
        raise OestraError(f"No Antimony of this model: {antimony.getLastError()}")
    return text


def _notes(specimen: Specimen) -> str:
    lines = (specimen.title, *specimen.remarks, reference_remark())
    text = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f'<body xmlns="{_XHTML}">{text}</body>'


def _set_parameters(model: libsbml.Model, values: Mapping[str, float]) -> None:
    for name, value in values.items():
        parameter = model.getParameter(name)
        if parameter is None or not parameter.getConstant():
            raise InputError(f"The cell has no parameter {name!r} to export.")
        parameter.setValue(float(value))


def _set_states(model: libsbml.Model, states: Mapping[str, float]) -> None:
    for name, value in states.items():
        model.removeInitialAssignment(name)
        species = model.getSpecies(name)
        if species is not None:
            species.setInitialAmount(float(value))
        else:
            model.getParameter(name).setValue(float(value))
