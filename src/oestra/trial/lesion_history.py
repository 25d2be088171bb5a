"""One patient's lesions as readers wrote them down, from a mapping or a file.

A history is a mapping:

``lesions``
    A list, one a lesion, each with ``site`` and ``sizes``: the baseline first, then one
    reading a visit; or, with one lesion an organ, a mapping of site to sizes.
    ``target: true`` or ``false`` says what it is followed as; by default the largest
    that can be measured are targets, within the limits of the criteria. A site with the
    word *node* (*nodal*, *LN*) is a lymph node, all nodes are one organ, and *bone*
    (*skeletal*, *osseous*) cannot be measured unless it is said to be a target;
    *ascites*, *effusion*, *lymphangitis* and *leptomeningeal* disease never can.
``visits``
    A list, one a visit, each the day since the start, on which the baseline is day 0,
    or a mapping with ``day`` and,
    where there is something to say, ``new_lesion`` (yes, no, equivocal), ``evaluable``
    (true, false), ``nontarget`` (what all non-target lesions do, where they are not
    listed one by one) or ``response`` (the overall response, where it was read already
    and no lesions are listed).
``measurable``
    With ``response``: false for a patient without target lesions. Where it is not said,
    she has none if a visit reads non-CR/non-PD and none PR or SD.
``death_day``
    Day of death, if any.

A reading is a number of mm (the longest diameter; of a node the short axis), a pair of
perpendicular diameters, or a word: *gone*, *present*, *too small* (to measure),
*merged* (into another lesion of the organ, whose diameter holds both), *worse*
(unequivocal progression of a lesion that is no target), *NE* (not evaluable) or
*missed*.
``{split: [12, 9]}`` holds the parts of a lesion that fell apart. Words ignore case.
"""

from dataclasses import dataclass
from enum import StrEnum

from oestra.core.terms import Response

__all__ = ["LesionHistory", "LesionReading", "LesionSeries", "New", "Seen", "Visit"]


class Seen(StrEnum):
    """What a reader can say of a lesion without a size."""

    GONE = "gone"
    PRESENT = "present"
    TOO_SMALL = "too small"
    MERGED = "merged"
    WORSE = "worse"
    NOT_EVALUABLE = "NE"


class New(StrEnum):
    """Whether a lesion is seen that was not there before."""

    NO = "no"
    YES = "yes"
    EQUIVOCAL = "equivocal"


LesionReading = Seen | tuple[tuple[float, float], ...]
"""A word, or perpendicular diameters in mm of the lesion or of each of its parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionSeries:
    """One lesion at baseline and at every visit.

    Parameters
    ----------
    name, site : str
        What it is called in messages, and its organ.
    node, bone : bool
        Whether it is a lymph node, or lies in bone.
    target : bool or None
        What it was said to be followed as; None leaves it to the criteria.
    unmeasurable : bool
        Whether it is disease that no criteria measure, such as an effusion.
    readings : tuple
        The baseline, then one a visit.
    """

    name: str
    site: str
    node: bool
    bone: bool
    target: bool | None
    readings: tuple[LesionReading, ...]
    unmeasurable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visit.

    Parameters
    ----------
    day : float
        Days since the start.
    new_lesion : New
        Whether a new lesion is seen.
    evaluable : bool
        False where lesions could not be read; a new lesion counts all the same.
    nontarget : Seen or None
        What non-target lesions do, where they are not listed.
    response : Response or None
        The overall response, where it was read already.
    """

    day: float
    new_lesion: New = New.NO
    evaluable: bool = True
    nontarget: Seen | None = None
    response: Response | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionHistory:
    """One patient.

    Parameters
    ----------
    lesions : tuple of LesionSeries
        Her lesions; empty where visits hold responses.
    visits : tuple of Visit
        Her visits, by day.
    measurable : bool or None
        Whether she has target lesions, where visits hold responses; None if that
        was not said.
    death_day : float or None
        Day of death.
    """

    lesions: tuple[LesionSeries, ...]
    visits: tuple[Visit, ...]
    measurable: bool | None = None
    death_day: float | None = None
