"""The therapies that practice gives outside trials, read from a library."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, TypeAdapter, ValidationError

from oestra.core.errors import InputError, OestraError, unknown_name
from oestra.core.library import SHIPPED, Kind, Library
from oestra.core.library_file import read_mapping
from oestra.core.quantity import Quantity
from oestra.drugs.regimen import Regimen
from oestra.history.by_year import ByYear

__all__ = ["Odds", "Only", "Practice", "Therapy", "TherapyKind", "practice"]

Array = NDArray[np.float64]
Odds = Quantity | ByYear
"""How often a therapy is given, in all years or by year."""


class TherapyKind(StrEnum):
    """What a therapy is to practice."""

    ENDOCRINE = "endocrine"
    CHEMOTHERAPY = "chemotherapy"


class Only(StrEnum):
    """Who alone is given a therapy."""

    HER2_NEGATIVE = "her2_negative"
    HER2_POSITIVE = "her2_positive"
    PIK3CA_MUTANT = "pik3ca_mutant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Therapy:
    """A therapy outside trials.

    Parameters
    ----------
    name : str
        Its name.
    regimen : str
        Drugs, doses and days.
    therapy_class : str
        ``class`` in the file: the word of eligibility criteria, by default the name.
    partner : str
        Class of the drug that is given with the endocrine one, if any.
    kind : TherapyKind
        Endocrine, or chemotherapy.
    adjuvant_odds, first_line_odds, later_odds : Quantity or ByYear, optional
        Odds as adjuvant therapy, as the first line for metastases, and as a second or
        later one, against the others; never given there if absent.
    only : tuple of Only
        Who alone gets it; everybody may if empty.
    """

    name: str
    regimen: str
    therapy_class: str = ""
    partner: str = ""
    kind: TherapyKind = TherapyKind.ENDOCRINE
    adjuvant_odds: Odds | None = None
    first_line_odds: Odds | None = None
    later_odds: Odds | None = None
    only: tuple[Only, ...] = ()

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    @property
    def classes(self) -> tuple[str, ...]:
        """The class of the endocrine drug and that of its partner."""
        return tuple(filter(None, (self.therapy_class, self.partner)))

    @property
    def odds(self) -> tuple[Odds | None, Odds | None, Odds | None]:
        """Odds as adjuvant therapy, as the first line, and as a later one."""
        return self.adjuvant_odds, self.first_line_odds, self.later_odds


def _at(odds: Odds | None, year: Array) -> Array:
    if odds is None:
        return np.zeros(year.shape)
    if isinstance(odds, ByYear):
        return odds.at(year)
    return np.full(year.shape, odds.value)


@dataclass(frozen=True, kw_only=True)
class Practice:
    """Endocrine therapies by code, no treatment first, and chemotherapy.

    Parameters
    ----------
    therapies : tuple of Therapy
        The endocrine ones.
    regimens : tuple of Regimen
        Of the endocrine therapies.
    chemotherapy : tuple of Regimen
        For everybody, and for HER2-positive patients.
    """

    therapies: tuple[Therapy, ...]
    regimens: tuple[Regimen, ...]
    chemotherapy: tuple[Regimen, Regimen]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the endocrine therapies."""
        return tuple(one.name for one in self.therapies)

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """Classes of their endocrine drugs, one a therapy."""
        return tuple(one.therapy_class for one in self.therapies)

    @cached_property
    def partners(self) -> tuple[str, ...]:
        """Classes of what is given with these, one a therapy, empty for nothing."""
        return tuple(one.partner for one in self.therapies)

    @cached_property
    def alone(self) -> NDArray[np.bool_]:
        """Which therapies are an endocrine drug without a partner."""
        return np.array([not one.partner for one in self.therapies])

    @cached_property
    def every_class(self) -> tuple[str, ...]:
        """Every class once, no treatment aside."""
        found = [name for one in self.therapies[1:] for name in one.classes]
        return tuple(dict.fromkeys(found))

    @cached_property
    def alike(self) -> NDArray[np.bool_]:
        """Which therapies share a class and so fail together, square."""
        sets = [set(one.classes) for one in self.therapies]
        return np.array([[not a.isdisjoint(b) for a in sets] for b in sets])

    @cached_property
    def class_of_drug(self) -> Mapping[str, str]:
        """Class of each drug: that of what is given alone, or of a partner."""
        pairs = list(zip(self.therapies, self.regimens, strict=True))
        alone = {
            drug: therapy.therapy_class
            for therapy, regimen in pairs
            if not therapy.partner
            for drug in regimen.drugs
        }
        beside = {
            drug: therapy.partner
            for therapy, regimen in pairs
            if therapy.partner
            for drug in regimen.drugs
        }
        return {**beside, **alone}

    def code(self, name: str) -> int:
        """Return the code of a therapy.

        Raises
        ------
        InputError
            If practice has no such therapy; names the nearest.
        """
        if name not in self.names:
            raise unknown_name("therapy of practice", name, self.names)
        return self.names.index(name)

    def of_class(self, name: str) -> list[int]:
        """Return the codes of the therapies that hold a drug of a class."""
        return [code for code, one in enumerate(self.therapies) if name in one.classes]

    def odds(self, line: int, year: Array) -> Array:
        """Return how often each therapy is given in some years.

        Parameters
        ----------
        line : int
            0 for adjuvant therapy, 1 for the first line for metastases.
        year : ndarray, shape (n,)
            Calendar years.

        Returns
        -------
        ndarray, shape (n, therapies)
            Odds against each other.
        """
        columns = [_at(one.odds[min(line, 2)], year) for one in self.therapies]
        return np.stack(columns, axis=1)


