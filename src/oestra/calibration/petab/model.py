"""The model of the PEtab problem: the exported cell, and what its experiments need.

Added to the cell are its reference values as states that follow the cell while it is
the reference cell; parameters that keep what was seen; and, for every fitted share, its
logit, which is what is estimated.
"""

import math
from collections.abc import Iterable
from dataclasses import replace

import libsbml

from oestra.core.errors import OestraError
from oestra.core.library import Kind
from oestra.core.parameter_set import ParameterSet
from oestra.culture.specimens import reference_specimen
from oestra.network.compose import consistency_errors
from oestra.network.digest import source_digest
from oestra.network.export import to_sbml
from oestra.network.reference import REFERENCE
from oestra.network.symbol_units import declare_units

__all__ = [
    "FINDS_REFERENCE",
    "kept_at_rest",
    "kept_at_start",
    "logit_of",
    "petab_model",
]

FINDS_REFERENCE = "k_find_reference"
"""Rate, 1/day, at which reference values follow the cell; 0 but in that cell."""


def logit_of(name: str) -> str:
    """Return the parameter that holds the logit of a share."""
    return f"logit_{name}"


def kept_at_rest(state: str) -> str:
    """Return the parameter that keeps a state of the cells at rest."""
    return f"rest_{state}"


def kept_at_start(symbol: str) -> str:
    """Return the parameter that keeps a symbol at the start of a dish."""
    return f"start_{symbol}"


def petab_model(
    common: ParameterSet,
    *,
    shares: Iterable[str],
    changed: Iterable[str],
    kept: dict[str, str],
) -> str:
    """Write the model.

    Parameters
    ----------
    common : ParameterSet
        Parameters of the model.
    shares : iterable of str
        Shares that are estimated.
    changed : iterable of str
        Parameters that conditions set.
    kept : dict of str to str
        Parameters that keep a value, by name, and the symbol whose value it is.

    Returns
    -------
    str
        SBML, consistent by libsbml.

    Raises
    ------
    OestraError
        If it would be inconsistent.
    """
    specimen = replace(
        reference_specimen(parameters=common),
        title="Cell, as measurements on cell lines hold it",
        remarks=(
            "Values are those of the fit of the cell; the tables of the problem set "
            "lines, media, drugs and all else.",
            f"Sources of the cell: SHA-256 {source_digest(common.library)}.",
        ),
    )
    document = libsbml.readSBMLFromString(to_sbml(specimen))
    model = document.getModel()
    _add(model, FINDS_REFERENCE, 0.0, "per_day")
    for name, symbol in kept.items():
        _add(model, name, 0.0, _unit(model, symbol))
    for name, symbol in REFERENCE.items():
        target = f"{symbol} * {name}" if name == "ere_drive_reference" else symbol
        _rule(model.createRateRule(), name, f"{FINDS_REFERENCE} * ({target} - {name})")
        model.getParameter(name).setConstant(False)
    for name in shares:
        value = float(common[name])
        logit = math.log(value / (1.0 - value))
        _add(model, logit_of(name), logit, "dimensionless", constant=True)
        _rule(model.createAssignmentRule(), name, f"1 / (1 + exp(-{logit_of(name)}))")
        parameter = model.getParameter(name)
        parameter.setConstant(False)
        parameter.unsetValue()
    for name in changed:
        parameter = model.getParameter(name)
        if parameter is not None:
            parameter.setConstant(False)
    if not common.library.own(Kind.PATHWAYS):
        declare_units(model)
    text = libsbml.writeSBMLToString(document)
    problems = consistency_errors(text, common.library)
    if problems:
        raise OestraError("The model of the problem is inconsistent: " + problems[0])
    return text


def _add(
    model: libsbml.Model, name: str, value: float, unit: str, *, constant: bool = False
) -> None:
    parameter = model.createParameter()
    parameter.setId(name)
    parameter.setValue(value)
    parameter.setUnits(unit)
    parameter.setConstant(constant)


def _unit(model: libsbml.Model, symbol: str) -> str:
    parameter = model.getParameter(symbol)
    known = "" if parameter is None else parameter.getUnits()
    return known or "dimensionless"


def _rule(rule: libsbml.Rule, name: str, formula: str) -> None:
    rule.setVariable(name)
    rule.setMath(libsbml.parseL3Formula(formula))
