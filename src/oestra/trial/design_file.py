"""Reading a design from the text of its file: every fault, each with its line."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import BaseModel, ValidationError

from oestra.core.errors import FaultsError, InputError, OestraError, nearest, shown
from oestra.core.library import SHIPPED, Library
from oestra.core.plain_words import in_words
from oestra.core.yaml_letters import keys_read_otherwise, letters_at
from oestra.core.yaml_text import line_of, load_yaml
from oestra.drugs.regimen import Regimen
from oestra.trial.admissible import criterion_faults
from oestra.trial.criterion import names_in
from oestra.trial.design import TrialDesign
from oestra.trial.fault import Fault
from oestra.trial.faults_beside import errors_as_written, faults_beside
from oestra.trial.menopausal import Asked, menopausal_faults
from oestra.trial.variants import KEY, variants_of

__all__ = ["parse_design", "parse_designs"]

_MOVED = {
    "clinical_progression": "censoring: {symptomatic_progression: event}",
}
"""Keys of earlier versions, and how to write what they said."""

Place = tuple[str | int, ...]


def parse_design(text: str, name: str, library: Library | None) -> TrialDesign:
    """Read a design.

    Parameters
    ----------
    text : str
        YAML in the schema of the library.
    name : str
        Of the file, for errors.
    library : Library, optional
        Whose drugs the regimens may give; None leaves them unread until a trial is run.

    Returns
    -------
    TrialDesign
        The design; it can be run.

    Raises
    ------
    FaultsError
        If it does not fit: a sentence for every fault, with line and the nearest valid
        key.
    InputError
        If the text is no YAML or no mapping.
    """
    return parse_designs(text, name, library)[0]


def parse_designs(
    text: str, name: str, library: Library | None
) -> tuple[TrialDesign, ...]:
    """Read a design and its variants.

    Parameters
    ----------
    text, name, library
        As of `parse_design`.

    Returns
    -------
    tuple of TrialDesign
        The design itself, then its variants in their order.

    Raises
    ------
    FaultsError, InputError
        As of `parse_design`; a fault that the design has is not told of its variants.
    """
    data = load_yaml(text, name, trusted=library is None)
    if not isinstance(data, dict):
        raise InputError(f"{name} must hold the keys of one trial.")
    if not _all_text(data):
        keys = keys_read_otherwise(text)
        raise FaultsError(f"{name}, line {line}: {why}." for line, why in keys)
    variants, wrong = variants_of(data)
    own = {key: part for key, part in data.items() if key != KEY}
    design, told = _checked(own, name, library, _Written(text))
    told += [_told(name, line_of(text, at), why) for at, why in wrong]
    found = [design]
    for one in [] if told else variants:
        varied, faults = _checked(one.data, name, library, _Written(text, one.place))
        found.append(varied)
        told += faults
    whole = tuple(one for one in found if one is not None)
    if told or len(whole) < len(found):
        told.sort(key=lambda fault: fault[0])
        raise FaultsError(f"{why.removesuffix('.')}." for _, why in dict.fromkeys(told))
    return whole


def _all_text(data: Any) -> bool:
    """Tell whether every key is a text."""
    if isinstance(data, dict):
        return all(isinstance(k, str) and _all_text(one) for k, one in data.items())
    return not isinstance(data, list) or all(map(_all_text, data))


@dataclass(frozen=True, slots=True)
class _Written:
    """Where in a file the places of a design are written, and how."""

    text: str
    origin: Callable[[Place], Place] = tuple

    def line(self, place: Place) -> int:
        return line_of(self.text, self.origin(place))

    def letters(self, place: Place) -> str:
        return letters_at(self.text, self.origin(place))


def _told(name: str, line: int, why: str) -> tuple[int, str]:
    return line, f"{name}, line {line}: {why}"


def _checked(
    data: Mapping[str, Any],
    name: str,
    library: Library | None,
    written: _Written,
) -> tuple[TrialDesign | None, list[tuple[int, str]]]:
    """Return a design, and all that is wrong with it, each with its line."""
    faults: list[Fault] = []
    design = None
    try:
        design = TrialDesign.model_validate(data)
    except ValidationError as error:
        errors = errors_as_written(error, data)
        faults += _explained(errors, written)
        faults += faults_beside(data, _invalid(errors))
    faults += _circular(data)
    if library is not None:
        faults += _regimen_faults(data, library)
        faults += menopausal_faults(_menopausal(data), list(_regimens(data)), library)
    told = [_told(name, written.line(at), why) for at, why in faults]
    for place, criterion, definitions in _criteria(data):
        found = partial(
            criterion_faults, criterion, definitions, library=library or SHIPPED
        )
        # To find a line the whole file is read again, so only what is wrong has one.
        if next(found(where=name), None) is not None:
            line = written.line(place)
            where = f"{name}, line {line}"
            told += [(line, str(error)) for error in found(where=where)]
    return design, told


def _invalid(errors: Sequence[Mapping[str, Any]]) -> list[Place]:
    """Return the places of what is invalid in itself."""
    return [_plain(one["loc"]) for one in errors
            if one["type"] != "rules" and not _emptied(one, errors)]  # fmt: skip


def _emptied(fault: Mapping[str, Any], errors: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether a list is only too short because what it holds is invalid."""
    place = fault["loc"]
    return fault["type"] == "too_short" and any(
        one["loc"][: len(place)] == place and len(one["loc"]) > len(place)
        for one in errors
    )


