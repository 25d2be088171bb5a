"""How often the drugs of a regimen harm each patient, and what harm leads to.

Every event of a drug is a point of a Poisson process in the patient's time on it. Each
point is marked: it stops the drug, lowers its dose, holds it, or changes nothing. So
the hazards of all that events lead to add up to the hazard of the event [1]_, and how
often patients stop or step down is what the drug's file says of that.

References
----------
.. [1] Kingman JFC (1993). Poisson Processes. Oxford University Press (marking and
   coloring theorems).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.drugs.drug import Drug
from oestra.drugs.rate_times import timed_hazard
from oestra.drugs.toxicity import (
    LABORATORY,
    Consequence,
    Discontinuation,
    Toxicity,
)
from oestra.trial.assumption import Assumptions

__all__ = ["UNSPECIFIED", "DrugHarm", "Kind", "Steered", "drug_harm"]

Array = NDArray[np.float64]
_Timed = Callable[[Toxicity | Discontinuation], Array]
UNSPECIFIED = "adverse event"
"""Event of a drug that patients stop and whose file names no event that they feel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of event of one drug in n patients.

    Parameters
    ----------
    event : str
        The term.
    mild, severe : ndarray, shape (n,)
        Hazards of events below grade 3, and of grade 3 or more, per month of onset.
    felt : bool
        Whether patients feel it; blood tests show the rest.
    leads_to : Consequence
        The most that severe events lead to.
    rescue : str
        What is given for severe events.
    """

    event: str
    mild: Array
    severe: Array
    felt: bool
    leads_to: Consequence
    rescue: str = ""

    @property
    def related(self) -> bool:
        """Whether the drug is held to be the cause."""
        return self.leads_to is not Consequence.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Steered:
    """A part of the hazard of one kind that changes the treatment.

    Parameters
    ----------
    kind : Kind
        The kind.
    severe : bool
        Whether events of grade 3 or more do it.
    hazard : ndarray, shape (n,)
        How often, per month of onset.
    """

    kind: Kind
    severe: bool
    hazard: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugHarm:
    """Harm of one drug in n patients.

    Parameters
    ----------
    drug : str
        Its id.
    kinds : tuple of Kind
        Events with a rate.
    stop, reduce : ndarray, shape (n,)
        Hazards of stopping, and of going on at a lower dose, per month of onset.
    severe_stops : float
        Share of severe events that patients feel which stop the drug, if no more do.
    """

    drug: str
    kinds: tuple[Kind, ...]
    stop: Array
    reduce: Array
    severe_stops: float

    def stops(self) -> list[Steered]:
        """Return which events stop the drug; their hazards add up to ``stop``."""
        felt = [kind for kind in self.kinds if kind.felt and kind.related]
        severe = self.severe_stops * np.sum([k.severe for k in felt], axis=0)
        mild = np.sum([kind.mild for kind in felt], axis=0)
        if not np.any(severe + mild > 0):
            none = np.zeros_like(self.stop)
            kind = Kind(
                event=UNSPECIFIED,
                mild=self.stop,
                severe=none,
                felt=True,
                leads_to=Consequence.INTERRUPTION,
            )
            return [Steered(kind=kind, severe=False, hazard=self.stop)]
        # Severe events come first, and alone where the file has no others.
        first = np.where(mild > 0, np.minimum(severe, self.stop), self.stop)
        by_severe = _ratio(first, severe) * self.severe_stops
        by_mild = _ratio(self.stop - first, mild)
        return [
            Steered(kind=kind, severe=bad, hazard=share * hazard)
            for kind in felt
            for bad, share, hazard in (
                (True, by_severe, kind.severe),
                (False, by_mild, kind.mild),
            )
        ]

    def steps(self) -> list[Steered]:
        """Return which events lower doses; their hazards add up to ``reduce``."""
        able = [k for k in self.kinds if k.leads_to is Consequence.DOSE_STEP]
        whole = np.sum([kind.severe for kind in able], axis=0)
        share = _ratio(self.reduce, whole)
        return [
            Steered(kind=kind, severe=True, hazard=share * kind.severe) for kind in able
        ]

    def others(self) -> list[Steered]:
        """Return the events after which the drug goes on at its dose."""
        spent: dict[tuple[str, bool], Array] = {}
        for one in (*self.stops(), *self.steps()):
            key = one.kind.event, one.severe
            spent[key] = spent.get(key, 0.0) + one.hazard
        none = np.zeros_like(self.stop)
        return [
            Steered(
                kind=kind,
                severe=bad,
                hazard=np.maximum(hazard - spent.get((kind.event, bad), none), 0.0),
            )
            for kind in self.kinds
            for bad, hazard in ((True, kind.severe), (False, kind.mild))
        ]


def _ratio(part: Array, whole: Array) -> Array:
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), 0.0)


def _kinds(drug: Drug, exposed: Array, timed: _Timed) -> tuple[Kind, ...]:
    by_event: dict[str, dict[str, Toxicity]] = {}
    for harm in drug.toxicities:
        by_event.setdefault(harm.event, {})[harm.grade] = harm
    none = np.zeros_like(exposed)
    found: list[Kind] = []
    for event, harms in by_event.items():
        severe, whole = none, none
        if "3+" in harms:
            severe = timed(harms["3+"])
        if "any" in harms:
            whole = timed(harms["any"])
        told = harms.get("3+") or harms["any"]
        found.append(
            Kind(
                event=event,
                mild=np.maximum(whole - severe, 0.0),
                severe=severe,
                felt=event not in LABORATORY,
                leads_to=told.leads_to,
                rescue=told.rescue,
            )
        )
    return tuple(found)


def drug_harm(drug: Drug, exposed: Array, known: Assumptions) -> DrugHarm:
    """Return how often a drug harms patients.

    A published share of patients who stop it counts as far as it exceeds the control
    arm. Without one, patients stop a share of their severe events that they feel.

    Parameters
    ----------
    drug : Drug
        The drug.
    exposed : ndarray, shape (n,)
        Their exposure over that of the typical patient at the standard dose.
    known : Assumptions
        What severe events lead to, and over which time shares were counted.

    Returns
    -------
    DrugHarm
        Hazards per month of each.
    """

    def timed(harm: Toxicity | Discontinuation) -> Array:
        return timed_hazard(
            drug,
            harm,
            exposed,
            usual=known.exposure_period.value,
            onset=known.harm_onset.value,
        )

    kinds = _kinds(drug, exposed, timed)
    stepped = [k.severe for k in kinds if k.leads_to is Consequence.DOSE_STEP]
    felt = [kind.severe for kind in kinds if kind.felt and kind.related]
    none = np.zeros_like(exposed)
    stop = known.severe_stops.value * sum(felt, none)
    if drug.discontinuation is not None:
        stop = timed(drug.discontinuation)
    return DrugHarm(
        drug=drug.id,
        kinds=kinds,
        stop=stop,
        reduce=known.severe_reductions.value * sum(stepped, none),
        severe_stops=known.severe_stops.value,
    )
