"""Errors for people: what was given, what is allowed, the nearest match, where."""

from collections.abc import Iterable
from difflib import get_close_matches

from oestra.core.name import plain_name

__all__ = ["FaultsError", "InputError", "OestraError", "nearest", "shortened",
           "shown", "unknown_name"]  # fmt: skip

_LONGEST = 60
"""Characters of a given value that a message quotes."""


class OestraError(Exception):
    """Anything Oestra itself can explain; the command line prints it and exits 2."""


class InputError(OestraError):
    """Input that cannot be used, explained in one sentence."""


class FaultsError(InputError):
    """Several faults of one input.

    Parameters
    ----------
    sentences : iterable of str
        One a fault; told once where they are equal.
    """

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = tuple(dict.fromkeys(sentences))
        super().__init__("\n".join(self.sentences))


def shown(given: object) -> str:
    """Return what was given as a message quotes it: on one line, and not endless."""
    try:
        text = given if isinstance(given, str) else str(given)[: 2 * _LONGEST]
    except ValueError:
        # Python writes no whole number of thousands of digits.
        return "a number of thousands of digits"
    if len(text) > _LONGEST:
        text = text[:_LONGEST] + "..."
    return repr(text) if isinstance(given, str) else text


def shortened(said: str, most: int = 300) -> str:
    """Return what another program says of a fault, cut off where it goes on and on.

    Parameters
    ----------
    said : str
        Its words.
    most : int
        Characters that are kept.

    Returns
    -------
    str
        With three points where something is missing.
    """
    return said if len(said) <= most else f"{said[:most]}..."


def nearest(given: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed name most like the given one, or None.

    Case, spaces, hyphens and underscores are ignored in the comparison.

    Parameters
    ----------
    given : str
        What was written.
    allowed : iterable of str
        The valid names.

    Returns
    -------
    str or None
        The closest valid name, as it is declared.
    """
    if len(given) > _LONGEST:
        return None
    names = {plain_name(name): str(name) for name in allowed}
    found = get_close_matches(plain_name(given), list(names), n=1, cutoff=0.5)
    return names[found[0]] if found else None


def unknown_name(
    kind: str, given: str, allowed: Iterable[str], *, where: str | None = None
) -> InputError:
    """Build the error for a name that is not known.

    Parameters
    ----------
    kind : str
        What the name should have named, such as ``"drug"``.
    given : str
        What was written.
    allowed : iterable of str
        The valid names.
    where : str, optional
        Where it was written, or where the valid names are declared.

    Returns
    -------
    InputError
        The error, to be raised by the caller.
    """
    names = sorted(set(allowed))
    hint = nearest(given, names)
    place = f" in {where}" if where else ""
    if not names:
        help_text = "there are none"
    elif hint:
        help_text = f"nearest is {hint!r}"
    elif len(names) <= 12:
        help_text = "known are " + ", ".join(names)
    else:
        help_text = f"{len(names)} names are known, such as " + ", ".join(names[:6])
    return InputError(f"No {kind} {shown(given)}{place}; {help_text}.")
