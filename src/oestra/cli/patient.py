"""``oestra patient``: the life of one virtual patient."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oestra.cli.options import Json, OneSet, Out, Seed, warn_overwritten
from oestra.cli.show import console, headed, note_written, print_json
from oestra.core.library import SHIPPED, Library
from oestra.core.parameter_set import NO_SETTINGS

if TYPE_CHECKING:
    from rich.table import Table

    from oestra.history.lived import Lived
    from oestra.history.patient import PatientCourse

__all__ = ["patient"]

_Number = Annotated[
    int,
    typer.Option(
        min=0, max=999_999_999, help="Which patient of the seed's population."
    ),
]
_Line = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=4,
        help="Follow her from this metastatic line on, until she dies.",
    ),
]
_Regimen = Annotated[
    str | None,
    typer.Option(
        help="With --line: what she takes there, such as 'exemestane 25 mg daily'; "
        "what practice gave her by default."
    ),
]


def patient(  # noqa: PLR0913 - one argument an option
    *,
    number: _Number = 0,
    seed: Seed = 1,
    line: _Line = None,
    regimen: _Regimen = None,
    parameters: OneSet = None,
    library: Library = SHIPPED,
    settings: Mapping[str, float] = NO_SETTINGS,
    json: Json = False,
    out: Out = None,
) -> None:
    """Follow one patient from diagnosis to cure or her last line.

    Without --json, or with --out, a folder gets a figure of therapies, clones and
    visits, her cells as CSV, and a manifest (results/patient-NUMBER-seedSEED). With
    --line, she is followed on another regimen from the state that she has there:
    lesions, scans as RECIST reads them, clones, drug levels, harm and death.
    """
    from oestra.cli.recruit import chosen_set
    from oestra.core.errors import InputError
    from oestra.core.whole_file import folder_if_named
    from oestra.history.lived import live
    from oestra.network.digest import source_digest
    from oestra.report.manifest import record_run, write_manifest

    if regimen is not None and line is None:
        raise InputError("--regimen is taken from a line on; add --line 1 to 4.")
    warn_overwritten(settings, patients=True)
    chosen = chosen_set(parameters, library, settings)
    hashes = {"model": source_digest(library), "parameters": chosen.digest}
    given: dict[str, object] = {"number": number}
    name = f"patient-{number}-seed{seed}"
    if line is not None:
        given |= {"line": line, "regimen": regimen or ""}
        name += f"-line{line}"
    run = record_run(seed=seed, settings=given, hashes=hashes)
    target = out or (None if json else Path("results") / name)
    with folder_if_named(target) as folder:
        lived = live(number, seed=seed, parameters=chosen)
        told = _whole(lived) if line is None else _from_line(lived, line, regimen or "")
        if folder is not None:
            told.write(folder)
            write_manifest(folder, run)
    if json:
        print_json(told.record)
        return
    told.show()
    note_written(f"{target}{os.sep}")


@dataclass(frozen=True, slots=True)
class _Told:
    """What is printed and written of a patient."""

    record: dict[str, Any]
    write: Callable[[Path], None]
    show: Callable[[], None]


def _whole(lived: Lived) -> _Told:
    """Return her life from diagnosis on."""
    from oestra.history.patient import course_of
    from oestra.report.canvas import save_figure
    from oestra.report.patient_course import draw_patient_course

    course = course_of(lived)

    def write(folder: Path) -> None:
        course.cells.to_csv(folder / "cells.csv", index=False)
        save_figure(draw_patient_course(course), folder, "course")

    return _Told(course.to_json_dict(), write, lambda: _show(course))


def _from_line(lived: Lived, line: int, regimen: str) -> _Told:
    """Return her on a regimen from one of her lines on."""
    from oestra.appraisal.what_if import what_if
    from oestra.cli.what_if_view import show_what_if

    found = what_if(lived, line, regimen)

    def write(folder: Path) -> None:
        for name, table in found.tables.items():
            table.to_csv(folder / f"{name}.csv", index=False)

    return _Told(found.to_json_dict(), write, lambda: show_what_if(found))


def _show(course: PatientCourse) -> None:
    from rich.table import Table

    terminal = console()
    terminal.print(headed(f"Patient {course.patient}", f" of seed {course.seed}"))
    terminal.print(_traits(course))
    table = Table("years", "what", box=None)
    for year, text in _chronicle(course):
        table.add_row(year, text)
    terminal.print("", table, "")
    terminal.print(_clones(course))


def _traits(course: PatientCourse) -> str:
    traits = course.traits
    subtype = "luminal A" if traits["luminal_a"] else "luminal B"
    her2 = "positive" if traits["her2_positive"] else "negative"
    return (
        f"{traits['age_years']:.0f} years old, {subtype}, HER2 {her2}, ER H-score "
        f"{traits['er_h_score']:.0f}, PIK3CA {traits['pik3ca']}; the untreated tumor "
        f"doubles in {traits['doubling_time_days']:.0f} days"
    )


def _chronicle(course: PatientCourse) -> list[tuple[str, str]]:
    """Return what happened, in order of time."""
    import numpy as np

    from oestra.core.units import DAYS_PER_YEAR

    found = [
        (h.day, 0, f"{h.day / DAYS_PER_YEAR:.1f}", h.name) for h in course.happenings
    ]
    for line in course.lines:
        start, end = line.start_day / DAYS_PER_YEAR, line.end_day / DAYS_PER_YEAR
        text = f"{line.regimen} ({line.setting})"
        found.append((line.start_day, 1, f"{start:.1f} to {end:.1f}", text))
    last = float(course.days[-1])
    alive = bool(np.isfinite(course.log_cells[-1]).any())
    end = "followed until here" if alive else "no tumor cell is left"
    found.append((last, 2, f"{last / DAYS_PER_YEAR:.1f}", end))
    return [(years, text) for _day, _order, years, text in sorted(found)]


def _clones(course: PatientCourse) -> Table:
    """Return the clones at diagnosis, at their largest, and at the end."""
    from rich.table import Table

    from oestra.report.clone_label import clone_label

    table = Table("clone", "at diagnosis", "at most", "at the end", box=None)
    cells = course.cells.drop(columns="day")
    for name in cells.columns:
        number = cells[name].to_numpy()
        if number.max() >= 1:
            shown = (number[0], number.max(), number[-1])
            table.add_row(clone_label(str(name)), *(f"{n:.2g}" for n in shown))
    return table
