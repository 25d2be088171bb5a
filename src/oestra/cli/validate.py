"""``oestra validate``: predict each trial from all the others."""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.table import Table

from oestra.calibration.checkpoint import State, read_state
from oestra.calibration.fit import problem_key
from oestra.calibration.free import free_parameters
from oestra.calibration.objective import Objective
from oestra.calibration.validate import (
    LeftOut,
    baselines,
    leave_one_out,
    weighted_error,
)
from oestra.cli.options import Json, Out, Quiet
from oestra.cli.show import console, note, print_json, progress
from oestra.core.errors import InputError
from oestra.course.parameters import prior_parameters

__all__ = ["validate"]

_Checkpoint = Annotated[
    Path,
    typer.Option("--checkpoint", help="State of the fit, from 'oestra calibrate'."),
]


def _summary(found: list[LeftOut]) -> dict[str, float]:
    z = np.array([item.z for item in found])
    return {
        "endpoints": len(found),
        "weighted_error": weighted_error(found),
        "coverage_percent": 100.0 * float(np.mean([item.covered for item in found])),
        "root_mean_square_z": float(np.sqrt(np.mean(z**2))),
        "median_width": float(
            np.median([2 * 1.645 * np.hypot(i.sampling, i.uncertainty) for i in found])
        ),
    }


def _problem(state_file: Path) -> tuple[Objective, State]:
    objective = Objective.of_trials(
        free_parameters(), prior_parameters(), patients=600, most=250
    )
    state = read_state(state_file, problem_key(objective))
    if state is None:
        raise InputError(
            f"No fit at {state_file}; run 'oestra calibrate --checkpoint {state_file}'."
        )
    return objective, state


def validate(
    *,
    checkpoint: _Checkpoint = Path("results/calibration.npz"),
    json: Json = False,
    out: Out = None,
    quiet: Quiet = False,
) -> None:
    """Leave each trial out, refit, predict it, and say how wrong that was."""
    objective, state = _problem(checkpoint)
    trials = sorted({row.trial for row in objective.rows})
    found: list[LeftOut] = []
    with progress(shown=not (quiet or json)) as report:
        for number, trial in enumerate(trials):
            report(f"Without {trial}", number, len(trials))
            found += leave_one_out(objective, state, trial)
    ratios = [item for item in found if item.row.endpoint == "hazard_ratio"]
    medians = [item for item in found if item.row.endpoint.endswith("median_months")]
    record = {
        "hazard_ratios": _summary(ratios),
        "medians": _summary(medians),
        "baselines": baselines([item.row for item in ratios]),
        "endpoints": [
            {
                "id": item.row.id,
                "published": item.published,
                "predicted": item.predicted,
                "z": item.z,
                "inside_90": item.covered,
            }
            for item in sorted(found, key=lambda item: -abs(item.z))
        ],
    }
    if json:
        print_json(record)
        return
    _show(record, found)
    note("" if out is None else "Use --json to keep the numbers.")


def _show(record: dict, found: list[LeftOut]) -> None:
    table = Table("endpoint", "published", "predicted", "z", box=None)
    for item in sorted(found, key=lambda item: -abs(item.z)):
        if item.row.endpoint != "hazard_ratio":
            continue
        table.add_row(
            item.row.id,
            f"{np.exp(item.published):.2f}",
            f"{np.exp(item.predicted):.2f}",
            f"{item.z:+.1f}",
        )
    terminal = console()
    terminal.print(table)
    for name in ("hazard_ratios", "medians"):
        part = record[name]
        terminal.print(
            f"{name.replace('_', ' ')}: weighted error {part['weighted_error']:.3f}, "
            f"90 % intervals cover {part['coverage_percent']:.0f} %, rms z "
            f"{part['root_mean_square_z']:.2f}"
        )
    base = record["baselines"]
    terminal.print(
        f"baselines: mean of the other trials {base['others']:.3f}, of the same class "
        f"{base['class']:.3f}"
    )
