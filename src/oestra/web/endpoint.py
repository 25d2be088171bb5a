"""What the page can be asked: one record a request, for routing and documentation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from oestra.core.errors import InputError, shown, unknown_name

__all__ = ["Endpoint", "Given", "read_given"]

Kind = Literal["text", "texts", "number", "whole"]
_LONGEST, _MOST = 1000, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One thing a request may say.

    Parameters
    ----------
    name : str
        Its name in the query, or a key of the body.
    text : str
        What it means.
    kind : str
        ``"text"``, ``"texts"`` where it may be repeated, ``"number"`` or ``"whole"``.
    default : object
        Taken where it is left out; None where it must be given.
    low, high : float
        Between which a number lies.
    longest : int
        Characters of a text.
    """

    name: str
    text: str
    kind: Kind = "text"
    default: Any = None
    low: float = 0.0
    high: float = 1e9
    longest: int = _LONGEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A request that is answered with JSON.

    Parameters
    ----------
    path : str
        Where; names in braces are part of the path.
    method : str
        ``GET``, ``POST`` or ``DELETE``.
    summary : str
        What it answers.
    answer : callable
        Takes what was given, by name, and returns what JSON can hold.
    given : tuple of Given
        What the query may hold; of a POST, the body.
    """

    path: str
    summary: str
    answer: Callable[[Mapping[str, Any]], Any]
    method: str = "GET"
    given: tuple[Given, ...] = ()


def read_given(
    allowed: tuple[Given, ...], pairs: list[tuple[str, Any]]
) -> dict[str, Any]:
    """Read what a request says.

    Parameters
    ----------
    allowed : tuple of Given
        What it may say.
    pairs : list of (str, object)
        Names and values, in order.

    Returns
    -------
    dict of str to object
        A value for each of what is allowed.

    Raises
    ------
    InputError
        If a name is unknown or given twice, a value has the wrong form, or one is
        missing.
    """
    known = {one.name: one for one in allowed}
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name not in known:
            raise unknown_name("entry", name, known, where="the request")
        one = known[name]
        if one.kind == "texts":
            found.setdefault(name, []).append(_text(one, value))
        elif name in found:
            raise InputError(f"{name} is given twice in the request.")
        else:
            found[name] = _value(one, value)
    for one in allowed:
        if len(found.get(one.name, ())) > _MOST if one.kind == "texts" else False:
            raise InputError(f"{one.name} may be given {_MOST} times at most.")
        if one.name not in found and one.kind != "texts" and one.default is None:
            raise InputError(f"The request must give {one.name}: {one.text}.")
    empty = {one.name: [] if one.kind == "texts" else one.default for one in allowed}
    return {**empty, **found}


def _text(one: Given, value: object) -> str:
    if not isinstance(value, str):
        raise InputError(f"{one.name} is a text, got {shown(value)}.")
    if len(value) > one.longest:
        raise InputError(
            f"{one.name} has at most {one.longest} characters, got {len(value)}."
        )
    if "\0" in value:
        raise InputError(f"{one.name} holds a NUL, which no text may.")
    return value


def _value(one: Given, value: object) -> Any:
    if one.kind == "text":
        return _text(one, value)
    what = "a whole number" if one.kind == "whole" else "a number"
    wrong = InputError(
        f"{one.name} is {what} from {one.low:g} to {one.high:g}, got {shown(value)}."
    )
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise wrong
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise wrong from None
    whole = one.kind == "whole"
    if not one.low <= number <= one.high or (whole and number != int(number)):
        raise wrong
    return int(number) if whole else number
