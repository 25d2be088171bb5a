"""How trials are run and read in practice: numbers that trials do not print."""

from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import Any

from ruamel.yaml import YAML

from oestra.core.quantity import Origin, Quantity

__all__ = ["Assumptions", "assumptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """Conduct of a trial beyond its protocol; the values stand in assumptions.yaml.

    Parameters
    ----------
    reading_error : Quantity
        Standard deviation of the log of one measured diameter.
    uptake_error : Quantity
        Standard deviation of the log of one uptake of FDG.
    visible_diameter : Quantity
        Smallest lesion seen on a scan, mm.
    nontarget_rise : Quantity
        Ratio of volume that a reader calls unequivocal progression.
    bone_rise : Quantity
        The same of lesions in bone.
    bone_renewal : Quantity
        Time constant with which bone that tumor has taken is renewed, days.
    visit_jitter : Quantity
        Standard deviation of a visit's day about its plan, days.
    missed_visit : Quantity
        Probability that an assessment is missing or cannot be evaluated.
    withdrawal : Quantity
        Rate at which patients are lost without progression, per month.
    new_therapy_delay : Quantity
        Days from stopping for an adverse event to the next treatment.
    severe_stops, severe_reductions : Quantity
        Shares of patients with a severe adverse event who stop the drug, where no share
        of its own was published, and who go on at a lower dose.
    reduced_dose : Quantity
        What a reduction leaves of the dose.
    exposure_period : Quantity
        Median months on a drug over which a published share of patients stopped it for
        harm, or had an event, where its file has none.
    harm_onset : Quantity
        Months with which the hazard of first events falls.
    moderate_events : Quantity
        Share of the events below grade 3 that are of grade 2.
    life_threatening_events : Quantity
        Share of the events of grade 3 or more that are of grade 4.
    event_days : Quantity
        Mean days until an event is over.
    plasma_copies : Quantity
        Copies of mutant DNA in a tube of plasma for a billion mutant tumor cells, of
        the median patient.
    plasma_shedding : Quantity
        Standard deviation of its log between patients.
    plasma_sensitivity : Quantity
        Share of the copies in a tube that the assay reads.
    plasma_limit : Quantity
        Fewest copies read that are called a mutation.
    plasma_rise : Quantity
        Copies read over the fewest in a tube before that are called a rise.
    """

    reading_error: Quantity
    uptake_error: Quantity
    visible_diameter: Quantity
    nontarget_rise: Quantity
    bone_rise: Quantity
    bone_renewal: Quantity
    visit_jitter: Quantity
    missed_visit: Quantity
    withdrawal: Quantity
    new_therapy_delay: Quantity
    severe_stops: Quantity
    severe_reductions: Quantity
    reduced_dose: Quantity
    exposure_period: Quantity
    harm_onset: Quantity
    moderate_events: Quantity
    life_threatening_events: Quantity
    event_days: Quantity
    plasma_copies: Quantity
    plasma_shedding: Quantity
    plasma_sensitivity: Quantity
    plasma_limit: Quantity
    plasma_rise: Quantity


@cache
def assumptions() -> Assumptions:
    """Return the shipped assumptions.

    Returns
    -------
    Assumptions
        Every number with its unit, interval and reason.
    """
    text = (resources.files("oestra.trial") / "assumptions.yaml").read_text("utf-8")
    data: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return Assumptions(
        **{
            field.name: Quantity(
                value=float(data[field.name]["value"]),
                unit=data[field.name]["unit"],
                interval=tuple(map(float, data[field.name]["interval"])),  # pyright: ignore[reportArgumentType]
                origin=Origin.ASSUMED,
                reason=data[field.name]["reason"],
            )
            for field in fields(Assumptions)
        }
    )