def _model_at(place: Place) -> type[BaseModel]:
    """Return the record that holds a key, to name its neighbors."""
    model: Any = TrialDesign
    for step in place[:-1]:
        field = getattr(model, "model_fields", {}).get(step)
        if field is None:
            continue
        parts = [field.annotation]
        while parts:
            part = parts.pop()
            if isinstance(part, type) and issubclass(part, BaseModel):
                model = part
                break
            parts.extend(getattr(part, "__args__", ()))
    return model


def _explained(errors: Sequence[Mapping[str, Any]], written: _Written) -> list[Fault]:
    """Return what is wrong with the keys and values of a file."""
    found: dict[Fault, None] = {}
    misspelled: set[Place] = set()
    for fault in sorted(errors, key=lambda f: f["type"] != "extra_forbidden"):
        if fault["type"] == "rules":
            found.update(dict.fromkeys(fault.get("ctx", {})["faults"]))
            continue
        if _other_kind(fault) or _emptied(fault, errors):
            continue
        unknown = fault["type"] == "extra_forbidden"
        place = fault["loc"] if unknown else _plain(fault["loc"])
        if unknown:
            allowed = list(_model_at(place).model_fields)
            near = nearest(str(place[-1]), allowed)
            misspelled |= {(*place[:-1], near)} if near else set()
        if fault["type"] == "missing" and place in misspelled:
            # A key misspelled is also a key missing: only the misspelling is told.
            continue
        letters = written.letters(place) if fault["type"] == "string_type" else ""
        key = ".".join(str(step) for step in place)
        why = f"{key} must be a text, and {letters}" if letters else ""
        found[Fault(place, why or _reason(fault, place))] = None
    return list(found)


def _other_kind(fault: Mapping[str, Any]) -> bool:
    """Tell whether a fault is that of the alternative that was not written."""
    listed = isinstance(fault["input"], list | tuple)
    one, many = fault["type"] == "float_type", fault["type"] == "tuple_type"
    return _plain(fault["loc"]) != fault["loc"] and (many or (one and listed))


def _plain(place: Place) -> Place:
    """Return a place without the names of alternatives, which no file holds."""
    return tuple(
        step
        for step in place
        if not (isinstance(step, str) and step.startswith(("constrained-", "tuple[")))
    )


def _reason(fault: Mapping[str, Any], place: Place) -> str:
    key = ".".join(str(step) for step in place)
    if fault["type"] == "extra_forbidden" and key in _MOVED:
        return f"no key {shown(key)}; write {_MOVED[key]!r}"
    if fault["type"] == "extra_forbidden":
        allowed = list(_model_at(place).model_fields)
        near = nearest(str(place[-1]), allowed)
        known = f"nearest is {near!r}" if near else f"known are {', '.join(allowed)}"
        return f"no key {shown(key)}; {known}"
    if fault["type"] == "missing":
        return f"the key {shown(key)} is missing"
    reason = _said(fault, place)
    given = fault["input"]
    got = f", got {shown(given)}" if isinstance(given, str | int | float) else ""
    if fault["type"] == "enum" and isinstance(given, str):
        near = nearest(given, re.findall(r"'([^']*)'", fault["msg"]))
        got += f"; nearest is {near!r}" if near else ""
    sign = " " if reason.startswith("must ") else ": "
    return f"{key + sign if key else ''}{reason}{got}"


