"""What YAML reads as a number, yes or no, or nothing, in the letters of its file."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

__all__ = ["keys_read_otherwise", "letters_at", "told_to_quote"]

_TAG = "tag:yaml.org,2002:"
_TEXT = frozenset({f"{_TAG}str", f"{_TAG}merge"})
_READ = {
    f"{_TAG}int": "a number",
    f"{_TAG}float": "a number",
    f"{_TAG}bool": "yes or no",
    f"{_TAG}null": "nothing",
}


@lru_cache(maxsize=8)
def _nodes(text: str) -> Node | None:
    return YAML(typ="safe", pure=True).compose(text)


def told_to_quote(node: ScalarNode) -> str:
    """Return what a scalar is read as, and how to write it so that it is a text."""
    return (
        f"{node.value} is read as {_READ.get(node.tag, 'no text')}; write it in quotes"
    )


def keys_read_otherwise(text: str) -> list[tuple[int, str]]:
    """Find keys that YAML reads as something else than the texts they are.

    Parameters
    ----------
    text : str
        YAML that parses.

    Returns
    -------
    list of tuple of int and str
        Line, from 1, and what is wrong with each, once a line and key.

    Examples
    --------
    >>> keys_read_otherwise("groups: {010: {n: 3}}")
    [(1, 'the key 010 is read as a number; write it in quotes')]
    """
    return list(dict.fromkeys(_keys(_nodes(text), set())))


def _keys(node: Node | None, seen: set[int]) -> Iterator[tuple[int, str]]:
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, SequenceNode):
        for one in node.value:
            yield from _keys(one, seen)
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            if isinstance(key, ScalarNode) and key.tag not in _TEXT:
                yield key.start_mark.line + 1, f"the key {told_to_quote(key)}"
            yield from _keys(value, seen)


def letters_at(text: str, place: Iterable[str | int]) -> str:
    """Say how a value is read that should be a text, and how to write it.

    Parameters
    ----------
    text : str
        YAML that parses, whose keys are texts.
    place : iterable of str or int
        Keys and positions that lead to the value, the outermost first.

    Returns
    -------
    str
        Empty where no value is that YAML reads as something else.

    Examples
    --------
    >>> letters_at("arms: [{id: 001}]", ["arms", 0, "id"])
    '001 is read as a number; write it in quotes'
    """
    node = _nodes(text)
    for step in place:
        if isinstance(node, SequenceNode) and isinstance(step, int):
            node = node.value[step] if step < len(node.value) else None
        elif isinstance(node, MappingNode):
            node = next((one for key, one in node.value if key.value == step), None)
        else:
            return ""
    if not isinstance(node, ScalarNode) or node.tag in {*_TEXT, f"{_TAG}null"}:
        return ""
    return told_to_quote(node)
