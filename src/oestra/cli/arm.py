"""``oestra arm``: follow very many patients through one arm of a trial, to Parquet."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oestra.cli.options import (
    Json,
    Out,
    Quiet,
    Seed,
    warn_overwritten,
)
from oestra.cli.show import console, headed, note_written, print_json, progress, warn
from oestra.cli.standard_streams import tell
from oestra.core.errors import unknown_name
from oestra.core.library import SHIPPED, Library
from oestra.core.parameter_set import NO_SETTINGS
from oestra.work.plan import ALL_PROCESSORS, Plan

if TYPE_CHECKING:
    from oestra.trial.analyze import ArmEstimate
    from oestra.trial.arm_folder import ArmFolder

__all__ = ["arm"]

_Name = Annotated[
    str,
    typer.Argument(metavar="NAME_OR_FILE", help="A trial of the library, or a file."),
]
_Arm = Annotated[str, typer.Argument(metavar="ARM", help="One of its arms.")]
_Patients = Annotated[
    int, typer.Option(min=1, max=100_000_000, help="How many patients to follow.")
]


def arm(  # noqa: PLR0913 - one argument an option
    name: _Name,
    arm_id: _Arm,
    *,
    patients: _Patients = 10_000,
    seed: Seed = 1,
    library: Library = SHIPPED,
    settings: Mapping[str, float] = NO_SETTINGS,
    json: Json = False,
    out: Out = None,
    plan: Plan = ALL_PROCESSORS,
    quiet: Quiet = False,
) -> None:
    """Follow very many patients through one arm of a trial.

    A folder gets one row a patient, in Parquet files of 2,500 patients each, and a
    manifest; results/NAME-ARM-seedSEED by default. A run that was stopped goes on when
    the same command is given again, and so does one with more patients.
    """
    from oestra.core.whole_file import MANIFEST
    from oestra.model.parameters import best_parameters, with_settings
    from oestra.report.manifest import record_run, write_manifest
    from oestra.trial.analyze import analyze_arm
    from oestra.trial.arm_folder import ArmFolder
    from oestra.trial.arm_part import arm_run
    from oestra.trial.designs import find_design

    warn_overwritten(settings, patients=True)
    design = find_design(name, library)
    if arm_id not in design.arm_ids:
        raise unknown_name("arm", arm_id, design.arm_ids, where=design.id)
    parameters = with_settings(best_parameters(library), settings)
    target = out or Path("results") / f"{design.id}-{arm_id}-seed{seed}"
    run = record_run(
        seed=seed,
        settings={
            "patients": patients,
            **({"set": dict(settings)} if settings else {}),
        },
    )
    folder = ArmFolder(
        path=target,
        run=arm_run(design, arm_id, parameters, seed),
        patients=patients,
    )
    began = time.monotonic()
    before = _followed(folder, plan, shown=not (quiet or json))
    seconds = time.monotonic() - began
    found = analyze_arm(folder.table(), design)
    hashes = {"run": folder.run.key, "parameters": parameters.digest}
    (target / MANIFEST).unlink(missing_ok=True)
    write_manifest(target, replace(run, hashes=hashes))
    if json:
        print_json(_record(folder, found, before))
        return
    _say(folder, found, before, seconds)


def _followed(folder: ArmFolder, plan: Plan, *, shown: bool) -> int:
    """Simulate what the folder lacks; return the patients it held before."""
    from oestra.cli.options import SECONDS_A_PATIENT
    from oestra.trial.arm_stream import follow_arm

    folder.open()
    try:
        with (
            progress(shown=shown) as report,
            plan.open(
                seconds=SECONDS_A_PATIENT * folder.patients,
                prepare="oestra.trial.arm_part",
                warn=warn,
            ) as workers,
        ):
            return follow_arm(
                folder,
                workers=workers,
                progress=lambda done, total: report("Following patients", done, total),
            )
    except KeyboardInterrupt:
        _tell_kept(folder)
        raise


def _record(folder: ArmFolder, found: ArmEstimate, before: int) -> dict[str, Any]:
    """Return the printed form."""
    return {
        "trial": folder.run.design.id,
        "arm": folder.run.arm,
        "seed": folder.run.seed,
        "patients": folder.patients,
        "patients_kept_from_before": before,
        "endpoints": {k: v.number for k, v in found.endpoints.items()},
        "event_free_percent": {f"{k:g}": v.number for k, v in found.landmarks.items()},
    }


def _say(folder: ArmFolder, found: ArmEstimate, before: int, seconds: float) -> None:
    """Print who was followed, how they did, and where it lies."""
    design = folder.run.design
    terminal = console()
    terminal.print(headed(design.id, f", arm {folder.run.arm}: {design.title}"))
    kept = f", {before:,} of them from before" if before else ""
    terminal.print(
        f"{folder.patients:,} virtual patients{kept}, seed {folder.run.seed}, "
        f"{seconds:,.0f} s"
    )
    _show(found)
    note_written(f"{folder.path}/")


def _show(found: ArmEstimate) -> None:
    from rich.table import Table

    from oestra.trial.endpoints import ENDPOINTS

    table = Table("endpoint", "estimate", box=None)
    for key, value in found.endpoints.items():
        if value.number is not None:
            table.add_row(ENDPOINTS[key].heading, f"{value.number:.2f}")
    console().print(table)


def _tell_kept(folder: ArmFolder) -> None:
    done = sum(part.count for part in folder.parts() if folder.holds(part))
    tell(
        f"{done:,} of {folder.patients:,} patients are kept in {folder.path}; the same "
        "command goes on from there."
    )
