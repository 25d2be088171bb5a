"""All that is known of one symbol of the cell: equations, numbers, claims about it."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from oestra.claims.claim import Claim
from oestra.claims.claim_library import claims
from oestra.core.parameter_set import ParameterSet
from oestra.culture.readout import readouts
from oestra.model.fit import shipped_fit
from oestra.model.quantities import quantities
from oestra.network.contribution import inputs_of, named_quantities
from oestra.network.equation import Equation, equations_of

__all__ = ["AboutClaim", "Number", "SymbolSheet", "symbol_sheet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A parameter of an equation.

    Parameters
    ----------
    name, unit : str
        The parameter.
    value : float
        What the model runs with, where neither genes nor drugs set it.
    interval : tuple of float
        What its file calls plausible.
    origin : str
        ``"measured"``, ``"derived"``, ``"fitted"`` or ``"assumed"``.
    told : str
        Its source, or the reason for its value.
    """

    name: str
    unit: str
    value: float
    interval: tuple[float, float]
    origin: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutClaim:
    """A claim whose checks read a symbol."""

    id: str
    statement: str
    origin: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolSheet:
    """What is known of a symbol.

    Parameters
    ----------
    symbol, text, unit : str
        Its name, what it is, and its unit.
    is_state : bool
        Whether it has an equation for its rate; else it follows from others at once.
    equations : tuple of Equation
        The lines of the pathways that define it.
    inputs : tuple of str
        States and derived quantities in them.
    numbers : tuple of Number
        Parameters in them.
    readout : str
        Name under which ``oestra cell --readout`` reads it; empty if under none.
    claims : tuple of AboutClaim
        Claims of the review that read it.
    """

    symbol: str
    text: str
    unit: str
    is_state: bool
    equations: tuple[Equation, ...]
    inputs: tuple[str, ...]
    numbers: tuple[Number, ...]
    readout: str
    claims: tuple[AboutClaim, ...]

    def to_json_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)


def _number(name: str, common: ParameterSet) -> Number:
    quantity = quantities(common.library)[name]
    fit = shipped_fit()
    fitted = fit is not None and any(one.name == name for one in fit.fitted)
    return Number(
        name=name,
        unit=quantity.unit,
        value=common[name],
        interval=quantity.interval,
        origin="fitted" if fitted else quantity.origin.value,
        told=quantity.source or quantity.reason,
    )


def _about(names: frozenset[str], among: Iterator[Claim]) -> Iterator[AboutClaim]:
    """Yield the claims that read one of some names of a run."""
    pattern = re.compile(rf"\.({'|'.join(map(re.escape, sorted(names)))})\b", re.ASCII)
    for claim in among:
        if any(pattern.search(check.value) for check in claim.checks):
            yield AboutClaim(
                id=claim.id,
                statement=claim.statement,
                origin=claim.origin.value,
                evidence=claim.evidence,
            )


def symbol_sheet(symbol: str, common: ParameterSet) -> SymbolSheet:
    """Tell all that is known of a symbol.

    Parameters
    ----------
    symbol : str
        A state or derived quantity of the cell.
    common : ParameterSet
        Parameters of the model.

    Returns
    -------
    SymbolSheet
        Equations, inputs, numbers, claims.

    Raises
    ------
    InputError
        If the cell has no such part; names the nearest.
    """
    library = common.library
    inputs = inputs_of(symbol, library)
    parts = set(named_quantities(library))
    equations = tuple(equations_of(symbol, library))
    words = {word for one in equations for word in one.words}
    known = quantities(library)
    read = [one for one in readouts(library).values() if one.symbols == (symbol,)]
    names = frozenset({symbol, *(one.name for one in read)})
    is_state = any(f"{symbol}'" in e.text or "->" in e.text for e in equations)
    return SymbolSheet(
        symbol=symbol,
        text=read[0].text if read else "",
        unit=read[0].unit if read else "",
        is_state=is_state,
        equations=equations,
        inputs=tuple(name for name in inputs if name in parts),
        numbers=tuple(_number(n, common) for n in sorted(words) if n in known),
        readout=read[0].name if read else "",
        claims=tuple(_about(names, iter(claims(library).values()))),
    )
