"""One sentence on what two drugs do together, and on what the references disagree."""

from collections.abc import Mapping

import numpy as np

from oestra.culture.musyc import Musyc

__all__ = ["conclude", "judge", "told_musyc"]

_POINTS = 0.05
"""Mean excess, share of the untreated, from which a pair does more than expected."""
_INDEX = (0.9, 1.1)
"""Combination indices between which drugs add up."""
_WORDS = {1: "synergy", 0: "no more than additive", -1: "antagonism"}


def judge(excesses: Mapping[str, float], index: float | None) -> dict[str, int | None]:
    """Say for each reference whether the pair does more or less than it expects.

    Parameters
    ----------
    excesses : mapping of str to float
        Mean excess over the matrix by reference; NaN where it could not be computed.
    index : float or None
        Loewe's combination index.

    Returns
    -------
    dict of str to int or None
        1 for synergy, -1 for antagonism, 0 for neither, None where nothing is known.
    """
    found: dict[str, int | None] = {
        name: None if np.isnan(mean) else int(np.sign(mean)) * (abs(mean) >= _POINTS)
        for name, mean in excesses.items()
    }
    if index is None:
        return {**found, "Loewe": None}
    return {**found, "Loewe": (index < _INDEX[0]) - (index > _INDEX[1])}


def conclude(verdicts: Mapping[str, int | None]) -> str:
    """Return the verdicts as a sentence.

    Examples
    --------
    >>> conclude({"HSA": 1, "Bliss": 1, "Loewe": 0})
    'The references disagree: synergy by HSA and Bliss; no more than additive by Loewe.'
    >>> conclude({"HSA": 1, "Bliss": 1, "Loewe": None})
    'Synergy by HSA and Bliss; Loewe cannot tell.'
    """
    groups = {
        told: [name for name, verdict in verdicts.items() if verdict == sign]
        for sign, told in _WORDS.items()
    }
    parts = [f"{told} by {_and(names)}" for told, names in groups.items() if names]
    silent = [name for name, verdict in verdicts.items() if verdict is None]
    if not parts:
        return f"{_and(silent)} cannot tell."
    text = "; ".join(parts)
    text = f"The references disagree: {text}" if len(parts) > 1 else _upper(text)
    return f"{text}; {_and(silent)} cannot tell." if silent else f"{text}."


def told_musyc(found: Musyc, drugs: tuple[str, str]) -> str:
    """Return what the surface says of efficacy and potency.

    Parameters
    ----------
    found : Musyc
        The surface.
    drugs : tuple of str
        Names.
    """
    better = max(found.first.end, found.second.end)
    one, other = found.potency
    return (
        f"MuSyC: at saturation both take {100 * found.both:.0f} % where the better "
        f"alone takes {100 * better:.0f} %; {drugs[1]} changes the potency of "
        f"{drugs[0]} {one:.2g}-fold and {drugs[0]} that of {drugs[1]} {other:.2g}-fold "
        f"(surface off by {100 * found.error:.1f} points)."
    )


def _and(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
