"""What a validator says, in words for people: what a value must be, its whole range."""

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["in_words", "range_of"]

_BOUND = re.compile(r"Input should be ((?:greater|less) than(?: or equal to)?) (\S+)")
_KEYS = {
    "minimum": "{} or more",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "less than {}",
}
"""Bounds, as a JSON Schema names them, in words."""
_BOUNDS = {
    "greater than or equal to": "minimum",
    "greater than": "exclusiveMinimum",
    "less than or equal to": "maximum",
    "less than": "exclusiveMaximum",
}
"""The same as a validator says them."""
_SAID = (
    (r"Input should be a valid integer.*", "must be a whole number"),
    (r"Input should be a valid number.*", "must be a number"),
    (r"Input should be a finite number", "must be a finite number"),
    (r"Input should be a valid boolean.*", "must be true or false"),
    (r"Input should be a valid string", "must be a text"),
    (r"Input should be a valid (?:list|tuple|sequence).*", "must be a list"),
    (r"Input should be a valid dictionary.*", "must be a mapping of keys"),
    (r"Input should be ", "must be "),
    (r"(?:Tuple|List) should have (at (?:least|most)) (\d+) (items?) .*",
     r"must have \1 \2 \3"),
    (r"Dictionary should have (at (?:least|most)) (\d+) (items?) .*",
     r"must have \1 \2 \3"),
    (r"String should have (.*)", r"must have \1"),
)  # fmt: skip
_FAR = 1e15


def _number(value: Any) -> str:
    if not isinstance(value, int):
        return f"{float(value):g}"
    return f"{value:,}" if value >= 10_000 else str(value)


def range_of(schema: Mapping[str, Any]) -> str:
    """Return the numbers that a JSON Schema allows, empty where it bounds none.

    Parameters
    ----------
    schema : mapping of str to Any
        Of one value.

    Examples
    --------
    >>> range_of({"minimum": 1, "maximum": 10000})
    'from 1 to 10,000'
    >>> range_of({"anyOf": [{"exclusiveMinimum": 0, "maximum": 1.0}, {"type": "null"}]})
    'more than 0 and at most 1'
    """
    parts = [schema, *schema.get("anyOf", ())]
    found = next((one for one in parts if any(k in one for k in _KEYS)), None)
    if found is None:
        return ""
    # A bound of the machine, as of 64 bits, is none that anybody comes to.
    found = {k: v for k, v in found.items() if k not in _KEYS or abs(v) < _FAR}
    for open_end, closed in (("exclusiveMinimum", "minimum"),
                             ("exclusiveMaximum", "maximum")):  # fmt: skip
        if found.get(open_end) == found.get(closed):
            found.pop(closed, None)
    if "minimum" in found and "maximum" in found:
        low, high = found["minimum"], found["maximum"]
        return f"from {_number(low)} to {_number(high)}"
    said = [words.format(_number(found[key])) for key, words in _KEYS.items()
            if key in found]  # fmt: skip
    return " and ".join(said)


def in_words(said: str, schema: Mapping[str, Any] | None = None) -> str:
    """Return what a value must be, as the end of a sentence that names it.

    Parameters
    ----------
    said : str
        What the validator says.
    schema : mapping of str to Any, optional
        JSON Schema of the value: its whole range is told, where a validator tells only
        the bound that was passed.

    Returns
    -------
    str
        Such as ``must be from 1 to 100``; what is not known stands as it was.

    Examples
    --------
    >>> in_words("Input should be greater than or equal to 1990")
    'must be 1990 or more'
    >>> in_words("Input should be less than 1", {"exclusiveMaximum": 1, "minimum": 0})
    'must be 0 or more and less than 1'
    >>> in_words("Input should be 'event' or 'ignore'")
    "must be 'event' or 'ignore'"
    """
    bound = _BOUND.match(said)
    if bound:
        whole = range_of(schema or {})
        return f"must be {whole or _KEYS[_BOUNDS[bound[1]]].format(bound[2])}"
    for pattern, words in _SAID:
        found, count = re.subn(pattern, words, said, count=1)
        if count:
            return found
    return said
