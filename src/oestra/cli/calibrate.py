"""``oestra calibrate``: fit the shared parameters, or go on where a fit was stopped."""

import os
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from oestra.calibration.fit import fit
from oestra.calibration.free import free_parameters
from oestra.calibration.objective import Objective
from oestra.calibration.ship import fit_record, ship_fit
from oestra.cli.options import Json, Out, Quiet, Seed, Workers
from oestra.cli.show import console, note, print_json, progress
from oestra.course.parameters import best_parameters, prior_parameters

__all__ = ["calibrate"]

_Rounds = Annotated[int, typer.Option(min=1, help="Jacobians to compute.")]
_Patients = Annotated[int, typer.Option(min=100, help="Patients simulated.")]
_Most = Annotated[int, typer.Option(min=50, help="Most patients followed in a trial.")]
_Checkpoint = Annotated[
    Path, typer.Option("--checkpoint", help="File that keeps the state of the fit.")
]
_From = Annotated[
    str, typer.Option("--start", help="Where to start: 'best' (shipped) or 'prior'.")
]


def calibrate(  # noqa: PLR0913 - one argument an option
    *,
    rounds: _Rounds = 6,
    patients: _Patients = 600,
    most: _Most = 250,
    start: _From = "best",
    checkpoint: _Checkpoint = Path("results/calibration.npz"),
    seed: Seed = 7,
    out: Out = None,
    json: Json = False,
    workers: Workers = None,
    quiet: Quiet = False,
) -> None:
    """Fit the shared parameters to the published endpoints and facts.

    A fit that was stopped goes on from its checkpoint with the same result. With
    --out the record of the fit is written to that file; it becomes the shipped one
    only when that file is the package's own.
    """
    free = free_parameters()
    base = prior_parameters()
    objective = Objective.of_trials(free, base, patients=patients, most=most, seed=seed)
    origin = base if start == "prior" else best_parameters()
    z = np.array([item.standardized(origin[item.name]) for item in free])
    with progress(shown=not (quiet or json)) as report:
        state = fit(
            objective,
            z,
            path=checkpoint,
            rounds=rounds,
            workers=workers or os.cpu_count() or 1,
            progress=report,
        )
        evaluation = objective.evaluate(state.z)
    record = fit_record(objective, state, evaluation)
    target = ship_fit(record, out or checkpoint.with_suffix(".json"))
    if json:
        print_json(record)
        return
    inside = np.abs(evaluation.residual[: len(objective.rows)]) <= 1.96
    console().print(
        f"{int(inside.sum())} of {len(inside)} published endpoints within two standard "
        f"errors; loss {state.losses[0]:.0f} at the start, {state.losses[-1]:.0f} now."
    )
    note(f"Written to {target}.")
