"""Faults of records against their dataclass: every key and number, with its line."""

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

from pydantic import BaseModel, TypeAdapter, ValidationError

from oestra.core.at_place import at_place
from oestra.core.errors import InputError, OestraError, nearest, shown
from oestra.core.plain_words import in_words
from oestra.core.quantity import Quantity
from oestra.core.units import is_unit
from oestra.drugs.reported import Reported
from oestra.own_library.document import Document, Place
from oestra.own_library.fault import Fault

__all__ = ["checked", "checked_model"]

_Model = TypeVar("_Model", bound=BaseModel)
_STAND_IN = {
    "value": 1.0,
    "interval": [0.0, 2.0],
    "origin": "assumed",
    "reason": "stands in",
}
_ROUNDS = 4
_NUMBER = ("value", "unit", "interval", "origin")


@cache
def _adapter(model: type) -> TypeAdapter[Any]:
    return TypeAdapter(model)


def checked(
    document: Document,
    place: Place,
    data: Any,
    model: type,
    found: list[Fault],
    *,
    names: Mapping[str, str] | None = None,
) -> Any:
    """Return the record that data of a file describe; add every fault of it.

    Parameters
    ----------
    document : Document
        The file.
    place : sequence of str or int
        Where in it the data stand.
    data : object
        What the file says there.
    model : type
        The dataclass of the record.
    found : list of Fault
        Gets the faults.
    names : mapping of str to str, optional
        What keys of the record are called in the file, where that differs.

    Returns
    -------
    model or None
        The record, without what is wrong in it; None where too much is.
    """
    if not isinstance(data, dict):
        told = f"{_given(data)}; a mapping with the keys {_known(model)} is needed"
        found.append(document.fault(place, told))
        return None
    sound = _without_numbers(document, tuple(place), data, found)
    renamed = {file: key for key, file in (names or {}).items()}
    sound = {renamed.get(str(key), str(key)): value for key, value in sound.items()}
    found += [
        document.fault((*place, str(key)), _unknown(str(key), model))
        for key in sound.keys() - {*_read_keys(model)}
    ]
    sound = _spelled(sound, _read_keys(model))
    try:
        return _adapter(model).validate_python(sound)
    except ValidationError as error:
        for fault in error.errors():
            at = tuple((names or {}).get(str(step), step) for step in fault["loc"])
            found.append(document.fault((*place, *at), _reason(fault, at, model)))
        return _repaired(sound, error, model)
    except OestraError as error:
        found += document.of_error(error, place)
        return None


def _spelled(data: Mapping[str, Any], allowed: list[str]) -> dict[str, Any]:
    """Return data with what is misspelled under the key it is nearest to."""
    sound = {key: value for key, value in data.items() if key in allowed}
    for key in data.keys() - sound.keys():
        near = nearest(str(key), allowed)
        if near is not None:
            sound.setdefault(near, data[key])
    return sound


def _repaired(data: dict[str, Any], error: ValidationError, model: type) -> Any:
    """Return a record without what was wrong, so that the rest is checked too."""
    left = deepcopy(data)
    for _ in range(_ROUNDS):
        for fault in error.errors():
            _drop(left, fault)
        try:
            return _adapter(model).validate_python(left)
        except ValidationError as next_error:
            error = next_error
        except OestraError:
            return None
    return None


def _drop(data: Any, fault: Any) -> None:
    """Leave out a key that is wrong, or take what stands in for it.

    A word that is none of those allowed becomes one of them; a number that lacks its
    unit, interval or origin becomes one that has them.
    """
    place: Place = fault["loc"]
    data = at_place(data, place[:-1])
    if not isinstance(data, dict):
        return
    words = _words(fault)
    if fault["type"] == "enum" and words:
        data[place[-1]] = words[0]
    elif fault["type"] == "dataclass_type" and issubclass(_class_of(fault), Quantity):
        data[place[-1]] = {"unit": "1", **_STAND_IN}
    elif place[-1] in data:
        del data[place[-1]]
    elif "value" in data:
        data.update({"unit": "1", **_STAND_IN})


