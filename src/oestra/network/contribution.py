"""Why a part of the cell differs between two conditions: what each input contributes.

The equation of a symbol is taken apart at the named quantities it holds. Each of them
is moved from its value in one condition to that in the other, in every order, and its
contribution is the mean of what that changes (its Shapley value), so that the
contributions sum to the whole difference exactly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import unknown_name
from oestra.core.library import SHIPPED, Library
from oestra.network.cell import Cell, cell
from oestra.solve.evaluate import Evaluator
from oestra.solve.expression import Expression, parameter, state, substitute, walk

__all__ = ["Contribution", "contributions", "inputs_of", "named_quantities", "trail"]

Array = NDArray[np.float64]
_MOST = 9
"""Inputs up to which every order is tried; beyond, only first and last place."""
_SAME = 1e-9
"""Relative difference below which a value did not change."""
_LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one input contributes to a difference.

    Parameters
    ----------
    name : str
        The input: a state, a derived quantity or a parameter of the cell.
    before, after : float
        Its values in both conditions.
    effect : float
        What of the difference is due to it: of a rate, 1/day, where the symbol is a
        state; else of the symbol itself.
    is_own : bool
        Whether it is the level of the symbol itself, which pulls a state back.
    """

    name: str
    before: float
    after: float
    effect: float
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cut:
    """The named quantities of a cell, each with a place among the inputs."""

    names: tuple[str, ...]
    places: dict[Expression, Expression]
    model: Cell


def named_quantities(library: Library = SHIPPED) -> tuple[str, ...]:
    """Return the states and derived quantities of the cell, without its reactions."""
    ode, symbols = cell(library).model.ode, cell(library).model.symbols
    derived = (name for name in ode.outputs if name in symbols)
    return tuple(dict.fromkeys((*ode.states, *derived)))


def _cut(library: Library) -> _Cut:
    model = cell(library)
    ode = model.model.ode
    names = [*ode.parameters, *ode.states]
    places: dict[Expression, Expression] = {}
    for name in named_quantities(library)[len(ode.states) :]:
        if ode.outputs[name].args:
            places[ode.outputs[name]] = parameter(len(names))
            names.append(name)
    for index in range(len(ode.states)):
        places[state(index)] = parameter(len(ode.parameters) + index)
    return _Cut(names=tuple(names), places=places, model=model)


def _formula(symbol: str, cut: _Cut) -> Expression:
    """Return the rate of a state or the value of a derived quantity, by its inputs."""
    ode, states = cut.model.model.ode, cut.model.states
    if symbol in states:
        return substitute([ode.rhs[states[symbol]]], cut.places)[0]
    if symbol not in cut.names or symbol not in ode.outputs:
        raise unknown_name("part of the cell", symbol, [*states, *ode.outputs])
    own = ode.outputs[symbol]
    others = {one: at for one, at in cut.places.items() if one is not own}
    return substitute([own], others)[0]


def inputs_of(symbol: str, library: Library = SHIPPED) -> tuple[str, ...]:
    """Return the names that stand in the equation of a symbol.

    Parameters
    ----------
    symbol : str
        A state or derived quantity.
    library : Library
        Whose cell.

    Returns
    -------
    tuple of str
        States, derived quantities and parameters; the symbol itself where its own
        level changes its rate.

    Raises
    ------
    InputError
        If the cell has no such part; names the nearest.
    """
    cut = library.once(_cut)
    places = _places(_formula(symbol, cut))
    return tuple(cut.names[place] for place in places)


def _places(formula: Expression) -> tuple[int, ...]:
    return tuple(
        sorted({one.index for one in walk([formula]) if one.op == "parameter"})
    )


