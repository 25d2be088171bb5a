"""Criteria of a trial file in words, for figures."""

import re

__all__ = ["criterion_words"]

_SIGNS = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥"}
_CAPITALS = {
    name.lower(): name
    for name in (
        *("AI", "AKT1", "CYP2D6", "ECOG", "ER", "ESR1", "HER2"),
        *("Ki67", "PgR", "PI3K", "PIK3CA", "PTEN"),
    )
}


def criterion_words(criterion: str) -> str:
    """Write a criterion as a reader would, without quotes and underscores.

    Parameters
    ----------
    criterion : str
        As the trial file has it, such as ``not her2_positive``.

    Returns
    -------
    str
        Words, such as ``not HER2 positive``.
    """
    text = re.sub(r"\bnot in [\[(]([^])]*)[\])]", r"≠ \1", criterion)
    text = re.sub(r"\bin [\[(]([^])]*)[\])]", r"= \1", text)
    text = re.sub(r"[=!<>]=", lambda found: _SIGNS[found[0]], text)
    text = re.sub(r"[\"']", "", text).replace("_", " ")
    return re.sub(r"\w+", _capital, text)


def _capital(found: re.Match[str]) -> str:
    return _CAPITALS.get(found[0], found[0])
