"""Texts cut to the bytes that a format has for them."""

__all__ = ["fitting"]


def fitting(text: str, size: int) -> str:
    """Return the first characters of a text, as many as some bytes hold.

    Parameters
    ----------
    text : str
        Any.
    size : int
        Bytes in UTF-8; no character is cut in two.

    Examples
    --------
    >>> fitting("né", 2), fitting("né", 3)
    ('n', 'né')
    """
    return text.encode()[:size].decode(errors="ignore")
