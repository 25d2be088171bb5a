"""What each symbol of an SBML model is worth, as an expression of t, y and p.

Species are held as amounts, so that a compartment that changes size dilutes what is
in it (SBML L3V2 core, section 4.6). One kind is held as a concentration: a species
whose rate rule sets its concentration in a compartment set by an assignment rule.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from oestra.core.errors import InputError, unknown_name
from oestra.solve.derivative import TIME, gradients
from oestra.solve.expression import Expression, const, parameter, state
from oestra.solve.sbml.content import Change, Content, Kind, Reaction, Symbol
from oestra.solve.sbml.translate import Translator, times
from oestra.solve.simplify import simplify

__all__ = ["Values", "slots_of"]

_ZERO = const(0.0)


def slots_of(content: Content) -> tuple[dict[str, int], dict[str, int]]:
    """Divide the symbols of a model into what changes with time and what does not.

    Parameters
    ----------
    content : Content
        What the model declares.

    Returns
    -------
    states, parameters : dict of str to int
        Position of each symbol in the state and in the parameter vector. A symbol set
        by an assignment rule is in neither. Local parameters are named
        ``reaction.parameter``.
    """
    moving = set(content.rates)
    for event in content.events:
        moving.update(event.assignments)
    for reaction in content.reactions.values():
        for change in reaction.changes:
            species = content.symbols[change.species]
            if not (species.boundary or species.constant):
                moving.add(species.name)
    free = [name for name in content.symbols if name not in content.assignments]
    states = [name for name in free if name in moving]
    fixed = [name for name in free if name not in moving]
    for reaction in content.reactions.values():
        fixed.extend(f"{reaction.name}.{name}" for name in reaction.constants)
    return _positions(states), _positions(fixed)


def _positions(names: list[str]) -> dict[str, int]:
    return {name: position for position, name in enumerate(names)}


@dataclass(frozen=True, kw_only=True)
class Values:
    """Expressions of symbols, their amounts and their time derivatives.

    Parameters
    ----------
    content : Content
        What the model declares.
    states, parameters : dict of str to int
        Positions, from `slots_of`.
    """

    content: Content
    states: dict[str, int]
    parameters: dict[str, int]
    _known: dict[tuple[str, str], Expression] = field(default_factory=dict)
    _active: dict[tuple[str, str], None] = field(default_factory=dict)

    @cached_property
    def translator(self) -> Translator:
        """The translator of formulas in the names of this model."""
        return Translator(
            value=self.value, rate=self.rate, functions=self.content.functions
        )

    @cached_property
    def _state_names(self) -> dict[int, str]:
        return {position: name for name, position in self.states.items()}

    @cached_property
    def _changes(self) -> dict[str, list[tuple[Reaction, Change]]]:
        """What reactions do to each species, in the order of the document."""
        found: dict[str, list[tuple[Reaction, Change]]] = {}
        for reaction in self.content.reactions.values():
            for change in reaction.changes:
                found.setdefault(change.species, []).append((reaction, change))
        return found

    def value(self, name: str) -> Expression:
        """Return what a formula means by a symbol.

        Parameters
        ----------
        name : str
            A compartment, species, parameter, stoichiometry or reaction.

        Returns
        -------
        Expression
            For a species, its concentration, or its amount if it has only substance
            units; for a reaction, its rate.

        Raises
        ------
        InputError
            If there is no such symbol, or its rules go round in a circle.
        """
        return self._once("value", name, self._value)

    def rate(self, name: str) -> Expression:
        """Return the time derivative of what a formula means by a symbol.

        Parameters
        ----------
        name : str
            A compartment, species, parameter, stoichiometry or reaction.

        Returns
        -------
        Expression
            Its time derivative.

        Raises
        ------
        InputError
            If there is no such symbol, or a derivative is defined by itself.
        """
        return self._once("rate", name, self._rate)

    def amount(self, name: str) -> Expression:
        """Return the amount of a species."""
        symbol = self.content.symbols[name]
        if not symbol.is_concentration:
            return self.value(name)
        if self.holds_amount(symbol):
            return self._stored(name)
        return times(self.value(name), self.value(symbol.compartment))

    def concentration(self, name: str) -> Expression:
        """Return the concentration of a species."""
        symbol = self.content.symbols[name]
        if symbol.is_concentration:
            return self.value(name)
        return self.value(name) / self.value(symbol.compartment)

    def holds_amount(self, symbol: Symbol) -> bool:
        """Whether the slot of a symbol holds the amount of a concentration."""
        if not symbol.is_concentration or symbol.name in self.content.assignments:
            return False
        assigned = symbol.compartment in self.content.assignments
        return not (assigned and symbol.name in self.content.rates)

    def derivative(self, name: str) -> Expression:
        """Return the time derivative of a state.

        Parameters
        ----------
        name : str
            Name of the state.

        Returns
        -------
        Expression
            Derivative of what its slot holds.
        """
        return self._once("derivative", name, self._derivative)

    def flux(self, reaction: Reaction) -> Expression:
        """Return the rate of a reaction, as extent per time."""
        if reaction.law is None:
            return _ZERO
        local = {
            name: (parameter(self.parameters[f"{reaction.name}.{name}"]), "")
            for name in reaction.constants
        }
        place = f"the rate of reaction {reaction.name!r}"
        return self.translator.translate(reaction.law, place, local)

    def _once(
        self, what: str, name: str, build: Callable[[str], Expression]
    ) -> Expression:
        key = (what, name)
        if key not in self._known:
            if key in self._active:
                active = list(self._active)
                loop = [n for _, n in active[active.index(key) :]]
                raise InputError(
                    f"The rules of {name!r} go round in a circle: "
                    + " -> ".join([*loop, name])
                    + "."
                )
            self._active[key] = None
            self._known[key] = build(name)
            del self._active[key]
        return self._known[key]

    def _stored(self, name: str) -> Expression:
        if name in self.states:
            return state(self.states[name])
        return parameter(self.parameters[name])

    def _value(self, name: str) -> Expression:
        if name in self.content.reactions:
            return self.flux(self.content.reactions[name])
        if name not in self.content.symbols:
            known = [*self.content.symbols, *self.content.reactions]
            where = f"model {self.content.name!r}"
            raise unknown_name("symbol", name, known, where=where)
        if name in self.content.assignments:
            place = f"the rule of {name!r}"
            return self.translator.translate(self.content.assignments[name], place)
        symbol = self.content.symbols[name]
        stored = self._stored(name)
        if self.holds_amount(symbol):
            return stored / self.value(symbol.compartment)
        return stored

    def _rate(self, name: str) -> Expression:
        symbol = self.content.symbols.get(name)
        if symbol is None or name in self.content.assignments:
            return self._total_derivative(self.value(name))
        if not self.holds_amount(symbol):
            return self.derivative(name)
        change = self.derivative(name)
        swelling = self.rate(symbol.compartment)
        if swelling is not _ZERO:
            change = change - times(self.value(name), swelling)
        return change / self.value(symbol.compartment)

    def _total_derivative(self, value: Expression) -> Expression:
        """Follow an expression along the solution: its chain rule."""
        (gradient,) = gradients(simplify([value]))
        total = gradient.pop(TIME, _ZERO)
        for position, slope in gradient.items():
            total = total + times(slope, self.derivative(self._state_names[position]))
        return total

    def _derivative(self, name: str) -> Expression:
        if name not in self.states:
            return _ZERO
        symbol = self.content.symbols[name]
        if name not in self.content.rates:
            return self._turnover(name) if symbol.kind is Kind.SPECIES else _ZERO
        place = f"the rate rule of {name!r}"
        rule = self.translator.translate(self.content.rates[name], place)
        if not self.holds_amount(symbol):
            return rule
        rule = times(rule, self.value(symbol.compartment))
        swelling = self.rate(symbol.compartment)
        if swelling is not _ZERO:
            rule = rule + times(self.value(name), swelling)
        return rule

    def _turnover(self, name: str) -> Expression:
        symbol = self.content.symbols[name]
        if symbol.boundary or symbol.constant:
            return _ZERO
        total: Expression | None = None
        for reaction, change in self._changes.get(name, ()):
            if reaction.law is None:
                continue
            count = change.stoichiometry
            number = self.value(count) if isinstance(count, str) else const(count)
            term = times(number, self.value(reaction.name))
            total = _signed_sum(total, term, change.sign)
        if total is None:
            return _ZERO
        factor = symbol.conversion or self.content.conversion
        return times(self.value(factor), total) if factor else total


def _signed_sum(total: Expression | None, term: Expression, sign: float) -> Expression:
    if total is None:
        return term if sign > 0 else -term
    return total + term if sign > 0 else total - term
