"""``oestra validate``: predict each trial from all the others."""

import os
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.table import Table

from oestra.calibration.between import BetweenTrials, between_trials
from oestra.calibration.checkpoint import State, read_state
from oestra.calibration.fit import problem_key
from oestra.calibration.free import free_parameters
from oestra.calibration.objective import Objective
from oestra.calibration.ship import shipped_problem
from oestra.calibration.validate import LeftOut, leave_all_out
from oestra.cli.options import Json, Out, Quiet, Seed, Workers
from oestra.cli.sensitivity import Plan, explore
from oestra.cli.show import console, note, print_json, progress
from oestra.core.errors import InputError
from oestra.course.parameters import best_parameters, prior_parameters, stale_fit
from oestra.evidence.load import digest as evidence_digest
from oestra.network.digest import source_digest
from oestra.report.manifest import record_run
from oestra.report.validation import (
    validation_record,
    validation_table,
    write_validation,
)
from oestra.report.write import whole_folder

__all__ = ["validate"]

_Checkpoint = Annotated[
    Path | None,
    typer.Option(
        "--checkpoint",
        help="State of a fit, from 'oestra calibrate'; the fit that ships if unsaid.",
    ),
]
_Patients = Annotated[int, typer.Option(min=100, help="Patients of that fit.")]
_Most = Annotated[int, typer.Option(min=50, help="Most patients in a trial of it.")]
_Sensitivity = Annotated[
    bool,
    typer.Option(
        "--sensitivity",
        help="Instead: which endpoints depend on which parameters, by simulation.",
    ),
]
_Sets = Annotated[int, typer.Option(min=20, help="Parameter sets of --sensitivity.")]


def validate(  # noqa: PLR0913 - one argument an option
    *,
    checkpoint: _Checkpoint = None,
    patients: _Patients = 2000,
    most: _Most = 500,
    seed: Seed = 7,
    sensitivity: _Sensitivity = False,
    sets: _Sets = 200,
    json: Json = False,
    out: Out = None,
    workers: Workers = None,
    quiet: Quiet = False,
) -> None:
    """Leave each trial out, refit, predict it, and say how wrong that was.

    With --out a folder gets the page, the figure, the table and the numbers. Options
    of the fit matter with --checkpoint and --sensitivity only. With --sensitivity all
    fitted parameters are spread around the best set, and the page says which endpoints
    depend on which of them; about a quarter of an hour on two processors.
    """
    shown = not (quiet or json)
    if sensitivity:
        objective, best, warning = _best(checkpoint, patients, most, seed)
        plan = Plan(
            sets=sets, out=out, workers=workers or os.cpu_count() or 1, warning=warning
        )
        explore(objective, best, plan, json=json, shown=shown)
        return
    objective, state, between, warning = _problem(checkpoint, patients, most, seed)
    place = nullcontext() if out is None else whole_folder(out)
    with place as folder, progress(shown=shown) as report:
        found = leave_all_out(objective, state, between, report)
        if folder is not None:
            run = record_run(
                seed=objective.seed,
                settings={"patients": objective.patients, "most": objective.most},
                hashes={"model": source_digest(), "evidence": evidence_digest()},
            )
            write_validation(folder, found, run, warning=warning)
    record = validation_record(found)
    if json:
        print_json(record)
        return
    _show(record, found)
    if warning:
        console().print(f"The fit is stale: {warning}.", style="yellow")
    note("" if out is None else f"Written to {out}.")


def _best(
    checkpoint: Path | None, patients: int, most: int, seed: int
) -> tuple[Objective, np.ndarray, str]:
    """Return a problem, its best set, and why the fit is stale.

    The shipped best set can be spread even where its Jacobian is of another problem.
    """
    if checkpoint is not None:
        objective, state, _, warning = _problem(checkpoint, patients, most, seed)
        return objective, state.z, warning
    objective = Objective.of_trials(
        free_parameters(), prior_parameters(), patients=patients, most=most, seed=seed
    )
    values = best_parameters()
    best = [item.standardized(values[item.name]) for item in objective.free]
    return objective, np.array(best), stale_fit()


def _problem(
    checkpoint: Path | None, patients: int, most: int, seed: int
) -> tuple[Objective, State, BetweenTrials, str]:
    """Return the problem, its end, how trials differ, and why that is stale."""
    if checkpoint is None:
        return *shipped_problem(), stale_fit()
    objective = Objective.of_trials(
        free_parameters(), prior_parameters(), patients=patients, most=most, seed=seed
    )
    state = read_state(checkpoint, problem_key(objective))
    if state is None:
        raise InputError(
            f"No fit at {checkpoint}; run 'oestra calibrate --checkpoint {checkpoint}'."
        )
    return objective, state, between_trials(objective, state.z), ""


def _show(record: dict[str, Any], found: list[LeftOut]) -> None:
    shown = Table("hazard ratio", "published", "predicted", "90 %", "z", box=None)
    table = validation_table(found)
    for row in table.loc[table["kind"] == "hazard_ratio"].to_dict("records"):
        shown.add_row(
            row["id"],
            f"{row['published']:.2f}",
            f"{row['predicted']:.2f}",
            f"{row['predicted_low']:.2f} to {row['predicted_high']:.2f}",
            f"{row['z']:+.1f}",
            style="" if row["inside_90"] else "bold",
        )
    terminal = console()
    terminal.print(shown)
    for name in ("hazard_ratios", "medians"):
        if name in record:
            part = record[name]
            terminal.print(
                f"{name.replace('_', ' ')}: weighted error "
                f"{part['weighted_error']:.3f}, 90 % intervals cover "
                f"{part['coverage_percent']:.0f} %, rms z "
                f"{part['root_mean_square_z']:.2f}"
            )
    base = record["baselines"]
    terminal.print(
        f"baselines: mean of the other trials {base['others']:.3f}, of the same class "
        f"{base['class']:.3f}"
    )
