"""How large straight-line code may become, decided before anything is compiled."""

from collections.abc import Iterable

from oestra.core.errors import InputError
from oestra.solve.expression import Expression, walk

__all__ = ["MOST_OPERATIONS", "SECONDS", "TooLargeError", "operations"]

MOST_OPERATIONS = 40_000
"""Operations that are compiled; they take half a minute and 700 MB."""

SECONDS = 8e-4
"""Time to compile one, about."""


class TooLargeError(InputError):
    """A model whose straight-line code would be too long.

    Parameters
    ----------
    model : str
        Its name.
    states : int
        How many states it has.
    """

    def __init__(self, model: str, states: int) -> None:
        self.model, self.states = model, states
        super().__init__(
            f"Model {model!r} with {states:,} states needs more than "
            f"{MOST_OPERATIONS:,} operations a step, and longer straight-line code is "
            "not compiled; oestra.simulate and the command simulate take larger models."
        )


def operations(roots: Iterable[Expression]) -> int:
    """Count the operations of expressions, shared ones once."""
    return sum(1 for node in walk(roots) if node.args)
