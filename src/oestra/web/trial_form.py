"""A trial as a form and as its YAML, both ways."""

from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from oestra.core.errors import InputError, unknown_name
from oestra.core.library import SHIPPED, Kind, Library
from oestra.core.name import plain_name
from oestra.core.text_file import decode
from oestra.trial.decision_columns import decision_words
from oestra.trial.design import TrialDesign
from oestra.trial.design_file import parse_design, parse_designs
from oestra.web.analysis_form import ANALYSIS_KEYS, analysis_form, change_analysis
from oestra.web.eligibility_form import (
    ELIGIBILITY,
    change_eligibility,
    eligibility_form,
)
from oestra.web.typed_number import number_of, whole_of

__all__ = ["edit", "form", "own_design", "own_designs", "trial_text"]

_FILE = "trial.yaml"
_NUMBERS = ("accrual_months", "data_cut_months")
_KEYS = ("title", ELIGIBILITY, "visits.interval_weeks", *_NUMBERS)
_OF_ARM = ("label", "regimen", "n")
_BORROWED = "-changed"


def _texts(library: Library) -> Iterator[tuple[str, str]]:
    for file in library.files(Kind.TRIALS, "oestra.trial.library"):
        yield Path(file.name).stem, decode(file.read_bytes(), file.name)


def trial_text(name: str, library: Library) -> str:
    """Return the YAML of a trial of a library.

    Raises
    ------
    InputError
        If there is none of this name; names the nearest.
    """
    known = dict(_texts(library))
    for stem, text in known.items():
        if plain_name(stem) == plain_name(name):
            return text
    raise unknown_name("trial", name, known, where="the library of trials")


def own_design(text: str, library: Library) -> TrialDesign:
    """Read a design that may be one of the library, or a new one with an id of its own.

    Raises
    ------
    InputError
        If it does not fit, or goes by the id of a trial of the library that it is not:
        published results would be set beside another trial.
    """
    return _refuse_borrowed(parse_design(text, _FILE, library), library)


def own_designs(
    text: str, library: Library, name: str = _FILE
) -> tuple[TrialDesign, ...]:
    """Read a design and its variants, as `own_design` reads one.

    Parameters
    ----------
    text : str
        YAML of a trial.
    library : Library
        Whose drugs it may give.
    name : str
        What errors call it.

    Raises
    ------
    InputError
        As `own_design` raises.
    """
    found = parse_designs(text, name, library)
    return tuple(_refuse_borrowed(one, library) for one in found)


def _refuse_borrowed(design: TrialDesign, library: Library) -> TrialDesign:
    if any(plain_name(stem) == plain_name(design.id) for stem, _ in _texts(library)):
        shipped = parse_design(trial_text(design.id, library), _FILE, None)
        if shipped != design:
            raise InputError(
                f"The id {design.id!r} is that of a trial of the library, which this "
                f"design is not; give it an id such as '{design.id}{_BORROWED}'."
            )
    return design


def form(design: TrialDesign, library: Library = SHIPPED) -> dict[str, Any]:
    """Return what a form shows of a design.

    Parameters
    ----------
    design : TrialDesign
        The design.
    library : Library
        Whose therapies criteria may name.
    """
    lines = [" ".join(line.split()) for line in design.eligibility]
    words = decision_words(library)
    interval = design.visits.interval_weeks
    return {
        "id": design.id,
        "title": design.title,
        "note": design.note,
        "criteria": design.criteria.value,
        "primary": design.analysis.primary.value,
        "randomized": design.randomized,
        "arms": [
            {
                "id": arm.id,
                "label": arm.label,
                "regimen": arm.described,
                "simple": bool(arm.regimen),
                "n": arm.n,
            }
            for arm in design.arms
        ],
        "eligibility": lines,
        "chosen": eligibility_form(lines, words),
        "definitions": dict(design.definitions),
        "interval_weeks": interval if isinstance(interval, float | int) else None,
        "accrual_months": design.accrual_months,
        "data_cut_months": design.data_cut_months,
        "analysis": analysis_form(design),
    }


def edit(text: str, changes: Iterable[str], library: Library) -> str:
    """Change entries of a trial file and keep the rest, comments too.

    Parameters
    ----------
    text : str
        YAML of a trial.
    changes : iterable of str
        Such as ``"data_cut_months=24"``, ``"arms.0.regimen=letrozole 2.5 mg daily"``;
        criteria of ``eligibility`` stand on lines of their own.
    library : Library
        Whose drugs it may give.

    Returns
    -------
    str
        The new YAML. A trial of the library that was changed gets an id of its own and
        keeps its chance, so that both have the same patients.

    Raises
    ------
    InputError
        If the text or a change does not fit.
    """
    parse_design(text, _FILE, library)
    written = YAML(typ="rt")
    written.width = 88
    written.indent(mapping=2, sequence=4, offset=2)
    data: Any = written.load(text)
    for change in changes:
        _apply(data, change, library)
    _rename(data, text, library)
    out = StringIO()
    written.dump(data, out)
    parse_design(out.getvalue(), _FILE, library)
    return out.getvalue()


def _rename(data: Any, text: str, library: Library) -> None:
    known = {plain_name(stem) for stem, _ in _texts(library)}
    name = str(data["id"])
    if plain_name(name) not in known or data == YAML(typ="rt").load(text):
        return
    data["id"] = name + _BORROWED
    data.setdefault("same_chance_as", name)
    data.pop("aliases", None)
    data.pop("prediction", None)


def _apply(data: Any, change: str, library: Library) -> None:
    key, equals, value = change.partition("=")
    parts = key.split(".")
    if not equals:
        raise InputError(f"A change such as 'data_cut_months=24' is needed: {key!r}.")
    if parts[0] == "arms" and len(parts) == 3 and parts[2] in _OF_ARM:
        _change_arm(data["arms"], parts[1], parts[2], value)
    elif parts[0] == ELIGIBILITY and len(parts) <= 2:
        change_eligibility(data, key, value, decision_words(library))
    elif key in ANALYSIS_KEYS:
        change_analysis(data, key, value)
    else:
        _change_entry(data, key, value)


def _change_arm(arms: Any, place: str, what: str, value: str) -> None:
    if not place.isdecimal() or int(place[:3]) >= len(arms):
        raise InputError(f"There is no arm {place!r}; {len(arms)} are counted.")
    key = f"arms.{place}.{what}"
    arms[int(place)][what] = whole_of(value, key) if what == "n" else value


def _change_entry(data: Any, key: str, value: str) -> None:
    if key == "visits.interval_weeks":
        data["visits"]["interval_weeks"] = number_of(value, key)
    elif key in _NUMBERS:
        data[key] = number_of(value, key)
    elif key == "title":
        data[key] = value
    else:
        known = (*_KEYS, *(f"arms.0.{k}" for k in _OF_ARM), *ANALYSIS_KEYS)
        raise unknown_name("entry", key, known)
