"""Trials of patients before menopause: what must be given to them, and what must not.

The population is one of patients after menopause unless a design names the column
``menopause``.
"""

from collections.abc import Iterator

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


def _admitted(design: TrialDesign) -> frozenset[str]:
    """Return the states that criteria on menopause alone allow."""
    if not asks_for_menopause(design):
        return frozenset({AFTER})
    table = pd.DataFrame({COLUMN: [BEFORE, AFTER]})
    met = np.ones(2, dtype=bool)
    for text in design.eligibility:
        if _speaks_of_it_alone(text, design):
            met &= evaluate(text, table, design.definitions)
    return frozenset(table.loc[met, COLUMN])


def _speaks_of_it_alone(text: str, design: TrialDesign) -> bool:
    found, ahead = set[str](), [text]
    while ahead:
        new = names_in(ahead.pop()) - found
        found |= new
        ahead += [design.definitions[name] for name in new & set(design.definitions)]
    return found - set(design.definitions) == {COLUMN}


def menopausal_faults(design: TrialDesign, library: Library) -> Iterator[Fault]:
    """Find arms that silence ovaries in a trial where nobody's work.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    library : Library
        Whose drugs its arms take.

    Yields
    ------
    Fault
        One an arm.
    """
    if BEFORE in _admitted(design):
        return
    for index, arm in enumerate(design.arms):
        silent = [text for text in arm.regimens if _silences(text, library)]
        if silent:
            yield Fault(
                ("arms", index),
                f"{arm.id} silences ovaries ({silent[0]}), and all patients of the "
                f"trial are postmenopausal; add '{COLUMN} == \"{BEFORE}\"' to "
                "eligibility, or leave the drug out",
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
    if BEFORE not in _admitted(design):
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
