"""Drugs whose target a line does not have."""

from collections.abc import Iterable, Iterator

from oestra.core.library import SHIPPED, Library
from oestra.drugs.load import find
from oestra.network.cell_line import CellLine, cell_lines

__all__ = ["absent_targets"]

_AROMATASE = "CYP19A1:inhibitor"


def absent_targets(
    line: CellLine, drugs: Iterable[str], library: Library = SHIPPED
) -> Iterator[str]:
    """Tell which drugs find nothing to act on in a line.

    Parameters
    ----------
    line : CellLine
        The line.
    drugs : iterable of str
        Drugs that are given, by id.
    library : Library
        Whose drugs and lines.

    Yields
    ------
    str
        A sentence for each, without a period.
    """
    if line.aromatase is not None:
        return
    having = [o.id for o in cell_lines(library).values() if o.aromatase is not None]
    for name in drugs:
        targets = {action.target for action in find(name, library).targets}
        if targets == {_AROMATASE}:
            told = f"; {' and '.join(having)} have it" if having else ""
            yield f"{line.id} has no aromatase for {name} to act on{told}"
