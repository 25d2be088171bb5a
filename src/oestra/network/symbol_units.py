"""Units of the symbols that a rule gives their value, which pathways leave unsaid."""

from collections.abc import Iterator

import libsbml

__all__ = ["declare_units"]

_NAMED = ("per_day", "nM", "day")
_PLAIN = "dimensionless"


def declare_units(model: libsbml.Model) -> None:
    """Give units to every number, and to every parameter those that its rule has.

    Parameters
    ----------
    model : libsbml.Model
        Changed. Its unit definitions have the names of the composed cell.
    """
    for math in _formulas(model):
        _declare_numbers(math)
    rules = [
        rule
        for rule in model.getListOfRules()
        if rule.isAssignment() and not _declared(model, rule)
    ]
    # A rule may need the units of another's symbol.
    while rules:
        model.populateListFormulaUnitsData()
        ready = [rule for rule in rules if not rule.containsUndeclaredUnits()]
        units = {rule.getVariable(): _unit(model, rule) for rule in ready or rules}
        for name, unit in units.items():
            model.getParameter(name).setUnits(unit)
        rules = [rule for rule in rules if rule.getVariable() not in units]


def _declared(model: libsbml.Model, rule: libsbml.Rule) -> bool:
    parameter = model.getParameter(rule.getVariable())
    return parameter is None or parameter.isSetUnits()


def _formulas(model: libsbml.Model) -> Iterator[libsbml.ASTNode]:
    holders = (*model.getListOfRules(), *model.getListOfInitialAssignments())
    laws = (reaction.getKineticLaw() for reaction in model.getListOfReactions())
    for holder in (*holders, *laws):
        yield holder.getMath()


def _declare_numbers(node: libsbml.ASTNode) -> None:
    if node.isNumber() and not node.isSetUnits():
        node.setUnits(_PLAIN)
    for index in range(node.getNumChildren()):
        _declare_numbers(node.getChild(index))


def _unit(model: libsbml.Model, rule: libsbml.Rule) -> str:
    derived = rule.getDerivedUnitDefinition()
    for name in _NAMED:
        definition = model.getUnitDefinition(name)
        if definition is not None and libsbml.UnitDefinition.areEquivalent(
            definition, derived
        ):
            return name
    return _PLAIN
