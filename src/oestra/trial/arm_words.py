"""What an arm gives, in one line, from the keys of its file."""

from collections.abc import Mapping
from typing import Any

__all__ = ["event_words", "in_words"]


def event_words(event: str, at: str | None) -> str:
    """Say what ends a phase.

    Parameters
    ----------
    event : str
        Its word in a file.
    at : str or None
        When it is asked for.
    """
    word = event.replace("_", " ").replace("esr1", "ESR1")
    return f"{word} at {at}" if at else word


def in_words(given: Mapping[str, Any]) -> str:
    """Say what is given.

    Parameters
    ----------
    given : mapping of str to Any
        ``regimen`` and ``duration``, or ``phases``, or a ``choice`` of such.
    """
    options = given.get("choice") or ()
    if options:
        return ", or ".join(f"{in_words(o)} ({o['percent']:g} %)" for o in options)
    return ", then ".join(_phase(one) for one in given.get("phases") or (given,))


def _phase(one: Mapping[str, Any]) -> str:
    text, duration, until = str(one["regimen"]), one.get("duration"), one.get("until")
    if duration:
        text += f" for {duration}"
    return (
        f"{text} until {event_words(until['event'], until.get('at'))}"
        if until
        else text
    )
