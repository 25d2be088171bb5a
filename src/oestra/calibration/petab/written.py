"""What PEtab is told of a reading: observable, dishes, number and error.

An observable of PEtab is of one simulation, and most readings compare two dishes. Both
are put into one simulation, one after the other from the same cells: what the control
showed is kept in a parameter, which the observable of the treated dish is divided by.
"""

from dataclasses import dataclass

from oestra.calibration.cells.experiment import Arm, Setting

__all__ = ["Capture", "Dish", "Observable", "Written"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Dish:
    """Cells and what they get.

    Parameters
    ----------
    setting : Setting
        The cells before.
    arm : Arm
        Drugs and ligands from day 0.
    """

    setting: Setting
    arm: Arm


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Capture:
    """A value that is kept while a dish is followed.

    Parameters
    ----------
    dish : str
        ``"control"`` or ``"treated"``.
    symbol : str
        Symbol of the cell.
    days : float
        When.
    """

    dish: str
    symbol: str
    days: float

    @property
    def parameter(self) -> str:
        """Name of the parameter of the exported model that holds it."""
        hours = f"{self.days * 24:.3g}".replace(".", "p")
        return f"{self.dish}_{self.symbol}_{hours}h"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observable:
    """A row of the observable table, but for the error that each number has itself.

    Parameters
    ----------
    id : str
        Identifier.
    name : str
        What it is, in words.
    formula : str
        In symbols of the exported model; ``bound`` where a number is one.
    log : bool
        Whether errors are of the natural logarithm.
    """

    id: str
    name: str
    formula: str
    log: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A row of the measurement table.

    Parameters
    ----------
    id, kind : str
        The reading.
    observable : Observable
        What was seen.
    value, error : float
        The number, and its standard deviation together with the model's own.
    bound : float, optional
        Beyond it the observable does not count.
    days : float
        When the treated dish is read.
    dish : Dish
        The dish that is read.
    control : Dish, optional
        The dish that it is compared with.
    captures : tuple of Capture
        What the observable needs besides.
    """

    id: str
    kind: str
    observable: Observable
    value: float
    error: float
    bound: float | None = None
    days: float
    dish: Dish
    control: Dish | None = None
    captures: tuple[Capture, ...] = ()
