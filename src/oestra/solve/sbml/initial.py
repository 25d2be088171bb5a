"""Initial values: numbers, and formulas of other initial values, lane by lane."""

import math
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.core.errors import InputError, unknown_name
from oestra.solve.evaluate import SharedEvaluator
from oestra.solve.expression import Expression, const, walk
from oestra.solve.sbml.content import Kind, Symbol
from oestra.solve.sbml.values import Values

__all__ = ["InitialValues", "Slot", "initial_values_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Initial value of one state or parameter.

    Parameters
    ----------
    name : str
        Its name.
    is_state : bool
        Whether it is a state.
    position : int
        Its place in the state or parameter vector.
    default : Expression
        What the slot holds at time zero.
    scale : Expression or None
        What to multiply a given value with, to get what the slot holds: the size of
        the compartment, for a species that formulas mention by its concentration.
    """

    name: str
    is_state: bool
    position: int
    default: Expression
    scale: Expression | None

    @property
    def operands(self) -> tuple[Expression, ...]:
        """The expressions that must be known first."""
        return (self.default,) if self.scale is None else (self.default, self.scale)


@dataclass(frozen=True, slots=True, kw_only=True)
class InitialValues:
    """Initial states and parameters.

    Parameters
    ----------
    slots : dict of str to Slot
        One for each state and parameter, in an order in which every slot comes after
        those it depends on.
    states, parameters : int
        Lengths of the two vectors.
    """

    slots: dict[str, Slot]
    states: int
    parameters: int

    def evaluate(
        self, given: Mapping[str, ArrayLike], lanes: int, *, scaled: bool = True
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the initial states and the parameters.

        Parameters
        ----------
        given : mapping of str to array_like
            Values that replace the default, scalars or of shape (lanes,).
        lanes : int
            How many initial states to make.
        scaled : bool
            Whether the given value of a species is what formulas mean by it; if not,
            it is what the slot holds.

        Returns
        -------
        y : ndarray, shape (lanes, states)
            Initial states.
        p : ndarray, shape (lanes, parameters)
            Parameters.

        Raises
        ------
        InputError
            If a given name is neither a state nor a parameter.
        """
        for name in given:
            if name not in self.slots:
                raise unknown_name("parameter or state", name, self.slots)
        y = np.full((lanes, self.states), math.nan)
        p = np.full((lanes, self.parameters), math.nan)
        formulas = {
            slot.name: _formula(slot, given, scaled=scaled)
            for slot in self.slots.values()
        }
        evaluate = SharedEvaluator(f for f in formulas.values() if f is not None)
        for slot in self.slots.values():
            formula = formulas[slot.name]
            row = (y if slot.is_state else p)[:, slot.position]
            if slot.name in given:
                row[:] = given[slot.name]
                if formula is not None:
                    row *= evaluate(formula, y, p)
            elif formula is None:
                row[:] = slot.default.value
            else:
                row[:] = evaluate(formula, y, p)
        return y, p


def _formula(slot: Slot, given: Container[str], *, scaled: bool) -> Expression | None:
    """Return what has to be evaluated to fill a slot, if anything."""
    if slot.name in given:
        return slot.scale if scaled else None
    return None if slot.default.op == "const" else slot.default


def initial_values_of(values: Values) -> InitialValues:
    """Collect the initial values of a model.

    Parameters
    ----------
    values : Values
        Expressions of its symbols.

    Returns
    -------
    InitialValues
        Default numbers and formulas.

    Raises
    ------
    InputError
        If initial assignments go round in a circle.
    """
    slots = {s.name: s for s in (*_slots(values), *_local_slots(values))}
    return InitialValues(
        slots={name: slots[name] for name in _ordered(slots, values)},
        states=len(values.states),
        parameters=len(values.parameters),
    )


def _ordered(slots: dict[str, Slot], values: Values) -> list[str]:
    """Return the slots, each after those it depends on.

    Formulas that slots share take part in the order themselves, so that each is looked
    at once.
    """
    names = {
        "state": {position: name for name, position in values.states.items()},
        "parameter": {position: name for name, position in values.parameters.items()},
    }
    needs: dict[str | Expression, Sequence[str | Expression]] = {
        slot.name: slot.operands for slot in slots.values()
    }
    for node in walk(part for slot in slots.values() for part in slot.operands):
        needs[node] = [names[node.op][node.index]] if node.op in names else node.args
    try:
        order = tuple(TopologicalSorter(needs).static_order())
    except CycleError as error:
        loop = " -> ".join(n for n in error.args[1] if isinstance(n, str))
        raise InputError(f"Initial assignments go round in a circle: {loop}.") from None
    return [name for name in order if isinstance(name, str)]


def _slots(values: Values) -> list[Slot]:
    places = [
        *((name, True, k) for name, k in values.states.items()),
        *((name, False, k) for name, k in values.parameters.items() if "." not in name),
    ]
    slots = []
    for name, is_state, position in places:
        symbol = values.content.symbols[name]
        scaled = values.holds_amount(symbol)
        slots.append(
            Slot(
                name=name,
                is_state=is_state,
                position=position,
                default=_default(symbol, values),
                scale=values.value(symbol.compartment) if scaled else None,
            )
        )
    return slots


def _local_slots(values: Values) -> list[Slot]:
    slots = []
    for reaction in values.content.reactions.values():
        for local, number in reaction.constants.items():
            name = f"{reaction.name}.{local}"
            slots.append(
                Slot(
                    name=name,
                    is_state=False,
                    position=values.parameters[name],
                    default=const(number),
                    scale=None,
                )
            )
    return slots


def _default(symbol: Symbol, values: Values) -> Expression:
    formula = values.content.initials.get(symbol.name)
    if formula is not None:
        place = f"the initial assignment of {symbol.name!r}"
        value = values.translator.translate(formula, place)
        if values.holds_amount(symbol):
            value = value * values.value(symbol.compartment)
        return value
    number = const(symbol.value)
    if symbol.kind is not Kind.SPECIES or math.isnan(symbol.value):
        return number
    holds_amount = values.holds_amount(symbol) or not symbol.is_concentration
    if symbol.value_is_amount == holds_amount:
        return number
    volume = values.value(symbol.compartment)
    return number * volume if holds_amount else number / volume
