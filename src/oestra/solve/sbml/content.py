"""What an SBML document declares, as plain records."""

from dataclasses import dataclass
from enum import StrEnum

from oestra.solve.sbml.formula import Formula

__all__ = ["Change", "Content", "EventText", "Kind", "Reaction", "Symbol"]


class Kind(StrEnum):
    """What an identifier names."""

    COMPARTMENT = "compartment"
    SPECIES = "species"
    PARAMETER = "parameter"
    STOICHIOMETRY = "stoichiometry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """A quantity of the model that may stand in a formula.

    Parameters
    ----------
    name : str
        Its identifier.
    kind : Kind
        What it is.
    value : float
        Its declared initial value, NaN if there is none.
    constant : bool
        Whether it is declared never to change.
    unit : str
        Its declared unit, empty if there is none.
    compartment : str
        Compartment of a species.
    substance_only : bool
        Whether formulas mean the amount of a species, not its concentration.
    value_is_amount : bool
        Whether the declared value of a species is an amount.
    boundary : bool
        Whether reactions leave a species as it is.
    conversion : str
        Parameter that converts extent into the substance of a species.
    """

    name: str
    kind: Kind
    value: float
    constant: bool
    unit: str = ""
    compartment: str = ""
    substance_only: bool = False
    value_is_amount: bool = True
    boundary: bool = False
    conversion: str = ""

    @property
    def is_concentration(self) -> bool:
        """Whether formulas that mention the symbol mean a concentration."""
        return self.kind is Kind.SPECIES and not self.substance_only


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one reaction does to one species.

    Parameters
    ----------
    species : str
        The species.
    sign : float
        1 for a product, -1 for a reactant.
    stoichiometry : float or str
        The number, or the symbol that holds it.
    """

    species: str
    sign: float
    stoichiometry: float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """A reaction.

    Parameters
    ----------
    name : str
        Its identifier, which in a formula means its rate.
    law : Formula or None
        Its rate, as extent per time.
    constants : dict of str to float
        Local parameters of the rate.
    changes : tuple of Change
        Reactants and products.
    """

    name: str
    law: Formula | None
    constants: dict[str, float]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventText:
    """An event as it is written.

    Parameters
    ----------
    name : str
        Its identifier, or its place in the document.
    trigger : Formula
        Condition that fires the event when it becomes true.
    delay : Formula or None
        Time from triggering to execution.
    priority : Formula or None
        Order among events that fire together.
    initially : bool
        Truth the trigger had before the start.
    persistent : bool
        Whether the event stays due when its trigger turns false again.
    early : bool
        Whether new values are those of the moment of triggering.
    assignments : dict of str to Formula
        New values.
    """

    name: str
    trigger: Formula
    delay: Formula | None
    priority: Formula | None
    initially: bool
    persistent: bool
    early: bool
    assignments: dict[str, Formula]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything an SBML model declares.

    Parameters
    ----------
    name : str
        Identifier of the model.
    symbols : dict of str to Symbol
        Compartments, species, parameters and named stoichiometries.
    functions : dict of str to Formula
        Function definitions.
    assignments, rates, initials : dict of str to Formula
        Assignment rules, rate rules and initial assignments by the symbol they set.
    reactions : dict of str to Reaction
        Reactions by identifier.
    events : tuple of EventText
        Events in the order of the document.
    conversion : str
        Parameter that converts extent into substance, empty if there is none.
    units : dict of str to str
        Units of time, substance, volume and extent.
    warnings : tuple of str
        What the document says and a simulation does without.
    """

    name: str
    symbols: dict[str, Symbol]
    functions: dict[str, Formula]
    assignments: dict[str, Formula]
    rates: dict[str, Formula]
    initials: dict[str, Formula]
    reactions: dict[str, Reaction]
    events: tuple[EventText, ...]
    conversion: str
    units: dict[str, str]
    warnings: tuple[str, ...] = ()
