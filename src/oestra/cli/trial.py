"""``oestra trial``: run a virtual trial and print it beside its published results."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oestra.cli.caution import caution, unused
from oestra.cli.options import (
    SECONDS_A_PATIENT,
    WORK,
    Json,
    Out,
    Parameters,
    Quiet,
    Seed,
    listed,
)
from oestra.cli.show import note_written, print_json, progress, warn
from oestra.core.errors import InputError
from oestra.core.library import SHIPPED, Kind, Library
from oestra.core.parameter_set import NO_SETTINGS
from oestra.work.plan import ALL_PROCESSORS, Plan

if TYPE_CHECKING:
    from oestra.appraisal.scenarios import Scenarios
    from oestra.cdisc.formats import Format
    from oestra.core.progress import Progress
    from oestra.trial.design import TrialDesign
    from oestra.trial.result import TrialResult
    from oestra.trial.run import Population
    from oestra.work.each import Workers

__all__ = ["trial"]

_Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="NAME_OR_FILE...",
        help="A trial of the library, or a file; several are set side by side.",
    ),
]
_Replicates = Annotated[
    int, typer.Option(min=1, max=10_000, help="How often the trial is run.")
]
_Patients = Annotated[
    int | None,
    typer.Option(min=1, max=100_000, help="Patients; the published number by default."),
]
_Events = Annotated[
    bool,
    typer.Option("--adverse-events", help="Also print adverse events by arm."),
]
_Tables = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FORMAT",
        help="Formats of the CDISC tables besides Parquet: csv, xpt, json or all; may "
        "be repeated or listed with commas.",
    ),
]
_OPTIONS = (
    *("names", "replicates", "patients", "seed", "parameters", "out"),
    *("adverse_events", "tables", *WORK),
)
_Schema = Annotated[
    bool, typer.Option("--schema", help="Print the JSON Schema of a trial file.")
]


def trial(  # noqa: PLR0913 - one argument an option
    names: _Names = None,
    *,
    replicates: _Replicates = 20,
    patients: _Patients = None,
    seed: Seed = 1,
    parameters: Parameters = None,
    library: Library = SHIPPED,
    settings: Mapping[str, float] = NO_SETTINGS,
    adverse_events: _Events = False,
    json: Json = False,
    out: Out = None,
    tables: _Tables = None,
    plan: Plan = ALL_PROCESSORS,
    quiet: Quiet = False,
    schema: _Schema = False,
) -> None:
    """Run a virtual trial and set it beside the published one.

    Without --json, or with --out, a folder gets figures, tables, patients and a
    manifest; results/NAME-seedSEED by default. Several trials are run on one
    population and set side by side: every arm against the first trial's control, and
    what each trial compares.
    """
    from oestra.cdisc.formats import formats_of

    if schema:
        _print_schema()
        return
    formats = formats_of(listed(tables))
    if tables and json and out is None:
        raise InputError("--tables writes files; name a folder for them with --out.")
    work = _Work(plan, replicates, draws=out is not None or not json)
    _begin(work, names or [], patients, library)
    designs, told = _all_found(names or [], patients, library)
    from oestra.cli.recruit import chosen_sets, recruit
    from oestra.cli.trial_files import write_results
    from oestra.core.whole_file import folder_if_named
    from oestra.report.manifest import record_run

    sets = chosen_sets(parameters, replicates, library, settings)
    title = "-and-".join(design.id for design in designs)
    target = out or (None if json else Path("results") / f"{title}-seed{seed}")
    run = record_run(
        seed=seed,
        settings={
            "replicates": replicates,
            "patients": patients,
            "parameter_sets": len(sets),
            **({"set": dict(settings)} if settings else {}),
            **_from_library(library),
        },
    )
    with (
        folder_if_named(target) as folder,
        progress(shown=not (quiet or json)) as report,
        work.open(sum(_size(design, patients) for design in designs)) as workers,
    ):
        results = _simulated(
            designs,
            recruit(sets, workers, report),
            workers,
            report,
            seed=seed,
            replicates=replicates,
            patients=patients,
            folder=folder,
            formats=formats,
        )
        found = _compared(results, designs)
        if folder is not None:
            write_results(folder, found, results, designs, run, workers)
    if found is not None:
        from oestra.cli.scenario_view import show_scenarios

        show_scenarios(
            found, results, json=json, target=target, adverse_events=adverse_events
        )
    elif json:
        _print_record(results[0], told)
    else:
        _show(results[0], designs[0], target, adverse_events=adverse_events)


@dataclass(frozen=True, slots=True)
class _Work:
    """Who simulates, and draws the figures where files are written."""

    plan: Plan
    replicates: int
    draws: bool

    def _asked(self, patients: int) -> dict[str, Any]:
        room = "report" if self.draws else "trial"
        seconds = SECONDS_A_PATIENT * patients * self.replicates
        return {"seconds": seconds, "prepare": f"oestra.{room}.at_work"}

    def begin(self, patients: int) -> None:
        """Let workers load what they need, where the work is worth them."""
        self.plan.begin(**self._asked(patients))

    def open(self, patients: int) -> AbstractContextManager[Workers]:
        """Open the work on so many patients a replicate."""
        return self.plan.open(**self._asked(patients), warn=warn)


def _print_record(result: TrialResult, warnings: list[str]) -> None:
    """Print a trial as one JSON object."""
    from oestra.cli.corrected_view import corrected_record

    told = {"warnings": warnings} if warnings else {}
    print_json({**result.to_json_dict(), **corrected_record(result), **told})


def _show(
    result: TrialResult,
    design: TrialDesign,
    target: Path | None,
    *,
    adverse_events: bool,
) -> None:
    """Print a trial as tables, and where its files are."""
    from oestra.cli.trial_view import show_trial

    show_trial(result, design, adverse_events=adverse_events)
    note_written(None if target is None else f"{target}{os.sep}")


def _all_found(
    names: Sequence[str], patients: int | None, library: Library
) -> tuple[list[TrialDesign], list[str]]:
    """Return the designs and what is hardly meant in them."""
    found = [one for name in names for one in _found(name, patients, library)]
    designs = [design for design, _ in found]
    if len(designs) > 1:
        from oestra.appraisal.scenarios import check_scenarios

        check_scenarios(designs)
    return designs, [text for _, told in found for text in told]


def _begin(
    work: _Work, names: Sequence[str], patients: int | None, library: Library
) -> None:
    """Refuse a name that no trial has, before what designs need is loaded.

    Where the list tells how much work there is, it begins meanwhile. A library that has
    trials of its own is read only with their designs.
    """
    from oestra.trial.listing import find_listed

    if not names:
        raise InputError("Name a trial or a file; 'oestra trials' lists the trials.")
    if library.own(Kind.TRIALS):
        return
    given = [name for name in names if not name.endswith((".yaml", ".yml"))]
    known = [find_listed(name, library) for name in given]
    if len(known) == len(names):
        work.begin(sum(patients or one.patients for one in known))


def _size(design: TrialDesign, patients: int | None) -> int:
    """Return how many patients a replicate has."""
    return patients or sum(arm.n for arm in design.arms)


def _simulated(  # noqa: PLR0913
    designs: Sequence[TrialDesign],
    cohort: Sequence[Population],
    workers: Workers,
    report: Progress,
    *,
    seed: int,
    replicates: int,
    patients: int | None,
    folder: Path | None,
    formats: tuple[Format, ...],
) -> list[TrialResult]:
    """Run trials one after the other, on one population."""
    from oestra.cli.trial_files import place_of, table_sink
    from oestra.model.parameters import between_trial_sd
    from oestra.trial.run import run_trial

    sizes = [_size(design, patients) for design in designs]
    whole = sum(sizes) * replicates
    report("Following patients", 0, whole)
    results: list[TrialResult] = []
    for design, size in zip(designs, sizes, strict=True):
        before = sum(sizes[: len(results)]) * replicates

        def tell(done: int, _all: int, before: int = before, size: int = size) -> None:
            report("Following patients", before + done * size, whole)

        with table_sink(place_of(folder, design, designs), design, formats) as sink:
            result = run_trial(
                design,
                cohort=cohort,
                seed=seed,
                replicates=replicates,
                patients=patients,
                workers=workers,
                between_trial_sd=between_trial_sd() if len(cohort) > 1 else 0.0,
                progress=tell,
                tables=sink,
            )
        results.append(result)
    return results


def _compared(
    results: Sequence[TrialResult], designs: Sequence[TrialDesign]
) -> Scenarios | None:
    """Return how several trials compare."""
    from oestra.appraisal.scenarios import compare_scenarios

    return compare_scenarios(results, designs) if len(designs) > 1 else None


def _from_library(library: Library) -> dict[str, list[str]]:
    """Return the folders a run was made with, for its manifest."""
    folders = [str(folder) for folder in library.folders]
    return {"library": folders} if folders else {}


def _print_schema() -> None:
    """Print the JSON Schema of a trial file."""
    from oestra.trial.design import TrialDesign

    unused(_OPTIONS, "--schema runs nothing")
    print_json(TrialDesign.model_json_schema())


def _found(
    name: str, patients: int | None, library: Library
) -> list[tuple[TrialDesign, list[str]]]:
    """Return a design and its variants; what is hardly meant in each is printed."""
    from oestra.trial.designs import find_designs
    from oestra.trial.doubts import doubts

    found = []
    for design in find_designs(name, library):
        told = [*doubts(design, library), *_idle_looks(design, patients)]
        caution(told)
        found.append((design, told))
    return found


def _idle_looks(design: TrialDesign, patients: int | None) -> list[str]:
    """Tell which looks cannot happen with fewer patients than planned."""
    events = [look.events for look in design.analysis.looks]
    return [
        f"the look at {count} events cannot happen with {patients} patients"
        for count in events
        if patients is not None and count > patients
    ]
