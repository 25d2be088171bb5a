"""What integrates a model: compiled code, or loops where that would be too long."""

from collections.abc import Callable, Sequence

from oestra.core.errors import InputError
from oestra.solve.bound import MOST_OPERATIONS, TooLargeError
from oestra.solve.compile import compile_model
from oestra.solve.event import Event
from oestra.solve.kernel import Kernel
from oestra.solve.large import LargeKernel, large_kernel
from oestra.solve.model import OdeModel

__all__ = ["Tell", "integrator"]

Tell = Callable[[str], None]
"""Takes a line for the user."""


def integrator(
    model: OdeModel, outputs: tuple[str, ...], *, events: Sequence[Event], tell: Tell
) -> Kernel | LargeKernel:
    """Compile a model, or prepare it for loops if its code would be too long.

    Parameters
    ----------
    model : OdeModel
        The model.
    outputs : tuple of str
        Names of outputs, states or parameters to record.
    events : sequence of Event
        Its events.
    tell : callable
        Takes a line on what takes long, and which way is taken.

    Returns
    -------
    Kernel or LargeKernel
        What integrates it.

    Raises
    ------
    InputError
        If an output is not known, the model is too large even for loops, or it is too
        large to be compiled and has events.
    """
    try:
        return compile_model(model, outputs, events=events, tell=tell)
    except TooLargeError:
        size = f"Model {model.name!r} with {len(model.states):,} states"
        bound = f"more than the {MOST_OPERATIONS:,} operations a step that are compiled"
    if events:
        raise InputError(
            f"{size} needs {bound}, and models of that size are simulated only "
            "without events."
        )
    tell(
        f"{size} needs {bound}: it is integrated by loops over its sparse structure "
        "(BDF), one simulation after the other."
    )
    return large_kernel(model, outputs)
