"""The therapies that practice gives outside trials, read from a library."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
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

__all__ = ["Practice", "Therapy", "TherapyKind", "practice"]


class TherapyKind(StrEnum):
    """What a therapy is to practice."""

    ENDOCRINE = "endocrine"
    CHEMOTHERAPY = "chemotherapy"


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
    kind : TherapyKind
        Endocrine, or chemotherapy.
    later_odds : Quantity, optional
        Odds as a second or later line, against the others; never given if absent.
    her2_positive_only : bool
        Whether only HER2-positive patients get it.
    """

    name: str
    regimen: str
    therapy_class: str = ""
    kind: TherapyKind = TherapyKind.ENDOCRINE
    later_odds: Quantity | None = None
    her2_positive_only: bool = False

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """Endocrine therapies by code, no treatment first, and chemotherapy.

    Parameters
    ----------
    names, classes : tuple of str
        Of the endocrine therapies.
    regimens : tuple of Regimen
        Of the endocrine therapies.
    later_odds : ndarray, shape (therapies,)
        Odds of each as a second or later line.
    chemotherapy : tuple of Regimen
        For everybody, and for HER2-positive patients.
    """

    names: tuple[str, ...]
    classes: tuple[str, ...]
    regimens: tuple[Regimen, ...]
    later_odds: NDArray[np.float64] = field(compare=False)
    chemotherapy: tuple[Regimen, Regimen]

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
        """Return the codes of the therapies of a class."""
        return [code for code, one in enumerate(self.classes) if one == name]


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
    for_all = [r for therapy, r in toxic if not therapy.her2_positive_only]
    for_her2 = [r for therapy, r in toxic if therapy.her2_positive_only]
    if len(for_all) != 1 or len(for_her2) != 1:
        raise InputError(
            "Practice has one chemotherapy for all and one for HER2-positive patients, "
            f"got {len(for_all)} and {len(for_her2)}."
        )
    return Practice(
        names=tuple(therapy.name for therapy, _ in endocrine),
        classes=tuple(therapy.therapy_class for therapy, _ in endocrine),
        regimens=tuple(regimen for _, regimen in endocrine),
        later_odds=np.array(
            [t.later_odds.value if t.later_odds else 0.0 for t, _ in endocrine]
        ),
        chemotherapy=(for_all[0], for_her2[0]),
    )