def checked_model(
    document: Document, model: type[_Model], found: list[Fault]
) -> _Model | None:
    """Return the model that a whole file describes; add every fault of it.

    Parameters
    ----------
    document : Document
        The file.
    model : type
        The pydantic model of the record.
    found : list of Fault
        Gets the faults.

    Returns
    -------
    model or None
        The record; None where there is any fault.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        for fault in error.errors():
            at = tuple(fault["loc"])
            found.append(document.fault(at, _reason(fault, at, model)))
    except OestraError as error:
        found += document.of_error(error)
    return None


def _without_numbers(
    document: Document, place: tuple[str | int, ...], data: Any, found: list[Fault]
) -> Any:
    """Return data with a stand-in for each number that is wrong in itself.

    A number that says its unit, interval and origin refuses to be made when they do
    not fit; so that the record goes on to be read, it is replaced.
    """
    if isinstance(data, list):
        return [
            _without_numbers(document, (*place, i), one, found)
            for i, one in enumerate(data)
        ]
    if not isinstance(data, dict):
        return data
    if all(key in data for key in _NUMBER):
        fault = _number_fault(data)
        if fault:
            found.append(document.fault(place, f"{_path(place)}{fault}"))
            kept = {k: v for k, v in data.items() if k not in _NUMBER}
            return {**kept, "unit": data["unit"], **_STAND_IN}
        return data
    return {
        key: _without_numbers(document, (*place, key), one, found)
        for key, one in data.items()
    }


def _number_fault(data: Mapping[str, Any]) -> str:
    core = {key: data[key] for key in (*_NUMBER, "source", "reason") if key in data}
    try:
        number: Quantity = _adapter(Quantity).validate_python(core)
    except ValidationError:
        # The record tells it, with the key.
        return ""
    except InputError as error:
        return str(error)
    if number.unit not in ("1", "%") and not is_unit(number.unit):
        return f"no unit {number.unit!r}; write such as nM, 1/day, L/hour, percent"
    return ""


def _path(place: Place) -> str:
    return f"{'.'.join(map(str, place))}: " if place else ""


def _reason(fault: Any, at: Place, model: type) -> str:
    key = ".".join(map(str, at))
    if fault["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        return _unknown(key, _model_at(model, at[:-1]))
    if fault["type"] in ("missing", "missing_argument"):
        return f"the key {key!r} is missing"
    if fault["type"] == "invalid_key":
        parent = ".".join(map(str, at[:-1]))
        point = "; decimals have a point" if isinstance(fault["input"], int) else ""
        return f"{parent}: a key must be a text, got {fault['input']!r}{point}"
    reason = fault["msg"].removeprefix("Value error, ").rstrip(".")
    if fault["type"] == "dataclass_type":
        words = f"must be a mapping with the keys {_known(_class_of(fault))}"
    else:
        words = in_words(reason)
    near = nearest(str(fault["input"]), _words(fault))
    words += f"; nearest is {near!r}" if near else ""
    got = f", got {_given(fault['input'])}" if "got" not in reason else ""
    if words.startswith("must "):
        return f"{key} {words}{got}"
    return f"{key}: {words[:1].lower()}{words[1:]}{got}"


def _words(fault: Any) -> list[str]:
    """Return the words that a key takes, where it takes no others."""
    if fault["type"] not in ("enum", "literal_error"):
        return []
    return re.findall(r"'([^']+)'", fault.get("ctx", {}).get("expected", ""))


def _class_of(fault: Any) -> type:
    """Return the record that a validator asks for in place of a bare value."""
    name = fault.get("ctx", {}).get("class_name", "")
    return next((one for one in (Reported, Quantity) if one.__name__ == name), object)


def _given(data: Any) -> str:
    """Return what a file holds where something else is needed."""
    if data is None:
        return "nothing"
    if isinstance(data, dict | list | tuple):
        return "a mapping" if isinstance(data, dict) else "a list"
    return repr(data) if isinstance(data, bool | int | float) else shown(str(data))


def _unknown(key: str, model: type) -> str:
    allowed = _keys(model)
    near = nearest(key.rsplit(".", 1)[-1], allowed)
    known = f"nearest is {near!r}" if near else f"known are {', '.join(allowed)}"
    return f"no key {key!r}; {known}"


def _known(model: type) -> str:
    """Return the keys a file may give a record, in words; empty for no record."""
    return ", ".join(_keys(model)) if is_dataclass(model) else "of the record"


_NAMES = {"drug_class": "class", "therapy_class": "class"}
_FOUND = frozenset({"formed"})
"""Fields that are filled by the library and not by a file."""


def _keys(model: type) -> list[str]:
    """Return the keys a file may give a record."""
    if issubclass(model, BaseModel):
        return list(model.model_fields)
    names = [one.name for one in fields(model) if one.name not in _FOUND]
    return [_NAMES.get(name, name) for name in names]


def _read_keys(model: type) -> list[str]:
    """Return the keys a record may be given, also where files call them otherwise."""
    own = {one.name for one in fields(model)}
    return [*_keys(model), *(_NAMES.keys() & own)]


def _model_at(model: type, place: Place) -> type:
    """Return the record that holds a key, to name its neighbors."""
    kind: Any = model
    for step in place:
        inner = _record(kind)
        if inner is not None and isinstance(step, str):
            kind = get_type_hints(inner).get(step, kind)
    return _record(kind) or model


def _record(kind: Any) -> type | None:
    """Return the record in an annotation such as ``tuple[Arm, ...] | None``."""
    if isinstance(kind, type) and (is_dataclass(kind) or issubclass(kind, BaseModel)):
        return kind
    found = (_record(one) for one in get_args(kind))
    return next((one for one in found if one is not None), None)
