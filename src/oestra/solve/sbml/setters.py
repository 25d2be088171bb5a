"""Who sets what in a document: once and by one, and what nothing would act on."""

from collections.abc import Iterator
from typing import Any

from oestra.core.errors import InputError
from oestra.solve.sbml.content import Content
from oestra.solve.sbml.items import each

__all__ = ["check_setters", "left_out"]


def check_setters(content: Content, name: str) -> None:
    """Refuse symbols that two parts of a document set, of which one would be ignored.

    Parameters
    ----------
    content : Content
        What the document declares.
    name : str
        What to call it in messages.

    Raises
    ------
    InputError
        If a reaction changes a species that is constant or that a rule sets and that is
        no boundary condition, or if a symbol has an initial assignment and an
        assignment rule (rules 20609 to 20611 and 20801 to 20803 of SBML).
    """
    both = [one for one in content.initials if one in content.assignments]
    if both:
        raise InputError(
            f"{both[0]!r} in {name} has an initial assignment and an assignment rule; "
            "keep one of them."
        )
    ruled = content.assignments.keys() | content.rates.keys()
    for reaction in content.reactions.values():
        for change in reaction.changes:
            symbol = content.symbols[change.species]
            if symbol.boundary or not (symbol.constant or symbol.name in ruled):
                continue
            why = "a rule sets" if symbol.name in ruled else "is constant"
            raise InputError(
                f"Reaction {reaction.name!r} in {name} changes {symbol.name!r}, which "
                f"{why}; make it a boundary condition, or leave one of them out."
            )


def left_out(model: Any) -> Iterator[str]:
    """Yield what a document says and a simulation does without.

    Parameters
    ----------
    model : libsbml.Model
        The model, of Level 3.

    Yields
    ------
    str
        A sentence.
    """
    count = model.getNumConstraints()
    if count:
        what = "constraint of the model is" if count == 1 else "constraints are"
        yield f"{count} {what} not watched."
    for one in each(model.getListOfReactions()):
        if not _formula(one.getKineticLaw()):
            yield f"Reaction {one.getId()!r} has no rate and changes nothing."
    for rule in each(model.getListOfRules()):
        if not _formula(rule):
            yield f"The rule of {rule.getVariable()!r} has no formula and sets nothing."
    yield from _events_left_out(model)
    for room in each(model.getListOfCompartments()):
        if room.isSetSize() and room.getSize() < 0:
            size = room.getSize()
            yield f"Compartment {room.getId()!r} has the negative size {size:g}."


def _events_left_out(model: Any) -> Iterator[str]:
    for k, event in enumerate(each(model.getListOfEvents()), start=1):
        if not _formula(event.getTrigger()):
            said = event.getId() or f"event {k}"
            yield f"Event {said!r} has no trigger and never happens."


def _formula(part: Any) -> bool:
    """Return whether a part of a document is there and has a formula."""
    return part is not None and part.getMath() is not None
