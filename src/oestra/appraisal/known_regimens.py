"""The regimens that a library names: those of practice, of its trials, of its drugs."""

from collections import Counter
from dataclasses import dataclass

from oestra.core.library import Library
from oestra.drugs.component import Component
from oestra.drugs.listing import list_drugs
from oestra.drugs.ovarian_suppression import suppresses
from oestra.drugs.regimen import Regimen
from oestra.history.therapies import practice
from oestra.trial.designs import designs

__all__ = ["KnownDose", "known_doses", "known_regimens"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDose:
    """One drug as it is given.

    Parameters
    ----------
    text : str
        Drug, dose and days, as a regimen writes them.
    drug : str
        Its id.
    aliases : tuple of str
        Its other names.
    silences_ovaries : bool
        Whether only patients before menopause are given it.
    """

    text: str
    drug: str
    aliases: tuple[str, ...]
    silences_ovaries: bool


def known_regimens(library: Library) -> tuple[str, ...]:
    """Return every regimen that postmenopausal patients are given, once.

    Parameters
    ----------
    library : Library
        Its practice and trials.

    Returns
    -------
    tuple of str
        As they are written.
    """
    kept = [one for one in library.once(_read) if not suppresses(one)]
    return tuple(map(str, kept))


def known_doses(library: Library) -> tuple[KnownDose, ...]:
    """Return every drug as practice, a trial or the drug's own file gives it, once.

    Parameters
    ----------
    library : Library
        Its practice, trials and drugs.

    Returns
    -------
    tuple of KnownDose
        By drug, each as it is given most often first.
    """
    return library.once(_doses)


def _read(library: Library) -> tuple[Regimen, ...]:
    known = practice(library)
    found = [*known.regimens, *known.chemotherapy]
    for design in designs(library).values():
        for arm in design.arms:
            found += [Regimen.parse(text, library) for text in arm.regimens]
    return tuple(dict.fromkeys(one for one in found if one.components))


def _doses(library: Library) -> tuple[KnownDose, ...]:
    listed = {one.id: one for one in list_drugs(library)}
    given = [c for regimen in library.once(_read) for c in regimen.components]
    for one in listed.values():
        for text in one.regimens:
            given += Regimen.parse(text, library).components
    often = Counter(map(str, given))
    ordered = sorted(
        {str(one): one for one in given}.items(),
        key=lambda pair: (pair[1].drug.id.casefold(), -often[pair[0]]),
    )
    return tuple(_told(text, one, listed[one.drug.id].aliases) for text, one in ordered)


def _told(text: str, component: Component, aliases: tuple[str, ...]) -> KnownDose:
    return KnownDose(
        text=text,
        drug=component.drug.id,
        aliases=aliases,
        silences_ovaries=suppresses(Regimen((component,))),
    )
