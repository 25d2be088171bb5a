"""What a mechanism of resistance does to cells under each endocrine strategy."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oestra.appraisal.mechanism import Mechanism, Strategy, Variant, mechanisms
from oestra.claims.cells import Experiment, conduct
from oestra.core.parameter_set import ParameterSet

__all__ = ["Cells", "Resisted", "resist"]

_DIVISIONS, _GROWTH = "division_rate", "growth_rate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Cells at the end of one run.

    Parameters
    ----------
    divisions, growth : float
        Divisions of a cell, and growth of their number, 1/day.
    divisions_left_percent : float
        Divisions, of those of the same cells untreated.
    signals : mapping of str to float
        States and derived quantities of the cell.
    """

    divisions: float
    growth: float
    divisions_left_percent: float
    signals: Mapping[str, float]

    def to_json_dict(self) -> dict[str, Any]:
        """Return the cells as JSON can hold them."""
        return {
            "divisions_per_day": self.divisions,
            "growth_per_day": self.growth,
            "divisions_left_percent": self.divisions_left_percent,
            "signals": dict(self.signals),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Resisted:
    """A mechanism under every strategy, beside cells without it.

    Parameters
    ----------
    mechanism : Mechanism
        Which.
    variant : Variant
        In which form.
    having, lacking : mapping of str to Cells
        Cells with and without it, by strategy; untreated first.
    """

    mechanism: Mechanism
    variant: Variant
    having: Mapping[str, Cells]
    lacking: Mapping[str, Cells]

    def to_json_dict(self) -> dict[str, Any]:
        """Return the comparison as JSON can hold it."""
        return {
            "mechanism": self.mechanism.id,
            "title": self.mechanism.title,
            "variant": self.variant.id,
            "label": self.variant.label,
            "row": self.mechanism.row,
            "strategies": {
                name: {
                    "with": self.having[name].to_json_dict(),
                    "without": self.lacking[name].to_json_dict(),
                }
                for name in self.having
            },
        }


def resist(mechanism: Mechanism, variant: Variant, common: ParameterSet) -> Resisted:
    """Treat cells with and without a mechanism by every strategy.

    Parameters
    ----------
    mechanism : Mechanism
        Which.
    variant : Variant
        One of its variants.
    common : ParameterSet
        Parameters of the model.

    Returns
    -------
    Resisted
        Cells a week after treatment began, as `oestra cell` gives them; a median tumor
        after 90 days of a regimen where the mechanism is one of the patient.

    Raises
    ------
    OestraError
        If the solver could not follow the cells to the end.
    """
    every = mechanisms().strategies
    return Resisted(
        mechanism=mechanism,
        variant=variant,
        having=_under(
            {one: conduct(mechanism.with_it(variant, one), common) for one in every}
        ),
        lacking=_under(
            {one: conduct(mechanism.without_it(variant, one), common) for one in every}
        ),
    )


def _under(runs: Mapping[Strategy, Experiment]) -> dict[str, Cells]:
    """Return cells by strategy; the first run is that of untreated ones."""
    whole = _last(next(iter(runs.values())), _DIVISIONS)
    signals = mechanisms().signals
    found: dict[str, Cells] = {}
    for strategy, run in runs.items():
        divisions = _last(run, _DIVISIONS)
        found[strategy.id] = Cells(
            divisions=divisions,
            growth=_last(run, _GROWTH),
            divisions_left_percent=100.0 * divisions / whole,
            signals={name: _last(run, name) for name in signals},
        )
    return found


def _last(run: Experiment, name: str) -> float:
    return run.read(name, name).final
