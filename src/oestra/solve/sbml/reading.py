"""Reading of a parsed SBML document into plain records."""

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

from oestra.core.errors import InputError, unknown_name
from oestra.solve.sbml.content import (
    Change,
    Content,
    EventText,
    Kind,
    Reaction,
    Symbol,
)
from oestra.solve.sbml.formula import Formula, read_formula
from oestra.solve.sbml.items import each
from oestra.solve.sbml.setters import check_setters, left_out

__all__ = ["read_content"]


def read_content(document: Any, name: str) -> Content:
    """Copy what a document declares.

    Level 3 has no default for the size of a compartment and for a stoichiometry; where
    nothing sets one, it is one, as in Level 2.

    Parameters
    ----------
    document : libsbml.SBMLDocument
        A Level 3 document.
    name : str
        What to call it in messages.

    Returns
    -------
    Content
        Its declarations.

    Raises
    ------
    InputError
        If an identifier is declared twice, or a rule sets what is not declared.
    """
    model = document.getModel()
    symbols: dict[str, Symbol] = {}
    for symbol in _symbols(model):
        if symbol.name in symbols:
            raise InputError(f"{name} declares {symbol.name!r} more than once.")
        symbols[symbol.name] = symbol
    taken = set(symbols)
    for item in (*each(model.getListOfReactions()), *_events(model)):
        if item.getId() in taken:
            raise InputError(f"{name} declares {item.getId()!r} more than once.")
        if item.getId():
            taken.add(item.getId())
    reactions = {r.name: r for r in map(_reaction, each(model.getListOfReactions()))}
    assignments, rates = _rules(model)
    content = Content(
        name=model.getId() or model.getName() or "model",
        symbols=symbols,
        functions={f.getId(): _function(f) for f in _functions(model)},
        assignments=assignments,
        rates=rates,
        initials=_initials(model),
        reactions=reactions,
        events=tuple(_event(e, k) for k, e in enumerate(_events(model))),
        conversion=model.getConversionFactor(),
        units={
            "time": model.getTimeUnits(),
            "substance": model.getSubstanceUnits(),
            "volume": model.getVolumeUnits(),
            "extent": model.getExtentUnits(),
        },
        warnings=tuple(left_out(model)),
    )
    _check_names(content, name)
    check_setters(content, name)
    return content


def _functions(model: Any) -> Iterator[Any]:
    return each(model.getListOfFunctionDefinitions())


def _events(model: Any) -> Iterator[Any]:
    return each(model.getListOfEvents())


def _symbols(model: Any) -> Iterator[Symbol]:
    for item in each(model.getListOfCompartments()):
        yield Symbol(
            name=item.getId(),
            kind=Kind.COMPARTMENT,
            value=item.getSize() if item.isSetSize() else 1.0,
            constant=item.getConstant(),
            unit=item.getUnits(),
        )
    for item in each(model.getListOfSpecies()):
        yield _species(item)
    for item in each(model.getListOfParameters()):
        yield Symbol(
            name=item.getId(),
            kind=Kind.PARAMETER,
            value=item.getValue() if item.isSetValue() else math.nan,
            constant=item.getConstant(),
            unit=item.getUnits(),
        )
    for reaction in each(model.getListOfReactions()):
        for side in (reaction.getListOfReactants(), reaction.getListOfProducts()):
            for item in each(side):
                if item.isSetId():
                    yield Symbol(
                        name=item.getId(),
                        kind=Kind.STOICHIOMETRY,
                        value=_stoichiometry(item),
                        constant=item.getConstant(),
                        unit="dimensionless",
                    )


def _species(item: Any) -> Symbol:
    if item.isSetInitialAmount() and item.isSetInitialConcentration():
        raise InputError(
            f"Species {item.getId()!r} (line {item.getLine()}) has an initial amount "
            "and an initial concentration; give one of them."
        )
    if item.isSetInitialAmount():
        value, is_amount = item.getInitialAmount(), True
    elif item.isSetInitialConcentration():
        value, is_amount = item.getInitialConcentration(), False
    else:
        value, is_amount = math.nan, True
    return Symbol(
        name=item.getId(),
        kind=Kind.SPECIES,
        value=value,
        constant=item.getConstant(),
        unit=item.getSubstanceUnits(),
        compartment=item.getCompartment(),
        substance_only=item.getHasOnlySubstanceUnits(),
        value_is_amount=is_amount,
        boundary=item.getBoundaryCondition(),
        conversion=item.getConversionFactor(),
    )


def _stoichiometry(item: Any) -> float:
    return item.getStoichiometry() if item.isSetStoichiometry() else 1.0