def practice(library: Library = SHIPPED) -> Practice:
    """Return the practice of a library; own files add therapies.

    Raises
    ------
    InputError
        If a file cannot be used; names it and the therapy.
    """
    return library.once(_read)


def _entries(file: Traversable) -> Mapping[str, Mapping[str, Any]]:
    return read_mapping(file, "therapies by name")


def _therapy(name: str, entry: Mapping[str, Any], where: str) -> Therapy:
    given = dict(entry) if isinstance(entry, dict) else {}
    given["therapy_class"] = given.pop("class", name)
    try:
        return TypeAdapter(Therapy).validate_python({"name": name, **given})
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()
        )
        raise InputError(f"{where}: {name}: {faults}.") from None
    except OestraError as error:
        raise InputError(f"{where}: {name}: {error}") from None


def _regimen(therapy: Therapy, where: str, library: Library) -> Regimen:
    try:
        return Regimen.parse(therapy.regimen, library)
    except OestraError as error:
        raise InputError(f"{where}: {therapy.name}: {error}") from None


def _read(library: Library) -> Practice:
    found: dict[str, tuple[Therapy, Regimen]] = {}
    for file in library.files(Kind.PRACTICE, "oestra.history.practices"):
        for name, entry in _entries(file).items():
            if name in found:
                raise InputError(f"{file.name}: {name!r} exists already.")
            therapy = _therapy(name, entry, file.name)
            found[name] = therapy, _regimen(therapy, file.name, library)
    endocrine = [one for one in found.values() if one[0].kind is TherapyKind.ENDOCRINE]
    toxic = [one for one in found.values() if one[0].kind is TherapyKind.CHEMOTHERAPY]
    for_all = [r for therapy, r in toxic if not therapy.only]
    for_her2 = [r for therapy, r in toxic if therapy.only == (Only.HER2_POSITIVE,)]
    if len(for_all) != 1 or len(for_her2) != 1:
        raise InputError(
            "Practice has one chemotherapy for all and one for HER2-positive patients, "
            f"got {len(for_all)} and {len(for_her2)}."
        )
    return Practice(
        therapies=tuple(therapy for therapy, _ in endocrine),
        regimens=tuple(regimen for _, regimen in endocrine),
        chemotherapy=(for_all[0], for_her2[0]),
    )
