"""``oestra response``: response and progression of patients by RECIST or WHO."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oestra.cli.options import Json
from oestra.cli.show import console, headed, note, print_json
from oestra.core.errors import FaultsError, InputError, shown
from oestra.core.name import is_label

if TYPE_CHECKING:
    from oestra.trial.patient_response import PatientResponse

__all__ = ["response"]

_MOST = 10_000
"""Patients of a file."""

_File = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help="YAML or JSON: the history of one patient (lesions, visits), or of "
        "several by name.",
    ),
]
_Criteria = Annotated[str, typer.Option(help="RECIST-1.1, RECIST-1.0 or WHO.")]
_Confirm = Annotated[
    float,
    typer.Option(metavar="WEEKS", help="Weeks until a response is seen again."),
]
_Missed = Annotated[
    int,
    typer.Option(help="Scans between the two that may be missed or not evaluable."),
]
_Stable = Annotated[
    int, typer.Option(help="Scans between the two that may read SD, for a PR.")
]
_Weeks = Annotated[float, typer.Option(help="Weeks from which stable disease counts.")]
_Window = Annotated[
    float, typer.Option(help="Days a scan may be early and still count as its week.")
]


def response(  # noqa: PLR0913
    file: _File,
    *,
    criteria: _Criteria = "RECIST-1.1",
    confirm: _Confirm = 4.0,
    inevaluable_between: _Missed = 1,
    stable_between: _Stable = 0,
    stable_weeks: _Weeks = 6.0,
    window_days: _Window = 0.0,
    json: Json = False,
) -> None:
    """Judge response and progression of patients from their lesions over time.

    Both the best response with confirmation and without it are shown.
    """
    from oestra.trial.patient_response import best_response

    judge = partial(
        best_response,
        criteria=criteria,
        confirm=confirm,
        inevaluable_between=inevaluable_between,
        stable_between=stable_between,
        stable_weeks=stable_weeks,
        window_days=window_days,
    )
    judge({"visits": []})  # what is wrong with an option is no fault of the file
    found: dict[str, PatientResponse] = {}
    faults: list[str] = []
    for name, history in _histories(file).items():
        try:
            found[name] = judge(history)
        except InputError as error:
            place = f"{file.name}, patient {name}" if name else file.name
            faults.append(f"{place}: {error}")
    if faults:
        raise FaultsError(faults)
    if json:
        told = {name: one.to_json_dict() for name, one in found.items()}
        print_json(told.get("", {"patients": told}))
        return
    if "" in found:
        _show_visits(found[""])
    else:
        _show_patients(found)
    note("")


def _histories(file: Path) -> dict[str, Any]:
    """Return the histories of a file by patient; one alone has no name."""
    from oestra.core.text_file import read_text
    from oestra.core.yaml_text import load_yaml

    given = load_yaml(read_text(file), file.name)
    if not isinstance(given, Mapping) or not given:
        raise InputError(
            f"{file.name} holds a history with lesions and visits, or several by the "
            f"name of the patient, got {shown(given)}."
        )
    every = list(given.values())
    named = all(isinstance(one, Mapping) for one in every) and (
        all("visits" in one for one in every) or not {"lesions", "visits"} & set(given)
    )
    if not named:
        return {"": given}
    if len(given) > _MOST:
        raise InputError(f"{file.name} holds {len(given):,} patients, of {_MOST:,}.")
    for name in given:
        if not is_label(str(name)):
            raise InputError(f"{file.name}: {shown(name)} cannot be a patient's name.")
    return {str(name): one for name, one in given.items()}


def _day(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def _lasted(found: PatientResponse) -> str:
    if found.duration_days is None:
        return ""
    return f"{found.duration_days:g}" + ("" if found.duration_ended else "+")


def _show_patients(found: Mapping[str, PatientResponse]) -> None:
    from rich.table import Table

    table = Table(
        "patient", "best", "without confirmation", "response day", "progression day",
        "days of response", box=None,
    )  # fmt: skip
    for name, one in found.items():
        table.add_row(
            name,
            str(one.best),
            str(one.best_unconfirmed),
            _day(one.response_day),
            _day(one.progression_day),
            _lasted(one),
        )
    console().print(table)


def _show_visits(found: PatientResponse) -> None:
    from rich.table import Table

    screen = console()
    screen.print(
        headed(f"Best response {found.best}", f" by {found.criteria}"
               f" (without confirmation {found.best_unconfirmed})")
    )  # fmt: skip
    if found.targets:
        screen.print(f"Targets: {', '.join(found.targets)}; sum {found.baseline:g}")
    for what, day in (
        ("Response from day", found.response_day),
        ("Progression on day", found.progression_day),
    ):
        if day is not None:
            screen.print(f"{what} {day:g}")
    if found.duration_days is not None:
        screen.print(f"Days of response {_lasted(found)}")
    table = Table("day", "sum", "nadir", "targets", "new lesion", "overall", box=None)
    for visit in found.visits:
        table.add_row(
            f"{visit.day:g}",
            _day(visit.sum),
            _day(visit.nadir),
            str(visit.target or ""),
            "yes" if visit.new_lesion else "",
            str(visit.overall),
        )
    screen.print(table)