def contributions(
    symbol: str,
    before: Mapping[str, float],
    after: Mapping[str, float],
    library: Library = SHIPPED,
) -> tuple[Contribution, ...]:
    """Return what each input contributes to the difference of a symbol.

    Parameters
    ----------
    symbol : str
        A state or derived quantity.
    before, after : mapping of str to float
        Values of every state, derived quantity and parameter in both conditions.
    library : Library
        Whose cell.

    Returns
    -------
    tuple of Contribution
        Of the inputs that differ, the largest effect first.

    Raises
    ------
    InputError
        If the cell has no such part; names the nearest.
    """
    cut = library.once(_cut)
    formula = _formula(symbol, cut)
    pairs = [
        (place, before[cut.names[place]], after[cut.names[place]])
        for place in _places(formula)
    ]
    differing = [one for one in pairs if _differ(one[1], one[2])]
    row = np.zeros(len(cut.names))
    for place, value, _ in pairs:
        row[place] = value
    effects = _shares(Evaluator([formula]), row, differing)
    found = [
        Contribution(
            name=cut.names[place],
            before=low,
            after=high,
            effect=effect,
            is_own=cut.names[place] == symbol,
        )
        for (place, low, high), effect in zip(differing, effects, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: -abs(one.effect)))


def _differ(a: float, b: float) -> bool:
    return abs(a - b) > _SAME * max(abs(a), abs(b), 1e-12)


def _shares(
    evaluate: Evaluator, row: Array, differing: Sequence[tuple[int, float, float]]
) -> list[float]:
    """Return the mean effect of moving each input over the orders of moving them."""
    count = len(differing)
    if not count:
        return []
    orders = _subsets(count) if count <= _MOST else _ends(count)
    rows = np.tile(row, (len(orders), 1))
    for column, (place, _, value) in enumerate(differing):
        rows[orders[:, column], place] = value
    values = evaluate(0.0, np.zeros((len(orders), 0)), rows)[:, 0]
    if count <= _MOST:
        return _by_all_orders(values, orders)
    first = values[1 : count + 1] - values[0]
    last = values[-1] - values[count + 1 : -1]
    return ((first + last) / 2.0).tolist()


def _subsets(count: int) -> NDArray[np.bool_]:
    """Return every subset, that of all inputs whose bit is set, by its number."""
    numbers = np.arange(2**count)
    return (numbers[:, None] >> np.arange(count)) % 2 == 1


def _ends(count: int) -> NDArray[np.bool_]:
    """Return none, each alone, all but each, and all."""
    alone = np.eye(count, dtype=bool)
    none = np.zeros((1, count), dtype=bool)
    return np.concatenate([none, alone, ~alone, ~none])


def _by_all_orders(values: Array, orders: NDArray[np.bool_]) -> list[float]:
    count = orders.shape[1]
    sizes = orders.sum(axis=1)
    weight = np.array(
        [
            factorial(k) * factorial(count - k - 1) / factorial(count)
            for k in range(count)
        ]
    )
    numbers = np.arange(len(orders))
    effects: list[float] = []
    for column in range(count):
        without = numbers[~orders[:, column]]
        gain = values[without + 2**column] - values[without]
        effects.append(float((weight[sizes[without]] * gain).sum()))
    return effects


def trail(
    symbol: str,
    before: Mapping[str, float],
    after: Mapping[str, float],
    library: Library = SHIPPED,
) -> tuple[str, ...]:
    """Follow the input that carries most of a change back to what began it.

    Parameters
    ----------
    symbol : str
        A state or derived quantity.
    before, after : mapping of str to float
        As of `contributions`.
    library : Library
        Whose cell.

    Returns
    -------
    tuple of str
        From the symbol back; ends at a parameter, or where the path closes upon
        itself.
    """
    known = set(named_quantities(library))
    path = [symbol]
    while path[-1] in known and len(path) < _LONGEST:
        here = path[-1]
        upward = after[here] >= before[here]
        others = [
            one
            for one in contributions(here, before, after, library)
            if one.name not in path and one.effect
        ]
        # What pushes the way the level went; else what pushes hardest.
        along = [one for one in others if (one.effect > 0) == upward] or others
        if not along:
            break
        path.append(along[0].name)
    return tuple(path)