def _reaction(item: Any) -> Reaction:
    law = item.getKineticLaw()
    math_node = law.getMath() if law is not None else None
    constants = {}
    for local in each(law.getListOfLocalParameters()) if law is not None else ():
        constants[local.getId()] = local.getValue() if local.isSetValue() else math.nan
    place = f"the rate of reaction {item.getId()!r}"
    changes = [_change(ref, -1.0) for ref in each(item.getListOfReactants())]
    changes += [_change(ref, 1.0) for ref in each(item.getListOfProducts())]
    return Reaction(
        name=item.getId(),
        law=read_formula(math_node, place) if math_node is not None else None,
        constants=constants,
        changes=tuple(changes),
    )


def _change(item: Any, sign: float) -> Change:
    number = _stoichiometry(item)
    return Change(
        species=item.getSpecies(),
        sign=sign,
        stoichiometry=item.getId() if item.isSetId() else number,
    )


def _function(item: Any) -> Formula:
    body = item.getBody() if item.isSetMath() else None
    if body is None:
        return Formula("lambda")
    place = f"function {item.getId()!r}"
    count = item.getNumArguments()
    names = [read_formula(item.getArgument(k), place) for k in range(count)]
    return Formula("lambda", (*names, read_formula(body, place)))


def _rules(model: Any) -> tuple[dict[str, Formula], dict[str, Formula]]:
    assignments: dict[str, Formula] = {}
    rates: dict[str, Formula] = {}
    for rule in each(model.getListOfRules()):
        name, node = rule.getVariable(), rule.getMath()
        if node is None:
            continue
        if name in assignments or name in rates:
            raise InputError(f"More than one rule sets {name!r}.")
        target = assignments if rule.isAssignment() else rates
        target[name] = read_formula(node, f"the rule of {name!r}")
    return assignments, rates


def _initials(model: Any) -> dict[str, Formula]:
    return {
        item.getSymbol(): read_formula(
            item.getMath(), f"the initial assignment of {item.getSymbol()!r}"
        )
        for item in each(model.getListOfInitialAssignments())
        if item.getMath() is not None
    }


def _event(item: Any, position: int) -> EventText:
    name = item.getId() or f"event {position + 1}"
    place = f"event {name!r}"
    trigger, priority = item.getTrigger(), item.getPriority()
    condition = trigger.getMath() if trigger is not None else None
    order = priority.getMath() if priority is not None else None
    delay = item.getDelay()
    wait = delay.getMath() if delay is not None else None
    news = [a for a in each(item.getListOfEventAssignments()) if a.isSetMath()]
    twice = [n for n, k in Counter(a.getVariable() for a in news).items() if k > 1]
    if twice:
        raise InputError(f"Event {name!r} sets {twice[0]!r} more than once.")
    return EventText(
        name=name,
        trigger=Formula("number", value=0.0)
        if condition is None
        else read_formula(condition, place),
        delay=None if wait is None else read_formula(wait, place),
        priority=None if order is None else read_formula(order, place),
        initially=trigger is None or trigger.getInitialValue(),
        persistent=trigger is None or trigger.getPersistent(),
        early=item.getUseValuesFromTriggerTime(),
        assignments={a.getVariable(): read_formula(a.getMath(), place) for a in news},
    )


def _check_names(content: Content, name: str) -> None:
    targets = (
        ("rule", {**content.assignments, **content.rates}),
        ("initial assignment", content.initials),
        *((f"event {e.name!r}", e.assignments) for e in content.events),
    )
    for what, formulas in targets:
        for target in formulas:
            if target not in content.symbols:
                place = (
                    f"a {what} of {name}" if " " not in what else f"{what} of {name}"
                )
                raise unknown_name("symbol", target, content.symbols, where=place)
            if content.symbols[target].constant and "initial" not in what:
                raise InputError(f"The {what} in {name} sets the constant {target!r}.")
    _check_species(content)


def _check_species(content: Content) -> None:
    rooms = {n for n, s in content.symbols.items() if s.kind is Kind.COMPARTMENT}
    for symbol in content.symbols.values():
        if symbol.kind is Kind.SPECIES and symbol.compartment not in rooms:
            place = f"species {symbol.name!r}"
            raise unknown_name("compartment", symbol.compartment, rooms, where=place)
    species = {n for n, s in content.symbols.items() if s.kind is Kind.SPECIES}
    for reaction in content.reactions.values():
        for change in reaction.changes:
            if change.species not in species:
                place = f"reaction {reaction.name!r}"
                raise unknown_name("species", change.species, species, where=place)
