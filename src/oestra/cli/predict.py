"""``oestra predict``: register what the model says of trials before they report."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import date as day
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oestra.cli.caution import caution, unused
from oestra.cli.options import WORK, Json, Out, Parameters, Quiet, Seed
from oestra.cli.show import console, note, note_written, print_json, progress, warn
from oestra.core.errors import InputError, shown
from oestra.core.progress import Progress
from oestra.work.plan import ALL_PROCESSORS, Plan

if TYPE_CHECKING:
    from oestra.appraisal.prediction import Identity
    from oestra.core.parameter_set import ParameterSet
    from oestra.trial.design import TrialDesign

__all__ = ["predict"]

_FOLDER = Path("predictions")
_Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="NAME_OR_FILE", help="Trials of the library, or files."),
]
_All = Annotated[
    bool, typer.Option("--all", help="Every trial of the library without a result.")
]
_Replicates = Annotated[
    int, typer.Option(min=1, max=10_000, help="How often each trial is run.")
]
_Date = Annotated[
    str | None,
    typer.Option("--date", help="Day of registration, YYYY-MM-DD; today if unsaid."),
]
_OPTIONS = (
    *("names", "everything", "replicates", "date", "seed", "parameters", "out"),
    *WORK,
)
_Check = Annotated[
    Path | None,
    typer.Option("--check", help="Folder of predictions to check; nothing is run."),
]
_Outcomes = Annotated[
    Path | None,
    typer.Option(
        "--outcomes",
        help="Folder of predictions to set beside what was published since; nothing "
        "is run.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """How to predict."""

    sets: tuple[ParameterSet, ...]
    folder: Path
    date: str
    seed: int
    replicates: int
    work: Plan


def predict(  # noqa: PLR0913 - one argument an option
    names: _Names = None,
    *,
    everything: _All = False,
    replicates: _Replicates = 20,
    date: _Date = None,
    check: _Check = None,
    outcomes: _Outcomes = None,
    seed: Seed = 1,
    parameters: Parameters = None,
    json: Json = False,
    out: Out = None,
    plan: Plan = ALL_PROCESSORS,
    quiet: Quiet = False,
) -> None:
    """Register predictions of trials whose results the project does not know.

    Each becomes one JSON file of the folder (predictions by default), with a table of
    them all in its README.md. What was registered is never written over: the same
    model, parameters, evidence and design confirm it, others give another file.
    """
    from oestra.cli.recruit import chosen_sets, warn_uncalibrated
    from oestra.report.prediction_index import own_index, write_index

    if check is not None and outcomes is not None:
        raise InputError("Give --check or --outcomes, not both.")
    if check is not None:
        unused(_OPTIONS, "--check runs nothing")
        _check(check, json=json)
        return
    if outcomes is not None:
        unused(_OPTIONS, "--outcomes runs nothing")
        _show_outcomes(outcomes, json=json)
        return
    folder = out or _FOLDER
    how = _Plan(
        sets=chosen_sets(parameters, replicates),
        folder=folder,
        date=_day(date),
        seed=seed,
        replicates=replicates,
        work=plan,
    )
    chosen = _chosen(names or [], everything=everything)
    _caution(chosen)
    own_index(folder)
    _refuse_interim(chosen)
    with progress(shown=not (quiet or json)) as report:
        found = _predict(chosen, how, report)
    write_index(folder)
    if json:
        print_json({"folder": str(folder), "predictions": found})
        return
    _show(found)
    warn_uncalibrated()
    note_written(f"{folder}{os.sep}")


def _refuse_interim(chosen: Sequence[TrialDesign]) -> None:
    """Refuse to register trials of the library from a fit that is interim."""
    from oestra.model.fit import shipped_fit

    fit = shipped_fit()
    named = [one.id for one in chosen if one.prediction]
    if fit is not None and fit.interim and named:
        raise InputError(
            f"The fit that ships is interim, so that no prediction of {named[0]} is "
            "registered from it; 'oestra trial' shows what it gives, and 'oestra "
            "calibrate' fits anew."
        )


def _caution(chosen: Sequence[TrialDesign]) -> None:
    """Print what in the designs is hardly meant."""
    from oestra.trial.doubts import doubts

    for one in chosen:
        caution(f"{one.id}: {doubt}" for doubt in doubts(one))


def _day(given: str | None) -> str:
    if given is None:
        return datetime.now(UTC).date().isoformat()
    try:
        return day.fromisoformat(given).isoformat()
    except ValueError as error:
        raise InputError(
            f"--date needs a day as YYYY-MM-DD, got {shown(given)}."
        ) from error


def _chosen(names: Sequence[str], *, everything: bool) -> list[TrialDesign]:
    from oestra.appraisal.prediction import has_results
    from oestra.trial.designs import designs, find_design

    if everything and names:
        raise InputError("Name trials or use --all, not both.")
    if everything:
        return [one for one in designs().values() if one.prediction]
    if not names:
        raise InputError("Name a trial or a file, or predict --all without a result.")
    found = {one.id: one for one in map(find_design, names)}
    for one in found.values():
        if has_results(one):
            raise InputError(
                f"Results of {one.id} are published and known here, so nothing said "
                f"of it is a prediction; run 'oestra trial {one.id}' instead."
            )
    return list(found.values())


def _predict(
    chosen: Sequence[TrialDesign], plan: _Plan, report: Progress
) -> list[dict[str, Any]]:
    """Confirm what is registered, and run and register the rest."""
    from oestra.appraisal.prediction import identify, registered

    identities = [
        identify(one, plan.sets, seed=plan.seed, replicates=plan.replicates)
        for one in chosen
    ]
    known = [registered(plan.folder, one) for one in identities]
    pairs = zip(chosen, identities, strict=True)
    todo = [pair for pair, old in zip(pairs, known, strict=True) if old is None]
    new = iter(_register(todo, plan, report) if todo else ())
    return [
        next(new) if old is None
        else {"file": identity.file_name, "status": "confirmed", **old}
        for identity, old in zip(identities, known, strict=True)
    ]  # fmt: skip


def _register(
    todo: Sequence[tuple[TrialDesign, Identity]], plan: _Plan, report: Progress
) -> list[dict[str, Any]]:
    """Run trials and register what they give."""
    from oestra.appraisal.prediction import prediction_record, register
    from oestra.cli.recruit import recruit
    from oestra.model.belonging import stale_fit
    from oestra.trial.run import run_trial

    found: list[dict[str, Any]] = []
    with plan.work.open(prepare="oestra.trial.at_work", warn=warn) as workers:
        cohort = recruit(plan.sets, workers, report)
        for design, identity in todo:

            def tell(done: int, total: int, trial: str = design.id) -> None:
                report(f"Running {trial}", done, total)

            result = run_trial(
                design,
                cohort=cohort,
                seed=plan.seed,
                replicates=plan.replicates,
                workers=workers,
                progress=tell,
            )
            record = prediction_record(
                design, result, identity, date=plan.date, stale=stale_fit()
            )
            register(plan.folder, identity, record)
            found.append({"file": identity.file_name, "status": "registered", **record})
    return found


def _show(found: Sequence[dict[str, Any]]) -> None:
    from rich.table import Table

    from oestra.report.prediction_index import headline

    table = Table("trial", "predicted", "middle and interval", "", box=None)
    for record in found:
        told = f"{record['status']}, {record['date']}"
        rows = list(headline(record)) or [("no endpoint of the whole trial", "-")]
        for number, (what, text) in enumerate(rows):
            first = number == 0
            table.add_row(record["trial"] if first else "", what, text, told * first)
    console().print(table)


def _check(folder: Path, *, json: bool) -> None:
    from rich.table import Table

    from oestra.appraisal.prediction import read_predictions
    from oestra.report.prediction_index import check_index

    if not folder.is_dir():
        raise InputError(f"There is no folder {folder} to check.")
    found = read_predictions(folder)
    check_index(folder, found)
    if json:
        kept = ("trial", "date", "hashes", "sha256")
        rows = [
            {"file": name, **{key: record[key] for key in kept}}
            for name, record in found.items()
        ]
        print_json({"folder": str(folder), "unaltered": True, "predictions": rows})
        return
    table = Table("file", "trial", "date", "", box=None)
    for name, record in found.items():
        table.add_row(name, record["trial"], record["date"], "unaltered")
    console().print(table)
    note(f"{len(found)} predictions are as they were registered.")


def _show_outcomes(folder: Path, *, json: bool) -> None:
    from oestra.appraisal.outcome import outcomes
    from oestra.appraisal.prediction import read_predictions
    from oestra.cli.predict_view import show_outcomes

    if not folder.is_dir():
        raise InputError(f"There is no folder {folder} of predictions.")
    told = outcomes(read_predictions(folder))
    if json:
        rows = [one.to_json_dict() for one in told]
        print_json({"folder": str(folder), "registrations": rows})
        return
    show_outcomes(told)
