"""Trials of patients before menopause: what must be given to them, and what must not.

The population is one of patients after menopause unless a design names the column
``menopause``.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import pandas as pd

from oestra.core.errors import InputError
from oestra.core.library import SHIPPED, Library
from oestra.core.terms import Target
from oestra.drugs.ovarian_suppression import suppresses
from oestra.drugs.regimen import Regimen
from oestra.trial.criterion import evaluate, names_in
from oestra.trial.design import TrialDesign
from oestra.trial.design_criteria import criteria_of
from oestra.trial.fault import Fault

__all__ = [
    "AFTER",
    "BEFORE",
    "COLUMN",
    "Asked",
    "asks_for_menopause",
    "menopausal_cautions",
    "menopausal_faults",
]

COLUMN = "menopause"
"""The column of the decisions table."""
BEFORE = "premenopausal"
"""What it holds of patients whose ovaries make estradiol."""
AFTER = "postmenopausal"
"""What it holds of the others."""


def asks_for_menopause(design: TrialDesign) -> bool:
    """Tell whether a design speaks of menopause, so that some may be before it."""
    return any(COLUMN in names_in(text) for text in criteria_of(design))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The criteria of a design, as far as they are about menopause.

    Parameters
    ----------
    eligibility, every : tuple of str
        Criteria that every patient must meet, and all that there are.
    definitions : mapping of str to str
        Criteria with a name.
    """

    eligibility: tuple[str, ...]
    every: tuple[str, ...]
    definitions: Mapping[str, str]

    @classmethod
    def by(cls, design: TrialDesign) -> "Asked":
        """Return the criteria of a design."""
        return cls(
            eligibility=design.eligibility,
            every=criteria_of(design),
            definitions=design.definitions,
        )

    @property
    def admitted(self) -> frozenset[str]:
        """States that criteria on menopause alone allow."""
        if not any(COLUMN in _names(text) for text in self.every):
            return frozenset({AFTER})
        table = pd.DataFrame({COLUMN: [BEFORE, AFTER]})
        met = np.ones(2, dtype=bool)
        for text in self.eligibility:
            if self._columns(text) == {COLUMN}:
                with suppress(InputError):
                    met &= evaluate(text, table, self.definitions)
        return frozenset(table.loc[met, COLUMN])

    def _columns(self, text: str) -> set[str]:
        """Return the columns that a criterion speaks of, through definitions too."""
        found, ahead = set[str](), [text]
        while ahead:
            new = _names(ahead.pop()) - found
            found |= new
            ahead += [self.definitions[name] for name in new & set(self.definitions)]
        return found - set(self.definitions)


def _names(text: str) -> frozenset[str]:
    try:
        return names_in(text)
    except InputError:
        return frozenset()


def menopausal_faults(
    asked: Asked,
    regimens: Sequence[tuple[tuple[str | int, ...], str]],
    library: Library,
) -> Iterator[Fault]:
    """Find regimens that silence ovaries in a trial where nobody's work.

    Parameters
    ----------
    asked : Asked
        The criteria of the trial.
    regimens : sequence of tuple
        Places and texts of its regimens.
    library : Library
        Whose drugs they give.

    Yields
    ------
    Fault
        One a regimen.
    """
    if BEFORE in asked.admitted:
        return
    for place, text in regimens:
        if _silences(text, library):
            yield Fault(
                place,
                f"{text!r} silences ovaries, and all patients of the trial are "
                f"postmenopausal; add '{COLUMN} == \"{BEFORE}\"' to eligibility, or "
                "leave the drug out",
            )


def _silences(text: str, library: Library) -> bool:
    try:
        return suppresses(Regimen.parse(text, library))
    except InputError:
        return False


def menopausal_cautions(
    design: TrialDesign, library: Library = SHIPPED
) -> Iterator[str]:
    """Tell where an aromatase inhibitor meets ovaries that go on.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    library : Library
        Whose drugs its arms take.

    Yields
    ------
    str
        A sentence each, without a period.
    """
    if BEFORE not in Asked.by(design).admitted:
        return
    for arm in design.arms:
        regimens = [Regimen.parse(text, library) for text in arm.regimens]
        bare = [
            one
            for regimen in regimens
            if not suppresses(regimen)
            for one in regimen.components
            if one.drug.action(Target.CYP19A1)
        ]
        if bare:
            yield (
                f"{arm.id} gives {bare[0].drug.id} without ovarian suppression to "
                "premenopausal patients, whose ovaries make estradiol that it does not "
                "lower; goserelin 3.6 mg every 28 days would"
            )
    yield (
        "premenopausal patients lived before the trial, and live after it, as if their "
        "ovaries had ceased: only what happens on trial knows of ovarian estradiol, "
        "whose numbers are assumed"
    )
