"""Compose the pathways and their numbers into one SBML model of the cell."""

import re
from collections.abc import Iterator
from typing import Any

import antimony
import libsbml

from oestra.core.errors import InputError
from oestra.core.library import SHIPPED, Kind, Library
from oestra.core.quantity import Quantity
from oestra.network.parameter import parameter_table
from oestra.solve.sbml.antimony_text import last_error

__all__ = [
    "compose_antimony",
    "compose_sbml",
    "consistency_errors",
    "pathway_faults",
    "pathways",
]

_ORDER = (
    "estrogen",
    "estrogen_receptor",
    "membrane_receptor",
    "transcription",
    "receptor_tyrosine_kinases",
    "igf1_receptor",
    "other_receptors",
    "ras_erk",
    "pi3k_akt_mtor",
    "cell_cycle",
    "licensing",
    "apoptosis",
    "adaptation",
    "adaptive_survival",
    "adaptive_translation",
    "quiescence",
    "insulin",
    "glucose",
    "mitosis",
    "growth",
)
"""Order in which these are written, others after them; it means nothing."""

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


def pathways(library: Library = SHIPPED) -> dict[str, str]:
    """Return the text of every pathway of a library, by name.

    Raises
    ------
    InputError
        If two files have one name.
    """
    found: dict[str, str] = {}
    for file in library.files(Kind.PATHWAYS, "oestra.network.pathways"):
        name = file.name.removesuffix(".ant")
        if name in found:
            raise InputError(f"{file.name}: a pathway of this name exists already.")
        found[name] = file.read_text(encoding="utf-8")
    first = [name for name in _ORDER if name in found]
    return {name: found[name] for name in (*first, *sorted(found.keys() - {*first}))}


def _numbers(name: str, text: str) -> Iterator[str]:
    """Yield numbers other than stoichiometry and the constants 0, 1, 2."""
    for line_number, line in enumerate(text.splitlines(), start=1):
        code = line.split("//")[0]
        for number in _NUMBER.findall(code):
            if number not in {"0", "1", "2"}:
                yield (
                    f"{name}.ant, line {line_number}: number {number} in a pathway; "
                    f"declare it in parameters/{name}.yaml."
                )


def _check_numberless(name: str, text: str) -> None:
    for fault in _numbers(name, text):
        raise InputError(fault)


def _declaration(name: str, quantity: Quantity) -> str:
    unit = _UNIT_NAMES[quantity.unit]
    return f"const {name} = {quantity.value!r}; {name} has {unit};"


def compose_antimony(library: Library = SHIPPED) -> str:
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
    for name, text in pathways(library).items():
        _check_numberless(name, text)
        parts.append(f"// ---- {name} ----\n{text}")
    parts.append("// ---- parameters ----")
    parts += [
        _declaration(name, item) for name, item in parameter_table(library).items()
    ]
    for name, unit, start in STATE_UNITS:
        parts.append(f"var {name}; {name} has {unit}; {name} = {start};")
    parts.append("end\n")
    return "\n".join(parts)


STATE_UNITS = (
    ("e2_plasma", "nM", "e2_baseline"),
    ("e2", "nM", "e2_tumor_ratio * e2_baseline"),
    ("e2_stored", "nM", "e2_tumor_ratio * e2_baseline"),
    ("log_cell_number", "dimensionless", "0"),
)
"""States that are not amounts: name, unit and initial value."""


def compose_sbml(library: Library = SHIPPED) -> str:
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
    document = _composed(library)
    for fault in (*_twice(library), *_undeclared(document.getModel(), library)):
        raise InputError(fault)
    return libsbml.writeSBMLToString(document)


def _composed(library: Library) -> libsbml.SBMLDocument:
    antimony.clearPreviousLoads()
    if antimony.loadAntimonyString(compose_antimony(library)) < 0:
        raise InputError(_unparsed(last_error(), library))
    text = antimony.getSBMLString("oestra_cell")
    document = libsbml.readSBMLFromString(text)
    model = document.getModel()
    model.setSubstanceUnits("dimensionless")
    model.setExtentUnits("dimensionless")
    model.setTimeUnits("day")
    model.setVolumeUnits("litre")
    _start_species(model)
    return document


def _unparsed(message: str, library: Library) -> str:
    """Say in which pathway, on which line, the composed text does not parse."""
    reason = " ".join(message.split())
    found = re.search(r"line (\d+)", reason)
    if found is None:
        return f"The pathways do not parse: {reason}"
    at = int(found[1])
    reason = re.sub(r"^.*?line \d+\s*:\s*", "", reason)
    name, first = "the composed cell", 0
    for number, line in enumerate(compose_antimony(library).splitlines(), start=1):
        if number > at:
            break
        heading = re.fullmatch(r"// ---- (\w+) ----", line)
        if heading:
            name, first = f"{heading[1]}.ant", number
    return f"{name}, line {at - first}: {reason}"


