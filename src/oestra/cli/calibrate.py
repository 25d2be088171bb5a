"""``oestra calibrate``: fit the shared parameters, or go on where a fit was stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oestra.calibration.trial_size import COHORTS, MOST, PAIRS, PATIENTS
from oestra.cli.caution import never_with, unused
from oestra.cli.options import WORK, Json, Out, Quiet, Seed
from oestra.cli.show import console, note, print_json, progress, warn
from oestra.core.errors import InputError, unknown_name
from oestra.history.cohort_size import COHORT_SEED
from oestra.work.plan import ALL_PROCESSORS, Plan

if TYPE_CHECKING:
    import numpy as np

    from oestra.calibration.objective import Objective

__all__ = ["calibrate"]

_STARTS = ("best", "prior")

_Rounds = Annotated[
    int, typer.Option(min=1, max=10_000, help="Rounds of four steps each.")
]
_Patients = Annotated[
    int, typer.Option(min=100, max=1_000_000, help="Patients of a population.")
]
_Most = Annotated[
    int, typer.Option(min=50, max=100_000, help="Most patients followed in a trial.")
]
_Cohorts = Annotated[
    int,
    typer.Option(
        min=1, max=100, help="Populations of so many patients that the fit is of."
    ),
]
_Pairs = Annotated[
    int,
    typer.Option(
        min=2,
        max=10_000,
        help="Pairs of moves that measure slopes where the fit has come to.",
    ),
]
_Checkpoint = Annotated[
    Path | None,
    typer.Option(
        "--checkpoint",
        help="File that keeps the state of the fit; results/calibration.npz if unsaid.",
    ),
]
_OPTIONS = ("rounds", "patients", "most", "cohorts", "pairs", "start", "checkpoint",
            "seed", "out", *WORK)  # fmt: skip
_From = Annotated[
    str | None,
    typer.Option(
        "--start",
        help="Where to start: 'prior', the files and the fit of the cell, or 'best', "
        "the set that ships; 'prior' if unsaid, 'best' with --warm.",
    ),
]
_Warm = Annotated[
    bool,
    typer.Option(
        "--warm", help="Take over the slopes of the fit that ships; a few rounds."
    ),
]
_Hours = Annotated[
    float,
    typer.Option(min=0.01, max=1000, help="With --warm: begin no round after so long."),
]
_Cells = Annotated[
    bool,
    typer.Option(
        "--cells",
        help="Fit the cell alone, to measurements on cells; some ten minutes.",
    ),
]
_Variants = Annotated[
    bool,
    typer.Option(
        "--variants",
        help="With --cells: compare all variants of the cell by their predictions of "
        "experiments left out, and take the best; about an hour.",
    ),
]
_Report = Annotated[
    Path | None,
    typer.Option(
        "--report",
        help="Folder for a report: of the fit that ships, or with --cells of that fit.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """How to fit."""

    rounds: int
    start: str
    checkpoint: Path
    plan: Plan
    out: Path
    pairs: int
    warm: bool = False
    hours: float = float("inf")


def calibrate(  # noqa: PLR0913 - one argument an option
    *,
    cells: _Cells = False,
    variants: _Variants = False,
    report: _Report = None,
    rounds: _Rounds = 40,
    patients: _Patients = PATIENTS,
    most: _Most = MOST,
    cohorts: _Cohorts = COHORTS,
    pairs: _Pairs = PAIRS,
    start: _From = None,
    warm: _Warm = False,
    hours: _Hours = 2.0,
    checkpoint: _Checkpoint = None,
    seed: Seed = COHORT_SEED,
    out: Out = None,
    json: Json = False,
    plan: Plan = ALL_PROCESSORS,
    quiet: Quiet = False,
) -> None:
    """Fit the shared parameters to the published endpoints and facts.

    From what is known without trials to a parameter set with its ensemble, as it
    ships: some four hours on two processors. A fit that was stopped goes on
    from its checkpoint with the same result. With --out the record of the fit is
    written to that file; it becomes the shipped one only when that file is the
    package's own. With --warm what the fit that ships knows of slopes is taken over, so
    that a change of the model costs a few rounds rather than a whole fit. With --cells
    only the parameters of the cell are fitted, from their prior, and only to
    experiments on cells. With --report and without --cells nothing is fitted: the fit
    that ships is shown.
    """
    from oestra.calibration.free import free_parameters
    from oestra.calibration.objective import Objective
    from oestra.cli.cell_calibration import calibrate_cells
    from oestra.model.parameters import cell_parameters

    if cells:
        left = (
            "patients",
            "most",
            "cohorts",
            "pairs",
            "start",
            "seed",
            "warm",
            "hours",
            "checkpoint",
        )
        never_with(left, "--cells", "it fits the cell alone, from the files' values")
        calibrate_cells(
            out or Path("results/cell_fit.json"),
            report,
            rounds=min(rounds, 12),
            compared=variants,
            plan=plan,
            json=json,
            shown=not (quiet or json),
        )
        return
    if variants:
        raise InputError("--variants are of the cell; add --cells.")
    if report is not None:
        unused(_OPTIONS, "--report without --cells fits nothing")
        _show_shipped(report, json=json)
        return
    if warm and start == "prior":
        raise InputError("--warm goes on from the fit that ships; leave out --start.")
    origin = start or ("best" if warm else "prior")
    if origin not in _STARTS:
        raise unknown_name("start", origin, _STARTS)
    place = checkpoint or Path("results/calibration.npz")
    choice = _Choice(
        rounds=rounds,
        pairs=pairs,
        start=origin,
        checkpoint=place,
        plan=plan,
        out=out or place.with_suffix(".json"),
        warm=warm,
        hours=hours if warm else float("inf"),
    )
    objective = Objective.of_trials(
        free_parameters(),
        cell_parameters(),
        patients=patients,
        most=most,
        seed=seed,
        cohorts=cohorts,
    )
    record = _fit_all(objective, choice, shown=not (quiet or json))
    if json:
        print_json(record)
        return
    _say(record)
    note(f"Written to {choice.out}.")


def _start(objective: Objective, start: str) -> np.ndarray:
    from oestra.calibration.standardize import standardize
    from oestra.model.parameters import best_parameters, cell_parameters

    origin = cell_parameters() if start == "prior" else best_parameters()
    return standardize(origin, objective.free)


def _fit_all(objective: Objective, choice: _Choice, *, shown: bool) -> dict[str, Any]:
    from oestra.calibration.between import between_trials
    from oestra.calibration.fit import fit
    from oestra.calibration.ship import fit_record, ship_fit, state_for
    from oestra.calibration.stages import fit_in_stages
    from oestra.calibration.validate import leave_all_out

    warm = state_for(objective) if choice.warm else None
    if choice.warm and warm is None:
        raise InputError("No fit ships that --warm could go on from.")
    with (
        progress(shown=shown) as tell,
        choice.plan.open(prepare="oestra.calibration.fit", warn=warn) as workers,
    ):
        whole = partial(fit, warm=warm, hours=choice.hours)
        way = fit_in_stages if choice.start == "prior" else whole
        state = way(
            objective,
            _start(objective, choice.start),
            path=choice.checkpoint,
            rounds=choice.rounds,
            pairs=choice.pairs,
            workers=workers,
            progress=tell,
        )
        tell("how trials differ", 0, 1)
        between = between_trials(objective, state.z, workers=workers)
        evaluation = objective.evaluate(state.z, workers=workers)
        left_out = leave_all_out(objective, state, between, tell, workers=workers)
        found = fit_record(
            objective,
            state,
            evaluation,
            between,
            left_out=left_out,
            interim=choice.start == "best",
        )
    ship_fit(found, choice.out, state=state)
    return found.to_json_dict()


def _reported(
    folder: Path, work: Callable[[], dict[str, Any]], title: str, warning: str = ""
) -> dict[str, Any]:
    """Do the work inside the folder's making: a bad place is found before it."""
    from oestra.core.whole_file import whole_folder
    from oestra.report.fit_page import write_calibration
    from oestra.report.manifest import record_run

    with whole_folder(folder) as fresh:
        record = work()
        run = record_run(
            seed=record["settings"]["seed"],
            settings=record["settings"],
            hashes=dict(record["belongs_to"]),
        )
        write_calibration(fresh, record, run, title=title, warning=warning)
    return record


