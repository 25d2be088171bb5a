"""What the patients of one arm take, how often it harms, and when harm changes it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.drugs.regimen import Regimen
from oestra.follow.treatment import Step
from oestra.trial.discontinue import Leaving, Rates
from oestra.trial.phase_harm import PhaseHarm, steps_of

__all__ = ["ArmHarm"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmHarm:
    """Harm in one arm.

    Parameters
    ----------
    regimen : Regimen
        What its patients take.
    rates : Rates
        How often it harms each.
    leaving : Leaving
        When each stops, steps down or leaves.
    phases : tuple of PhaseHarm
        Treatments that follow each other, the first of which ``regimen`` is; empty
        where there is only one.
    """

    regimen: Regimen
    rates: Rates
    leaving: Leaving
    phases: tuple[PhaseHarm, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """What patients go on to after the regimen."""
        return steps_of(self.phases)

    @property
    def first_reduce_day(self) -> Array:
        """Days on which doses of the first regimen are lowered, shape (n,)."""
        return (self.phases[0] if self.phases else self).leaving.reduce_day

    @property
    def completed_day(self) -> Array:
        """Days from which a planned end leaves nothing to take, shape (n,)."""
        none = np.full(len(self.leaving.stop_day), np.inf)
        last = self.phases[-1] if self.phases else None
        return last.start if last and not last.regimen.components else none