def _start_species(model: libsbml.Model) -> None:
    for species in model.getListOfSpecies():
        if not species.isSetInitialAmount():
            species.setInitialAmount(0.0)
        species.setSubstanceUnits("dimensionless")


_DEFINED = re.compile(r"^\s*(?:(\w+)\s*:(?!=)|(\w+)\s*'?\s*:=)")
"""A line that names a reaction or says what a derived quantity is."""
_EVENT = re.compile(r"(?:^|[;:\s])at\s*\(|^\s*at\b")
"""A line that holds an event."""


def _twice(library: Library) -> Iterator[str]:
    """Yield what two lines define, of which Antimony would take the last in silence."""
    own = {file.stem for file in library.own(Kind.PATHWAYS)}
    texts = pathways(library) if own else {}
    first: dict[str, tuple[str, int]] = {}
    # Those that ship come first, so that own ones are told.
    for pathway, text in sorted(texts.items(), key=lambda one: one[0] in own):
        for number, line in enumerate(text.splitlines(), start=1):
            found = _DEFINED.match(line.split("//")[0])
            if found is None:
                continue
            name, here = found[1] or found[2], (pathway, number)
            before = first.setdefault(name, here)
            if before != here:
                yield (
                    f"{pathway}.ant, line {number}: {name!r} stands on line "
                    f"{before[1]} of {before[0]}.ant already; rename it."
                )


def _undeclared(model: Any, library: Library) -> Iterator[str]:
    """Yield events, and symbols that no pathway, rule or table declares."""
    for event in model.getListOfEvents():
        file, line = _first_line(_EVENT, library)
        yield (
            f"{file}.ant, line {line}: an event, {event.getId()!r}; pathways hold "
            "reactions and derived quantities."
        )
    for species in model.getListOfSpecies():
        if species.getCompartment() != "cell":
            name = species.getId()
            file, line = _first_use(name, library)
            yield (
                f"{file}.ant, line {line}: {name!r} is not declared; write "
                f"'substanceOnly species {name} in cell;'."
            )
    ruled = {rule.getVariable() for rule in model.getListOfRules()}
    started = {item.getSymbol() for item in model.getListOfInitialAssignments()}
    for parameter in model.getListOfParameters():
        name = parameter.getId()
        if parameter.isSetValue() or name in ruled | started:
            continue
        file, line = _first_use(name, library)
        yield (
            f"{file}.ant, line {line}: {name!r} is not declared; "
            f"add it to parameters/{file}.yaml."
        )


def pathway_faults(library: Library) -> list[str]:
    """Return everything that is wrong with the cell of a library.

    Parameters
    ----------
    library : Library
        Whose pathways and parameters.

    Returns
    -------
    list of str
        A sentence a fault, file and line first where they are known: numbers in
        pathways; then what does not parse, or else every undeclared symbol, or else
        every unit that does not match.
    """
    found = [
        fault
        for name, text in pathways(library).items()
        for fault in _numbers(name, text)
    ]
    if found:
        return found
    try:
        model = _composed(library)
    except InputError as error:
        return [str(error)]
    undeclared = [*_twice(library), *_undeclared(model.getModel(), library)]
    if undeclared:
        return undeclared
    return consistency_errors(libsbml.writeSBMLToString(model), library)


def _first_line(pattern: re.Pattern[str], library: Library) -> tuple[str, int]:
    """Return pathway and line where a pattern stands first, but for comments."""
    for pathway, text in pathways(library).items():
        for number, line in enumerate(text.splitlines(), start=1):
            if pattern.search(line.split("//")[0]):
                return pathway, number
    return "?", 0


def _first_use(name: str, library: Library, after: str = r"\b") -> tuple[str, int]:
    return _first_line(re.compile(rf"\b{re.escape(name)}{after}"), library)


_NAMED = re.compile(r'(?:\bid|\bvariable|\bsymbol)="(\w+)"')


def _place(sbml: str, line: int, library: Library) -> str:
    """Return file and line of the pathway behind a line of the composed model."""
    for text in reversed(sbml.splitlines()[:line]):
        named = _NAMED.search(text)
        if named is None:
            continue
        for after in (r"\s*:(?!=)", r"\s*'?\s*:?="):
            pathway, number = _first_use(named[1], library, after)
            if number:
                return f"{pathway}.ant, line {number}: "
    return ""


def consistency_errors(sbml: str, library: Library = SHIPPED) -> list[str]:
    """Return what libsbml finds wrong with a model, mismatched units included.

    Parameters
    ----------
    sbml : str
        SBML text.
    library : Library
        Whose pathways it was composed from, to name file and line of a fault.

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
            told = " ".join(error.getMessage().split())
            problems.append(_place(sbml, error.getLine(), library) + told)
    return problems
