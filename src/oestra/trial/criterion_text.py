"""The text of a criterion: bounded word by word, then read to a tree."""

import ast
import re
from collections.abc import Iterator

from oestra.core.errors import InputError, shown

__all__ = ["COMPARISONS", "parse"]

_LONGEST, _MOST_WORDS, _DEEPEST, _LONGEST_NUMBER = 2000, 400, 40, 17
_WORD = re.compile(
    r"""(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?P<glued>[\w.]*))
    |(?P<name>[A-Za-z_]\w*)
    |(?P<text>'[^']*'|"[^"]*")
    |(?P<sign>[<>=!]=|\S)""",
    re.VERBOSE | re.ASCII,
)
COMPARISONS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_ALLOWED = (
    ast.Expression,
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.UnaryOp,
    ast.Not,
    ast.USub,
    ast.BinOp,
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.Div,
    ast.Compare,
    ast.In,
    ast.NotIn,
    ast.Name,
    ast.Load,
    ast.Constant,
    ast.List,
    ast.Tuple,
    *COMPARISONS,
)


def parse(text: str, where: str = "") -> ast.expr:
    """Read a criterion.

    Parameters
    ----------
    text : str
        The criterion.
    where : str
        Where it was written, for errors.

    Returns
    -------
    ast.expr
        Its tree, of the kinds of node that criteria are made of.

    Raises
    ------
    InputError
        If the text is no criterion, or too long, too deep, or holds numbers of too
        many digits.
    """
    place = f" in {where}" if where else ""
    plain = " ".join(text.split())
    for reason in _reasons(plain):
        raise InputError(f"The criterion {shown(text)}{place} {reason}.")
    try:
        tree = ast.parse(plain, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        single = re.search(r"(?<![=!<>])=(?!=)", plain)
        equals = "compare with '==', and " if single else ""
        raise InputError(
            f"Cannot read the criterion {shown(text)}{place}; {equals}write it like "
            "'prior_nonsteroidal_ai and months_since_adjuvant <= 12'."
        ) from error
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED):
            raise InputError(
                f"The criterion {shown(text)}{place} uses {type(node).__name__}; "
                "allowed are comparisons, and, or, not, in, + - * / and parentheses."
            )
        if isinstance(node, ast.Constant) and not isinstance(
            node.value, str | bool | int | float
        ):
            raise InputError(
                f"The criterion {shown(text)}{place} holds {shown(node.value)}; "
                "constants are numbers, words in quotes, true and false."
            )
    return tree.body


def _reasons(text: str) -> Iterator[str]:
    """Yield why a text cannot be a criterion, as far as its words tell."""
    if len(text) > _LONGEST:
        yield f"has more than {_LONGEST:,} characters"
        return
    words = list(_WORD.finditer(text))
    if len(words) > _MOST_WORDS:
        yield f"has more than {_MOST_WORDS} words and signs"
    for word in words:
        if word["number"] and (word["glued"] or len(word[0]) > _LONGEST_NUMBER):
            yield (
                f"holds {shown(word[0])}, which is no number of at most "
                f"{_LONGEST_NUMBER} digits"
            )
        elif word["sign"] in {"\\", "#"} or "\\" in (word["text"] or ""):
            yield f"holds {shown(word[0])}, which means nothing here"
        elif not (word["text"] or word[0].isascii()):
            yield f"holds {shown(word[0])}; names are of letters, digits and '_'"
    if _deepest(words) > _DEEPEST:
        yield f"is nested more than {_DEEPEST} deep"


def _deepest(words: list[re.Match[str]]) -> int:
    """Return a bound on the depth of the tree: brackets, and signs in a row.

    Sums and products lean to the left, a level a sign.
    """
    deepest = depth = run = 0
    for word in words:
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(word[0], 0)
        if word[0] in {"+", "-", "*", "/", "not"}:
            run += 1
        elif word[0] in {"and", "or", ","}:
            run = 0
        deepest = max(deepest, depth + run)
    return deepest
