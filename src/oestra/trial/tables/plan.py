"""Which columns the tables of a trial have, and how wide."""

import re

from oestra.cdisc.dictionary import LONGEST_TEXT, Dictionary, expanded
from oestra.trial.criterion_words import criterion_words
from oestra.trial.design import TrialDesign

__all__ = ["plain_words", "table_plan"]

_PLAIN = {"≠": "!=", "≤": "<=", "≥": ">="}


def plain_words(criterion: str, *, met: bool = True) -> str:
    """Write a criterion in words that every format holds.

    Parameters
    ----------
    criterion : str
        As the trial file has it.
    met : bool
        Whether it is met.
    """
    text = " ".join(criterion_words(criterion).split())
    for sign, plain in _PLAIN.items():
        text = text.replace(sign, plain)
    if met:
        return text
    return f"not {text}" if re.fullmatch(r"[\w ]+", text) else f"not ({text})"


def table_plan(design: TrialDesign) -> Dictionary:
    """Return the dictionary of the tables of a trial.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    """
    strata = [plain_words(text) for text in design.strata]
    subgroups = [f"{name} ({plain_words(w)})" for name, w in design.subgroups.items()]
    label = _widest([arm.label for arm in design.arms])
    study = _widest([design.id])
    factor = _widest(plain_words(text, met=False) for text in design.strata)
    drawn = {f"STRAT{n + 1}{end}": factor for n in range(len(strata)) for end in "DR"}
    return expanded(
        {"strata": strata, "subgroups": subgroups},
        {
            "STUDYID": study,
            "USUBJID": min(study + 13, LONGEST_TEXT),
            **dict.fromkeys(("TRTP", "ARM", "TRT01P", "TRT01A"), label),
            "ARMCD": _widest(design.arm_ids),
            "COHORT": _widest(design.groups),
            **drawn,
        },
    )


def _widest(texts: object) -> int:
    given = [len(str(text).encode()) for text in texts]  # type: ignore[attr-defined]
    return min(max(given, default=1), LONGEST_TEXT)
