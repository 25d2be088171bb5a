"""Compose the pathways and their numbers into one SBML model of the cell."""

import re
from importlib.resources import files

import antimony
import libsbml

from oestra.core.errors import InputError
from oestra.core.quantity import Quantity
from oestra.network.parameter import parameter_table

__all__ = ["compose_antimony", "compose_sbml", "consistency_errors"]

PATHWAYS = (
    "estrogen",
    "estrogen_receptor",
    "transcription",
    "receptor_tyrosine_kinases",
    "ras_erk",
    "pi3k_akt_mtor",
    "cell_cycle",
    "apoptosis",
    "adaptation",
    "adaptive_survival",
    "quiescence",
    "insulin",
    "glucose",
    "growth",
)
"""Order in which the mechanisms are written; it has no meaning for the model."""

_HEADER = """\
// Composed from the pathways and parameters of Oestra; do not edit.
model oestra_cell
unit day = 86400 second;
unit per_day = 1 / day;
unit nM = 1e-9 mole / litre;
compartment cell = 1;
"""

_UNIT_NAMES = {"1": "dimensionless", "1/day": "per_day", "day": "day", "nM": "nM"}
_NUMBER = re.compile(r"(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_UNIT_PROBLEMS = (10501, 10541)
"""What libsbml only warns of and this project refuses: units that do not match."""


def _pathway_text(name: str) -> str:
    folder = files("oestra.network.pathways")
    return folder.joinpath(f"{name}.ant").read_text(encoding="utf-8")


def _check_numberless(name: str, text: str) -> None:
    """Refuse numbers other than stoichiometry and the constants 0, 1, 2."""
    for line_number, line in enumerate(text.splitlines(), start=1):
        code = line.split("//")[0]
        for number in _NUMBER.findall(code):
            if number not in {"0", "1", "2"}:
                raise InputError(
                    f"{name}.ant, line {line_number}: number {number} in a pathway; "
                    f"declare it in parameters/{name}.yaml."
                )


def _declaration(name: str, quantity: Quantity) -> str:
    unit = _UNIT_NAMES[quantity.unit]
    return f"const {name} = {quantity.value!r}; {name} has {unit};"


def compose_antimony() -> str:
    """Return the whole cell as one Antimony model.

    Returns
    -------
    str
        Antimony text: pathways first, then every parameter with value and unit.

    Raises
    ------
    InputError
        If a pathway holds a number.
    """
    parts = [_HEADER]
    for name in PATHWAYS:
        text = _pathway_text(name)
        _check_numberless(name, text)
        parts.append(f"// ---- {name} ----\n{text}")
    parts.append("// ---- parameters ----")
    parts += [_declaration(name, item) for name, item in parameter_table().items()]
    for name, unit, start in STATE_UNITS:
        parts.append(f"var {name}; {name} has {unit}; {name} = {start};")
    parts.append("end\n")
    return "\n".join(parts)


STATE_UNITS = (
    ("e2_plasma", "nM", "e2_baseline"),
    ("e2", "nM", "e2_tumor_ratio * e2_baseline"),
    ("log_cell_number", "dimensionless", "0"),
)
"""States that are not amounts: name, unit and initial value."""


def compose_sbml() -> str:
    """Return the whole cell as SBML Level 3 Version 2.

    Returns
    -------
    str
        SBML text.

    Raises
    ------
    InputError
        If the pathways do not parse, or use a symbol nobody declares.
    """
    antimony.clearPreviousLoads()
    if antimony.loadAntimonyString(compose_antimony()) < 0:
        raise InputError(f"The pathways do not parse: {antimony.getLastError()}")
    text = antimony.getSBMLString("oestra_cell")
    document = libsbml.readSBMLFromString(text)
    model = document.getModel()
    model.setSubstanceUnits("dimensionless")
    model.setExtentUnits("dimensionless")
    model.setTimeUnits("day")
    model.setVolumeUnits("litre")
    _start_species(model)
    _check_symbols(model)
    return libsbml.writeSBMLToString(document)


def _start_species(model: libsbml.Model) -> None:
    for species in model.getListOfSpecies():
        if not species.isSetInitialAmount():
            species.setInitialAmount(0.0)
        species.setSubstanceUnits("dimensionless")


def _check_symbols(model: libsbml.Model) -> None:
    ruled = {rule.getVariable() for rule in model.getListOfRules()}
    started = {item.getSymbol() for item in model.getListOfInitialAssignments()}
    for parameter in model.getListOfParameters():
        name = parameter.getId()
        if parameter.isSetValue() or name in ruled | started:
            continue
        file, line = _first_use(name)
        raise InputError(
            f"{file}.ant, line {line}: {name!r} is not declared; "
            f"add it to parameters/{file}.yaml."
        )


def _first_use(name: str) -> tuple[str, int]:
    pattern = re.compile(rf"\b{re.escape(name)}\b")
    for pathway in PATHWAYS:
        for number, line in enumerate(_pathway_text(pathway).splitlines(), start=1):
            if pattern.search(line.split("//")[0]):
                return pathway, number
    return "?", 0


def consistency_errors(sbml: str) -> list[str]:
    """Return what libsbml finds wrong with a model, mismatched units included.

    Parameters
    ----------
    sbml : str
        SBML text.

    Returns
    -------
    list of str
        One message a problem; empty when the model is consistent.
    """
    document = libsbml.readSBMLFromString(sbml)
    document.checkConsistency()
    problems = []
    for index in range(document.getNumErrors()):
        error = document.getError(index)
        severe = error.getSeverity() >= libsbml.LIBSBML_SEV_ERROR
        if severe or error.getErrorId() in _UNIT_PROBLEMS:
            problems.append(error.getMessage().strip())
    return problems
