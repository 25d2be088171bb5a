"""From an SBML document to an ordinary differential equation."""

from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from pathlib import Path

from oestra.core.errors import InputError
from oestra.solve.event import Assignment, Event
from oestra.solve.expression import Expression
from oestra.solve.model import OdeModel
from oestra.solve.sbml.content import Content, EventText, Kind
from oestra.solve.sbml.formula import names_in
from oestra.solve.sbml.initial import initial_values_of
from oestra.solve.sbml.reading import read_content
from oestra.solve.sbml.sbml_document import folder_of, open_document, text_of
from oestra.solve.sbml.sbml_model import SbmlModel
from oestra.solve.sbml.values import Values, slots_of

__all__ = ["read_sbml"]


def read_sbml(source: str | Path) -> SbmlModel:
    """Read an SBML model.

    Parameters
    ----------
    source : str or Path
        A file, or the text of a document (anything that begins with ``<``).

    Returns
    -------
    SbmlModel
        Its equations, events, initial values and units; those of its submodels are
        named ``submodel__name``.

    Raises
    ------
    InputError
        If the document is not valid SBML, is larger than 50 MB, uses what is not
        supported (delays, algebraic rules, fast reactions, packages other than
        ``comp``), mentions symbols that it does not declare, or takes models from
        files that are missing or lie outside its folder.

    References
    ----------
    Hucka M et al. The Systems Biology Markup Language (SBML): Language Specification
    for Level 3 Version 2 Core Release 2. J Integr Bioinform 2019;16(2):20190021.
    """
    text, name = text_of(source)
    folder = folder_of(source)
    document = open_document(text, name, folder)
    if folder is not None:
        text += "".join(folder.texts)
    content = read_content(document, name)
    states, parameters = slots_of(content)
    values = Values(content=content, states=states, parameters=parameters)
    _resolve_rules(content, values)
    initial = initial_values_of(values)
    y, p = initial.evaluate({}, 1)
    ode = OdeModel(
        name=content.name,
        states=tuple(states),
        parameters=tuple(parameters),
        initial=y[0],
        values=p[0],
        rhs=tuple(values.derivative(state) for state in states),
        outputs=_outputs(content, values),
        digest=sha256(text.encode()).hexdigest(),
    )
    return SbmlModel(
        ode=ode,
        events=tuple(_event(event, values) for event in content.events),
        initial_values=initial,
        symbols=content.symbols,
        units=content.units,
        warnings=content.warnings,
    )


def _resolve_rules(content: Content, values: Values) -> None:
    """Resolve rules and reaction rates in order, so that long chains stay shallow."""
    formulas = dict(content.assignments)
    for reaction in content.reactions.values():
        if reaction.law is not None:
            formulas[reaction.name] = reaction.law
    needs = {}
    for name, formula in formulas.items():
        reaction = content.reactions.get(name)
        local = reaction.constants if reaction else {}
        used = (n for n in names_in(formula) if n in formulas and n not in local)
        needs[name] = list(used)
    try:
        order = tuple(TopologicalSorter(needs).static_order())
    except CycleError as error:
        loop = " -> ".join(error.args[1])
        raise InputError(f"Rules go round in a circle: {loop}.") from None
    for name in order:
        values.value(name)


def _outputs(content: Content, values: Values) -> dict[str, Expression]:
    species = {n for n, s in content.symbols.items() if s.kind is Kind.SPECIES}
    outputs = {
        name: values.value(name)
        for name in (*content.symbols, *content.reactions)
        if name not in values.parameters or name in species
    }
    for name, symbol in content.symbols.items():
        if symbol.kind is Kind.SPECIES:
            outputs[f"amount({name})"] = values.amount(name)
            outputs[f"concentration({name})"] = values.concentration(name)
    return outputs


def _event(event: EventText, values: Values) -> Event:
    place = f"event {event.name!r}"
    translate = values.translator.translate
    news = {name: translate(f, place) for name, f in event.assignments.items()}
    assignments: list[Assignment] = []
    for name, new in news.items():
        symbol = values.content.symbols[name]
        if name not in values.states:
            raise InputError(
                f"Event {event.name!r} sets {name!r}, which an assignment rule sets."
            )
        # All is set at once: a concentration is in the size before the event.
        held = values.holds_amount(symbol)
        size = values.value(symbol.compartment) if held else None
        assignments.append(Assignment(state=values.states[name], value=new, scale=size))
    delay = None if event.delay is None else translate(event.delay, place)
    if delay is not None and delay.op == "const" and not delay.value >= 0:
        raise InputError(
            f"The delay of event {event.name!r} is {delay.value:g}; it is 0 or more."
        )
    return Event(
        name=event.name,
        trigger=translate(event.trigger, place),
        delay=delay,
        priority=None if event.priority is None else translate(event.priority, place),
        initially=event.initially,
        persistent=event.persistent,
        early=event.early,
        assignments=tuple(assignments),
    )
