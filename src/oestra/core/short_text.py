"""Lines of text in a grammar: short, and of short words, before they are read."""

from oestra.core.errors import InputError, shown
from oestra.core.text_file import check_characters

__all__ = ["check_short"]

_LONGEST_WORD = 60


def check_short(text: str, what: str, *, most: int) -> None:
    """Refuse a text too long for any reader to be given.

    Parameters
    ----------
    text : str
        What somebody wrote.
    what : str
        What it should be, such as ``"a regimen"``.
    most : int
        Characters it may have.

    Raises
    ------
    InputError
        If it or one of its words is too long, or it holds control characters.
    """
    if len(text) > most:
        raise InputError(
            f"{shown(text)} is too long for {what}, which has at most {most:,} "
            "characters."
        )
    check_characters(text, f"Cannot read {shown(text)} as {what}")
    for word in text.split():
        if len(word) > _LONGEST_WORD:
            raise InputError(
                f"Cannot read {shown(word)} in {what}; no word has more than "
                f"{_LONGEST_WORD} characters."
            )
