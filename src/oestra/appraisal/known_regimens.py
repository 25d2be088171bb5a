"""The regimens that a library names: those of practice, then those of its trials."""

from oestra.core.library import Library
from oestra.drugs.ovarian_suppression import suppresses
from oestra.drugs.regimen import Regimen
from oestra.history.therapies import practice
from oestra.trial.designs import designs

__all__ = ["known_regimens"]


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
    return library.once(_read)


def _read(library: Library) -> tuple[str, ...]:
    known = practice(library)
    found = [*known.regimens, *known.chemotherapy]
    for design in designs(library).values():
        for arm in design.arms:
            found += [Regimen.parse(text, library) for text in arm.regimens]
    kept = [str(one) for one in found if one.components and not suppresses(one)]
    return tuple(dict.fromkeys(kept))
