"""The parameter table: what is estimated, from where to where, and with which prior."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from oestra.calibration.cells.experiment import Arm, Experiment, Setting
from oestra.calibration.cells.problem import CellProblem
from oestra.calibration.cells.words import symbol_of
from oestra.calibration.free import FreeParameter
from oestra.calibration.petab.model import logit_of
from oestra.calibration.petab.observed import BLOT_SOURCE, blot_top
from oestra.calibration.petab.written import Written
from oestra.core.parameter_set import ParameterSet
from oestra.evidence.cell_measurement import cell_measurements

__all__ = ["Estimated", "blot_scales", "free_rows"]

_FAR = 4.0
"""Bounds lie so many standard deviations of the prior from its middle: at twice the
ends of a parameter's interval, so that they do not cut the prior."""
_SCALE = (1e-4, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimated:
    """A row of the parameter table.

    Parameters
    ----------
    id, name : str
        Identifier, and what it is in words.
    low, high, nominal : float
        Bounds, and the value of the fit.
    prior : str
        Distribution of PEtab; empty for one that is even between the bounds.
    of : tuple of float
        Its parameters.
    """

    id: str
    name: str
    low: float
    high: float
    nominal: float
    prior: str = ""
    of: tuple[float, ...] = ()


def free_rows(common: ParameterSet) -> tuple[Estimated, ...]:
    """Return the free parameters of the cell.

    Parameters
    ----------
    common : ParameterSet
        Where their nominal values are from.

    Returns
    -------
    tuple of Estimated
        In the order of ``free.yaml``; a share by its logit, whose prior is normal.
    """
    return tuple(_row(one, common[one.name]) for one in CellProblem.of().free)


def _row(one: FreeParameter, value: float) -> Estimated:
    low, high = (one.center + side * _FAR * one.spread for side in (-1.0, 1.0))
    of = (one.center, one.spread)
    if one.share:
        return Estimated(
            id=logit_of(one.name),
            name=f"logit of {one.name}",
            low=low,
            high=high,
            nominal=math.log(value / (1.0 - value)),
            prior="normal",
            of=of,
        )
    return Estimated(
        id=one.name,
        name=one.name,
        low=math.exp(low),
        high=math.exp(high),
        nominal=value,
        prior="log-normal",
        of=of,
    )


def blot_scales(
    written: tuple[Written, ...], common: ParameterSet
) -> tuple[Estimated, ...]:
    """Return the largest signal of every blot that is read in shares.

    Parameters
    ----------
    written : tuple of Written
        The measurements.
    common : ParameterSet
        With which the nominal values are simulated.

    Returns
    -------
    tuple of Estimated
        One a readout.

    Raises
    ------
    OestraError
        If the cells do not grow with these parameters.
    """
    rows = {row.id: row for row in cell_measurements()}
    of_blots = [
        one for one in written if rows[one.id.partition("/")[0]].source == BLOT_SOURCE
    ]
    plan: dict[Setting, tuple[set[Arm], set[float]]] = {}
    for one in of_blots:
        arms, days = plan.setdefault(one.dish.setting, (set(), set()))
        arms.add(one.dish.arm)
        days.add(one.days)
    tops: dict[str, float] = {}
    for setting, (arms, days) in plan.items():
        seen = Experiment.of(setting, arms, days).run(common)
        symbols: Mapping[str, str] = {
            rows[one.id].readout: symbol_of(rows[one.id]) for one in of_blots
        }
        for readout, symbol in symbols.items():
            tops[readout] = max(float(seen.course(arm, symbol).max()) for arm in arms)
    return tuple(
        Estimated(
            id=blot_top(readout),
            name=f"largest {readout} of the blot",
            low=_SCALE[0],
            high=_SCALE[1],
            nominal=top,
            prior="log-uniform",
            of=_SCALE,
        )
        for readout, top in tops.items()
    )
