"""Groups of a study without control are arms of their own, never pooled.

A number over patients who are enrolled apart and compared with nobody would be of no
population. So an arm that takes patients of several groups without randomization stands
for an arm a group.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

__all__ = ["arms_by_group", "place_as_written"]

Place = tuple[str | int, ...]


def _part(whole: Any, key: str) -> Any:
    return whole.get(key) if isinstance(whole, Mapping) else getattr(whole, key, None)


def _with(whole: Any, **changes: Any) -> Any:
    if isinstance(whole, Mapping):
        return {**whole, **changes}
    return whole.model_copy(update=changes)


def _numbers(data: Mapping[str, Any]) -> dict[str, Mapping[str, int]]:
    """Return the patients of each group by arm, empty where they are not valid."""
    groups = data.get("groups")
    if data.get("randomized") is not False or not isinstance(groups, Mapping):
        return {}
    found = {name: _part(group, "n") for name, group in groups.items()}
    whole = all(
        isinstance(n, Mapping)
        and all(type(count) is int and count > 0 for count in n.values())
        for n in found.values()
    )
    return found if whole else {}


def _split(data: Mapping[str, Any]) -> set[int]:
    """Return the numbers of the arms that stand for several."""
    numbers, arms = _numbers(data), data.get("arms")
    if not numbers or not isinstance(arms, list | tuple):
        return set()
    often = Counter(arm for n in numbers.values() for arm in n)
    # Numbers that contradict each other are told as they are written.
    return {
        place
        for place, arm in enumerate(arms)
        if often[_part(arm, "id")] > 1
        and _part(arm, "n") == sum(n.get(_part(arm, "id"), 0) for n in numbers.values())
    }


def _written(data: Mapping[str, Any]) -> list[tuple[int, str]]:
    """Return of each arm its number as written and its group, if it is of one."""
    split, numbers = _split(data), _numbers(data)
    found: list[tuple[int, str]] = []
    for place, arm in enumerate(data.get("arms") or ()):
        mine = [name for name, n in numbers.items() if _part(arm, "id") in n]
        found += [(place, name) for name in mine] if place in split else [(place, "")]
    return found


def arms_by_group(data: Any) -> Any:
    """Return a design with an arm for each group of an arm that is not randomized.

    Parameters
    ----------
    data : object
        The keys of a design, as its file or a caller has them.

    Returns
    -------
    object
        The same where no arm takes patients of several groups; else with arms named by
        arm and group, such as ``ALP mutant``.
    """
    if not isinstance(data, Mapping) or not _split(data):
        return data
    numbers, given = _numbers(data), data["arms"]
    split = {_part(given[place], "id") for place in _split(data)}
    arms: list[Any] = []
    for place, group in _written(data):
        arm = given[place]
        if group:
            own = _part(arm, "id")
            label = f"{_part(arm, 'label')}, {group}"
            arm = _with(arm, id=f"{own} {group}", label=label, n=numbers[group][own])
        arms.append(arm)
    groups = {
        name: _with(
            group,
            n={
                f"{arm} {name}" if arm in split else arm: count
                for arm, count in numbers[name].items()
            },
        )
        for name, group in data["groups"].items()
    }
    return {**data, "arms": arms, "groups": groups}


def place_as_written(data: Mapping[str, Any], place: Place) -> Place:
    """Return where the file has what stands at a place of the design.

    Parameters
    ----------
    data : mapping of str to object
        The keys of the design, as its file has them.
    place : tuple
        In the design.

    Returns
    -------
    tuple
        In the file.
    """
    if len(place) < 2 or place[0] != "arms" or not _split(data):
        return place
    written = _written(data)
    number = place[1]
    if not isinstance(number, int) or number >= len(written):
        return place
    return ("arms", written[number][0], *place[2:])
