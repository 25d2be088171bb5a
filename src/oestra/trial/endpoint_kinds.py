"""What families of endpoints, and times to an event, are called."""

from collections.abc import Mapping
from dataclasses import dataclass

from oestra.evidence.vocabulary import EndpointKind
from oestra.trial.analysis import TimeToEvent

__all__ = ["KINDS", "SCORED_KINDS", "TIMES", "KindNames", "TimeNames", "kind_label"]


@dataclass(frozen=True, slots=True)
class KindNames:
    """What a family of endpoints is called.

    Parameters
    ----------
    label, plural : str
        Of one endpoint, and of many.
    short : str
        Before a number, where the label of the endpoint does not tell; else empty.
    """

    label: str
    plural: str
    short: str = ""


KINDS: Mapping[str, KindNames] = {
    EndpointKind.HAZARD_RATIO: KindNames("hazard ratio", "hazard ratios", "HR"),
    EndpointKind.MEDIAN: KindNames("median", "medians", "median"),
    EndpointKind.RESPONSE: KindNames(
        "response or benefit", "response and benefit rates"
    ),
    EndpointKind.LANDMARK: KindNames("landmark", "landmarks"),
    EndpointKind.KI67: KindNames("Ki67 in tumors", "Ki67 in tumors"),
    EndpointKind.UPTAKE: KindNames("glucose uptake", "glucose uptake"),
    EndpointKind.COURSE: KindNames("course of the trial", "courses of the trial"),
    EndpointKind.ODDS_RATIO: KindNames("odds ratio", "odds ratios"),
}
"""By kind, in the order in which reports show them."""

SCORED_KINDS = (EndpointKind.HAZARD_RATIO, EndpointKind.MEDIAN, EndpointKind.RESPONSE)
"""Kinds of which enough was published to count hits."""


def kind_label(kind: str) -> str:
    """Return what one endpoint of a kind is called; other words stand for themselves.

    Parameters
    ----------
    kind : str
        As the evidence spells it.
    """
    return KINDS[kind].label if kind in KINDS else kind


@dataclass(frozen=True, slots=True)
class TimeNames:
    """What a time to an event is called.

    Parameters
    ----------
    short, long : str
        In tables, and in sentences.
    """

    short: str
    long: str


TIMES: Mapping[TimeToEvent, TimeNames] = {
    TimeToEvent.PFS: TimeNames("PFS", "progression-free survival"),
    TimeToEvent.TTP: TimeNames("TTP", "time to progression"),
    TimeToEvent.OS: TimeNames("OS", "overall survival"),
    TimeToEvent.PFS2: TimeNames("PFS2", "time to second progression"),
}
"""By the event."""
