"""A model made ready for code: simplified, differentiated, ordered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oestra.core.errors import unknown_name
from oestra.solve.bound import MOST_OPERATIONS, TooLargeError, operations
from oestra.solve.derivative import TIME, gradients
from oestra.solve.event import Event
from oestra.solve.event_plan import EventPlan, plan_events
from oestra.solve.expression import Expression, parameter, state, walk
from oestra.solve.model import OdeModel
from oestra.solve.simplify import ZERO, is_invariant, lower, simplify
from oestra.solve.sparsity import Elimination, eliminate

__all__ = ["Program", "prepare", "requested"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Everything code generation has to write out.

    Parameters
    ----------
    states, parameters : int
        Lengths n and m of the vectors y and p.
    rhs : tuple of Expression, length n
        dy/dt.
    jacobian : dict of (int, int) to Expression
        Nonzeros of df/dy.
    slope : tuple of Expression, length n
        df/dt.
    outputs : tuple of Expression
        Derived quantities to be recorded.
    jumps : dict of int to Expression
        New values, at the start of a segment, by position: states first, then
        parameters.
    invariants : dict of Expression to int
        Nodes of parameters alone, by their position behind the parameters.
    plan : Elimination
        Order and pattern of the factors.
    events : EventPlan or None
        Events and jumps by the clock.
    operations : int
        How many operations are written out, about.
    """

    states: int
    parameters: int
    rhs: tuple[Expression, ...]
    jacobian: dict[tuple[int, int], Expression]
    slope: tuple[Expression, ...]
    outputs: tuple[Expression, ...]
    jumps: dict[int, Expression]
    invariants: dict[Expression, int]
    plan: Elimination
    operations: int
    events: EventPlan | None = None

    @property
    def autonomous(self) -> bool:
        """Whether time is absent from the right-hand side."""
        return all(node is ZERO for node in self.slope)


def _invariants(roots: Sequence[Expression], first: int) -> dict[Expression, int]:
    """Find the largest nodes of parameters alone."""
    found: dict[Expression, int] = {}
    for node in walk(roots):
        below = node.args if not is_invariant(node) else ()
        for a in below:
            if a.args and is_invariant(a):
                found.setdefault(a, first + len(found))
    for root in roots:
        if root.args and is_invariant(root):
            found.setdefault(root, first + len(found))
    return found


def _outputs(model: OdeModel, names: Sequence[str]) -> list[Expression]:
    known = {
        **{name: parameter(k) for k, name in enumerate(model.parameters)},
        **{name: state(k) for k, name in enumerate(model.states)},
        **model.outputs,
    }
    for name in names:
        if name not in known:
            raise unknown_name("output", name, known, where=f"model {model.name}")
    return [known[name] for name in names]


def _targets(model: OdeModel, jumps: Mapping[str, Expression]) -> list[int]:
    names = (*model.states, *model.parameters)
    place = {name: k for k, name in enumerate(names)}
    for name in jumps:
        if name not in place:
            raise unknown_name("state or parameter", name, names, where="jumps")
    return [place[name] for name in jumps]


def requested(
    model: OdeModel, outputs: Sequence[str], jumps: Mapping[str, Expression]
) -> tuple[list[Expression], list[int]]:
    """Return the outputs asked for and the positions that jump.

    Parameters
    ----------
    model, outputs, jumps
        As in `prepare`.

    Returns
    -------
    outputs : list of Expression
        What to record.
    targets : list of int
        Positions of what jumps: states first, then parameters.

    Raises
    ------
    InputError
        If a name is not known.
    """
    return _outputs(model, outputs), _targets(model, jumps)


def prepare(
    model: OdeModel,
    outputs: Sequence[str],
    jumps: Mapping[str, Expression],
    events: Sequence[Event] | None = None,
) -> Program:
    """Simplify, differentiate and order a model.

    Parameters
    ----------
    model : OdeModel
        The model.
    outputs : sequence of str
        Names of outputs, states or parameters to record.
    jumps : mapping of str to Expression
        What a state or parameter becomes at the start of each segment of a schedule.
    events : sequence of Event, optional
        Events. If given, even if empty, steps end where the clock makes rates jump.

    Returns
    -------
    Program
        What code generation writes out.

    Raises
    ------
    InputError
        If a name is not known.
    TooLargeError
        If more operations than `MOST_OPERATIONS` would have to be written out.
    """
    n = len(model.states)
    wanted, targets = requested(model, outputs, jumps)
    rhs = simplify(model.rhs)
    observed = simplify(wanted)
    changed = simplify(jumps.values())
    # Rates stand in three functions, of rates, stages and the Jacobian.
    count = 3 * operations(rhs) + operations(observed)
    if count > MOST_OPERATIONS:
        raise TooLargeError(model.name, n)
    slopes = gradients(rhs)
    places = [(i, j) for i, row in enumerate(slopes) for j in row if j != TIME]
    entries = [slopes[i][j] for i, j in places]
    count += operations([*rhs, *entries]) - operations(rhs)
    plan = _plan(model, places, MOST_OPERATIONS - count)
    entries = lower(entries)
    slope = lower([row.get(TIME, ZERO) for row in slopes])
    rhs, observed, changed = lower(rhs), lower(observed), lower(changed)
    m = len(model.parameters)
    return Program(
        states=n,
        parameters=m,
        rhs=tuple(rhs),
        jacobian=dict(zip(places, entries, strict=True)),
        slope=tuple(slope),
        outputs=tuple(observed),
        jumps=dict(zip(targets, changed, strict=True)),
        invariants=_invariants([*rhs, *entries, *slope, *observed], m),
        plan=plan,
        operations=count + plan.multiplications,
        events=None if events is None else plan_events(events, model.rhs),
    )


def _plan(model: OdeModel, places: list[tuple[int, int]], most: int) -> Elimination:
    try:
        return eliminate(len(model.states), places, most)
    except OverflowError:
        raise TooLargeError(model.name, len(model.states)) from None