def _said(fault: Mapping[str, Any], place: Place) -> str:
    """Return what a value must be, with its whole range."""
    said = fault["msg"].removeprefix("Value error, ")
    model, name = _model_at(place), str(place[-1]) if place else ""
    known = (
        model.model_json_schema()["properties"] if name in model.model_fields else {}
    )
    return in_words(said, known.get(name))


def _texts(data: Any, place: Place) -> Iterator[tuple[Place, str]]:
    """Yield the texts of a list or mapping, or the text itself, with their places."""
    if isinstance(data, str):
        yield place, data
    elif isinstance(data, dict):
        for name, part in data.items():
            yield from _texts(part, (*place, name))
    elif isinstance(data, list):
        for index, part in enumerate(data):
            yield from _texts(part, (*place, index))


def _definitions(data: Mapping[str, Any]) -> dict[str, str]:
    given = data.get("definitions")
    pairs = given.items() if isinstance(given, dict) else ()
    return {str(name): text for name, text in pairs if isinstance(text, str)}


def _criteria(data: Mapping[str, Any]) -> Iterator[tuple[Place, str, dict[str, str]]]:
    """Yield every criterion, as far as a file's parts are what they should be.

    With each go its place and the definitions it may use.
    """
    definitions = _definitions(data)
    for key in ("definitions", "subgroups", "eligibility", "strata"):
        for place, text in _texts(data.get(key), (key,)):
            yield place, text, definitions
    for key in ("groups", "case_mix", "arms"):
        for place, text in _texts(data.get(key), (key,)):
            if place[-1] in ("where", "within"):
                yield place, text, definitions


def _regimens(data: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    for key in ("run_in", "arms"):
        for place, text in _texts(data.get(key), (key,)):
            if place[-1] == "regimen":
                yield place, text


def _circular(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield definitions that lead back to themselves, one of each circle."""
    names: dict[str, frozenset[str]] = {}
    for key, text in _definitions(data).items():
        with suppress(InputError):
            names[key] = names_in(text)
    told = set[str]()
    for key in names:
        reached, ahead = set[str](), [key]
        while ahead:
            found = names[ahead.pop()] & names.keys()
            ahead += found - reached
            reached |= found
        if key in reached and key not in told:
            told |= reached
            yield Fault(("definitions", key), f"{key!r} is defined by itself")


def _regimen_faults(data: Mapping[str, Any], library: Library) -> Iterator[Fault]:
    for place, text in _regimens(data):
        try:
            regimen = Regimen.parse(text, library)
            for component in regimen.components:
                component.at_steady_state()
        except OestraError as error:
            yield from _drug_by_drug(place, text, library, error)
        else:
            if "crossover" in place and not regimen.drugs:
                yield Fault(place, f"a crossover needs a drug, got {text!r}")


def _drug_by_drug(
    place: Place, text: str, library: Library, whole: OestraError
) -> Iterator[Fault]:
    """Yield what is wrong with each drug of a regimen, or with it as a whole."""
    found: list[Fault] = []
    for part in text.split(" + "):
        try:
            Regimen.parse(part, library)
        except OestraError as error:
            found.append(Fault(place, str(error)))
    yield from dict.fromkeys(found if len(found) > 1 else [Fault(place, str(whole))])


def _menopausal(data: Mapping[str, Any]) -> Asked:
    """Return what the criteria of a file say of menopause, as far as they are valid."""
    texts = list(_criteria(data))
    entry = [text for place, text, _ in texts if place[0] == "eligibility"]
    return Asked(
        eligibility=tuple(entry),
        every=tuple(text for _, text, _ in texts),
        definitions=_definitions(data),
    )
