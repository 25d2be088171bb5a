"""Lists of a YAML file that change and keep the comments around their items."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.error import CommentMark
from ruamel.yaml.tokens import CommentToken

__all__ = ["set_list"]


def set_list(data: Any, key: str, wanted: Sequence[str]) -> None:
    """Turn a list of texts of a file into another; what both hold is left alone.

    Parameters
    ----------
    data : mapping
        The file, as it was read with its comments.
    key : str
        Where the list stands, or shall stand; it is taken out where nothing is left.
    wanted : sequence of str
        What it shall hold; empty texts are left out.
    """
    wanted = [text for text in wanted if text]
    items = data.get(key)
    if not isinstance(items, CommentedSeq):
        data[key] = CommentedSeq(wanted)
    if not wanted:
        _leave_out(data, key)
    elif isinstance(items, CommentedSeq):
        _replace(items, wanted)


def _replace(items: CommentedSeq, wanted: Sequence[str]) -> None:
    before = [" ".join(str(one).split()) for one in items]
    after = [" ".join(one.split()) for one in wanted]
    steps = SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes()
    for step, a, b, c, d in reversed(steps):
        if step == "equal":
            continue
        both = min(b - a, d - c)
        for k in reversed(range(a + both, b)):
            _take_out(items, k)
        for k in reversed(range(c + both, d)):
            _insert(items, a + both, wanted[k])
        for k in range(both):
            items[a + k] = wanted[c + k]


def _insert(items: CommentedSeq, place: int, text: str) -> None:
    follows = _below(items, place - 1) if place == len(items) else ""
    items.insert(place, text)
    _put_below(items, place, follows)


def _take_out(items: CommentedSeq, place: int) -> None:
    """Take an item out; what is said above it and below it stays."""
    follows = _above(items, place) + _below(items, place)
    del items[place]
    if place:
        _put_below(items, place - 1, follows)
    elif items and (said := _said(follows)):
        items.yaml_set_comment_before_after_key(0, before=said, indent=2)


def _leave_out(data: Any, key: str) -> None:
    """Take a list out of its file; comments around it stand before what comes next."""
    said = _said("".join(_comments(data[key])))
    names = list(data)
    del data[key]
    after = names[names.index(key) + 1 :]
    if said and after:
        data.yaml_set_comment_before_after_key(after[0], before=said)


def _comments(items: CommentedSeq) -> Iterator[str]:
    """Yield the comment lines before the items of a list and below them."""
    for token in (items.ca.comment or [None, None])[1] or ():
        yield token.value
    for place in range(len(items)):
        yield _above(items, place)
        yield _below(items, place)


def _said(comments: str) -> str:
    lines = [line.strip().removeprefix("#").strip() for line in comments.splitlines()]
    return "\n".join(filter(None, lines))


def _above(items: CommentedSeq, place: int) -> str:
    """Return comment lines that were put above an item."""
    tokens = (items.ca.items.get(place) or [None, None])[1]
    return "".join(token.value for token in tokens or ())


def _below(items: CommentedSeq, place: int) -> str:
    """Take away the comment lines that stand below an item, and return them."""
    token = (items.ca.items.get(place) or [None])[0]
    if token is None:
        return ""
    beside, line, below = token.value.partition("\n")
    token.value = beside + line
    return below


def _put_below(items: CommentedSeq, place: int, text: str) -> None:
    if not text:
        return
    known = (items.ca.items.get(place) or [None])[0]
    if known is not None:
        apart = known.value.endswith("\n\n")
        known.value += text.lstrip("\n") if apart else text
    else:
        token = CommentToken(f"\n{text}", CommentMark(0), None)
        items.ca.items[place] = [token, None, None, None]
