"""The condition table: what each condition sets, and to what.

A value may be a formula of what the cells show when the condition is set: so a line
gets its paces, and so a dish is remembered.
"""

import math
from collections.abc import Iterable

from oestra.calibration.petab.model import (
    FINDS_REFERENCE,
    kept_at_rest,
    kept_at_start,
)
from oestra.calibration.petab.observed import START_SYMBOLS
from oestra.calibration.petab.surroundings import Surroundings
from oestra.calibration.petab.timeline import (
    FROM_REST,
    KEEP_REST,
    KEEP_START,
    REFERENCE_CELL,
    START,
    captured,
    line_condition,
    pace_condition,
)
from oestra.calibration.petab.written import Capture
from oestra.core.errors import OestraError
from oestra.culture.genotype import Genotype
from oestra.network.cell_line import CellLine

__all__ = ["conditions"]

_NUMBER = "log_cell_number"
_FINDING = 1.0
"""Rate, 1/day: fast against the slowest adaptation of the cell, months."""


def conditions(
    lines: Iterable[CellLine],
    around: Surroundings,
    captures: Iterable[Capture],
    states: Iterable[str],
) -> dict[str, dict[str, str]]:
    """Return the condition table.

    Parameters
    ----------
    lines : iterable of CellLine
        Lines in use.
    around : Surroundings
        Media, drugs and ligands in use.
    captures : iterable of Capture
        Values in use that are kept of a dish.
    states : iterable of str
        States of the cell.

    Returns
    -------
    dict of str to dict of str to str
        Targets and their values, by condition.

    Raises
    ------
    OestraError
        If a line descends from another or makes its own estradiol.
    """
    number = (_NUMBER,)
    return {
        REFERENCE_CELL: {FINDS_REFERENCE: repr(_FINDING)},
        **{line_condition(one): _traits(one, around) for one in lines},
        **{pace_condition(one): _paces(one) for one in lines},
        **{
            name: {target: repr(value) for target, value in values.items()}
            for name, values in around.rows().items()
        },
        KEEP_REST: {kept_at_rest(one): one for one in states if one not in number},
        FROM_REST: {one: kept_at_rest(one) for one in states if one not in number},
        START: {_NUMBER: "0"},
        KEEP_START: {kept_at_start(one): one for one in START_SYMBOLS},
        **{captured(one): {one.parameter: one.symbol} for one in captures},
    }


def _traits(line: CellLine, around: Surroundings) -> dict[str, str]:
    if line.parent is not None or line.pretreatment or line.aromatase is not None:
        raise OestraError(f"No condition of PEtab makes {line.id} from its parent.")
    own = Genotype().parameters(line, around.common, around.common.library)
    return {FINDS_REFERENCE: "0", **{name: repr(value) for name, value in own.items()}}


def _paces(line: CellLine) -> dict[str, str]:
    """Return the paces with which a line at rest grows as measured."""
    if not (line.doubling_time and line.apoptosis_rate and line.ki67):
        raise OestraError(f"The growth of {line.id} was not measured.")
    deaths = line.apoptosis_rate.value
    growth = math.log(2.0) / (line.doubling_time.value / 24.0)
    share = line.ki67.value / 100.0
    return {
        "k_division": f"{growth + deaths!r} / dividing",
        "k_death": f"{deaths!r} / death_fraction",
        "ki67_entry": f"{share / (1.0 - share)!r} / (cycling * licensed)",
    }
