"""The regimens that may be chosen for a patient, and which trials teach of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import prod

from oestra.core.errors import InputError
from oestra.core.library import SHIPPED, Library
from oestra.core.read_yaml import read_yaml
from oestra.drugs.regimen import Regimen
from oestra.evidence.published import published
from oestra.evidence.vocabulary import Use
from oestra.trial.designs import designs

__all__ = ["Candidate", "candidates_for", "severe_percent", "taught_by"]

_MOST = 20
_SEVERE = "3+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A regimen for metastatic disease.

    Parameters
    ----------
    id : str
        Short name.
    regimen : str
        Drugs, doses and days.
    her2 : str
        ``positive`` or ``negative``, or empty for any disease.
    """

    id: str
    regimen: str
    her2: str = ""


@cache
def _shipped() -> tuple[Candidate, ...]:
    text = files("oestra.appraisal").joinpath("regimens.yaml").read_text("utf-8")
    return tuple(Candidate(**entry) for entry in read_yaml(text))


def candidates_for(
    *, her2_positive: bool, own: Sequence[str] = (), library: Library = SHIPPED
) -> tuple[Candidate, ...]:
    """Return the regimens to choose among.

    Parameters
    ----------
    her2_positive : bool
        Whose disease it is.
    own : sequence of str
        Regimens of the user; they take the place of those that ship.
    library : Library
        Whose drugs they are of.

    Raises
    ------
    InputError
        If one cannot be read, or there are more than 20, or two alike.
    """
    status = "positive" if her2_positive else "negative"
    if not own:
        return tuple(one for one in _shipped() if one.her2 in {"", status})
    if len(own) > _MOST:
        raise InputError(f"At most {_MOST} regimens are compared, got {len(own)}.")
    read = [str(Regimen.parse(text, library)) for text in own]
    if twice := sorted({text for text in read if read.count(text) > 1}):
        raise InputError(f"The regimen {twice[0]!r} is given twice.")
    return tuple(Candidate(id=text, regimen=text) for text in read)


def severe_percent(regimen: str, library: Library = SHIPPED) -> float:
    """Return who is expected to have an event of grade 3 or more, percent.

    Parameters
    ----------
    regimen : str
        Drugs, doses and days.
    library : Library
        Whose drug sheets are read.

    Returns
    -------
    float
        As the shares of the drug sheets say at their standard doses, were events
        independent; of a harm that several drugs do, the larger share. What a sheet
        does not say is not in it.
    """
    shares: dict[str, float] = {}
    for component in Regimen.parse(regimen, library).components:
        for harm in component.drug.toxicities:
            if harm.grade == _SEVERE:
                before = shares.get(harm.event, 0.0)
                shares[harm.event] = max(before, harm.rate.value / 100.0)
    return 100.0 * (1.0 - prod(1.0 - share for share in shares.values()))


def _drugs(regimen: str, library: Library) -> frozenset[str]:
    parsed = Regimen.parse(regimen, library)
    return frozenset(component.drug.id for component in parsed.components)


def taught_by(
    candidates: Sequence[Candidate], library: Library = SHIPPED
) -> Mapping[str, tuple[str, ...]]:
    """Return the fitted trials that gave the same drugs, by id of the candidate.

    Parameters
    ----------
    candidates : sequence of Candidate
        The regimens.
    library : Library
        Whose trials are looked at.
    """
    given: dict[frozenset[str], set[str]] = {}
    for name, design in designs(library).items():
        if not published(name, use=Use.FIT):
            continue
        for arm in design.arms:
            for text in arm.regimens:
                given.setdefault(_drugs(text, library), set()).add(name)
    return {
        one.id: tuple(sorted(given.get(_drugs(one.regimen, library), set())))
        for one in candidates
    }
