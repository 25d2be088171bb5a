"""Experiments behind measurements: cells, what was done to them, when they were read.

Rows that come from the same cells, medium and pretreatment are one experiment with
several arms, so that the culture room prepares the cells once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from oestra.core.library import Library
from oestra.core.parameter_set import ParameterSet
from oestra.culture.experiment import Culture, prepare
from oestra.culture.medium import Condition, parse_condition

__all__ = ["Arm", "Experiment", "Seen", "Setting"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Setting:
    """Cells before an experiment.

    Parameters
    ----------
    line : str
        Cell line.
    medium : str
        What all arms are in, as the culture room reads it.
    pretreat : tuple of str
        Steps before.
    """

    line: str
    medium: str
    pretreat: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Arm:
    """What one dish of an experiment gets.

    Parameters
    ----------
    condition : str
        Drugs and substances besides the medium.
    loads : tuple of (str, float)
        Parameters of the cell set besides: inhibitors that are no drug of the library.
    """

    condition: str = "none"
    loads: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """Arms that start from the same cells.

    Parameters
    ----------
    setting : Setting
        The cells.
    arms : tuple of Arm
        The first is untreated.
    days : ndarray, shape (times,)
        When they are read, ascending from 0.
    """

    setting: Setting
    arms: tuple[Arm, ...]
    days: Array

    @classmethod
    def of(
        cls, setting: Setting, arms: Iterable[Arm], days: Iterable[float]
    ) -> "Experiment":
        """Collect arms and times, each once."""
        others = sorted(set(arms) - {Arm()})
        return cls(
            setting=setting,
            arms=(Arm(), *others),
            days=np.array(sorted({0.0, *days})),
        )

    def run(self, parameters: ParameterSet) -> "Seen":
        """Grow every arm.

        Raises
        ------
        OestraError
            If the cells do not grow with these parameters.
        """
        culture = prepare(
            self.setting.line,
            medium=self.setting.medium,
            pretreat=self.setting.pretreat,
            parameters=parameters,
        )
        return Seen(
            arms=self.arms,
            days=self.days,
            symbols=culture.symbols,
            values=_grow(culture, self.arms, self.days),
        )


@lru_cache(maxsize=1024)
def _condition(text: str, library: Library) -> Condition:
    return parse_condition(text, library)


def _grow(culture: Culture, arms: tuple[Arm, ...], days: Array) -> Array:
    library = culture.library
    full = [_condition(arm.condition, library).within(culture.medium) for arm in arms]
    besides = [dict(arm.loads) for arm in arms]
    strain = culture.strain
    return strain.grow(culture.y, full, float(days[-1]), at=days, also=besides).outputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen of an experiment.

    Parameters
    ----------
    arms, days
        As those of the experiment.
    symbols : tuple of str
        What was recorded.
    values : ndarray, shape (arms, times, symbols)
        The records.
    """

    arms: tuple[Arm, ...]
    days: Array
    symbols: tuple[str, ...]
    values: Array

    def course(self, arm: Arm, symbol: str) -> Array:
        """Return one symbol of one arm at all times."""
        return self.values[self.arms.index(arm), :, self.symbols.index(symbol)]

    def at(self, arm: Arm, symbol: str, days: float) -> float:
        """Return one symbol of one arm at one time, a moment of the experiment."""
        where = int(np.argmin(np.abs(self.days - days)))
        return float(self.course(arm, symbol)[where])
