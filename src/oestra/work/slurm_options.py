"""What ``--slurm`` asks of Slurm."""

from typing import Any

from oestra.core.errors import InputError, unknown_name

__all__ = ["slurm_options"]

_NAMES = ("partition", "account", "constraint")
_NUMBERS = {"minutes": (60, 1), "gigabytes": (4, 0), "jobs": (64, 1)}
"""Default and least of each."""
_MOST = 100_000


def slurm_options(text: str) -> dict[str, Any]:
    """Read the options of ``--slurm``.

    Parameters
    ----------
    text : str
        Such as ``partition=short,minutes=30``; ``default`` for none.

    Returns
    -------
    dict
        By name, with defaults of the numbers.

    Raises
    ------
    InputError
        If one is unknown, or a number is none.

    Examples
    --------
    >>> slurm_options("partition=short,minutes=30")
    {'minutes': 30, 'gigabytes': 4, 'jobs': 64, 'partition': 'short'}
    """
    found: dict[str, Any] = {name: default for name, (default, _) in _NUMBERS.items()}
    for word in text.split(",") if text != "default" else ():
        name, sign, value = (part.strip() for part in word.partition("="))
        if not sign or not value:
            raise InputError(
                f"--slurm takes NAME=VALUE,... or 'default', got {word.strip()!r}."
            )
        if name not in _NAMES and name not in _NUMBERS:
            raise unknown_name("option of --slurm", name, (*_NAMES, *_NUMBERS))
        found[name] = _number(name, value) if name in _NUMBERS else value
    return found


def _number(name: str, value: str) -> int:
    least = _NUMBERS[name][1]
    known = value.isascii() and value.isdigit() and len(value) <= 9
    if not known or not least <= int(value) <= _MOST:
        raise InputError(
            f"--slurm {name} is a whole number from {least} to {_MOST:,}, got "
            f"{value!r}."
        )
    return int(value)