def _show_shipped(folder: Path, *, json: bool) -> None:
    from oestra.model.belonging import stale_fit
    from oestra.model.fit import shipped_fit

    fit = shipped_fit()
    if fit is None:
        raise InputError("No fit ships yet; run 'oestra calibrate' first.")
    record = fit.to_json_dict()
    _reported(folder, lambda: record, "The fit that ships", stale_fit())
    if json:
        print_json(record)
        return
    _say(record)
    if stale_fit():
        warn(f"This fit is stale: {stale_fit()}.")
    note(f"Report: {folder}.")


def _say(record: dict[str, Any]) -> None:
    import numpy as np

    miss = np.array([entry["residual"] for entry in record["residuals"]])
    losses = record["losses"]
    console().print(
        f"{int((np.abs(miss) <= 1.96).sum())} of {len(miss)} published numbers within "
        f"1.96 standard errors; loss {losses[0]:.1f} at the start, {losses[-1]:.1f} "
        "now."
    )
    worst = sorted(record["residuals"], key=lambda one: -abs(one["residual"]))
    for entry in worst[:8]:
        if abs(entry["residual"]) > 1.96:
            console().print(
                f"  {entry['id']}: {entry['value']:.3g}, {entry['residual']:+.1f} "
                "standard errors"
            )
