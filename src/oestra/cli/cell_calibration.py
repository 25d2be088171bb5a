"""``oestra calibrate --cells``: fit the cell to measurements on cells."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from oestra.cli.show import console, note, print_json, progress, tell_duration, warn

if TYPE_CHECKING:
    from pathlib import Path

    from oestra.core.progress import Progress
    from oestra.work.each import Workers
    from oestra.work.plan import Plan

__all__ = ["calibrate_cells"]

_PROFILED = 12
"""Parameters whose profiles are computed: those the measurements move most."""


def calibrate_cells(  # noqa: PLR0913 - one argument an option
    out: Path,
    report: Path | None,
    *,
    rounds: int,
    compared: bool,
    plan: Plan,
    json: bool,
    shown: bool,
) -> None:
    """Fit the cell from the files' values, and say what the fit is worth.

    Parameters
    ----------
    out : Path
        File of the record.
    report : Path, optional
        Folder of a report.
    rounds : int
        At most so many Jacobians.
    compared : bool
        Whether variants are compared.
    plan : Plan
        Who does the work.
    json : bool
        Whether the record is printed instead of words.
    shown : bool
        Whether progress is shown.
    """
    tell_duration("half an hour" if compared else "a quarter of an hour", shown=shown)

    def work() -> dict[str, Any]:
        from oestra.calibration.ship import write_record

        root = "oestra.calibration.cells.gauss_newton"
        with (
            progress(shown=shown) as tell,
            plan.open(prepare=root, warn=warn) as workers,
        ):
            record = _record(rounds, workers, tell, compared=compared)
        write_record(record, out)
        return record

    if report is None:
        record = work()
    else:
        from oestra.core.whole_file import whole_folder
        from oestra.report.cell_fit_page import write_cell_fit
        from oestra.report.manifest import record_run

        with whole_folder(report) as fresh:
            record = work()
            run = record_run(
                seed=0,
                settings={"variant": record["variant"], "rounds": rounds},
                hashes=dict(record["belongs_to"]),
            )
            write_cell_fit(fresh, record, run)
    if json:
        print_json(record)
        return
    _say(record)
    note(f"Written to {out}." + (f" Report: {report}." if report else ""))


def _record(
    rounds: int, workers: Workers, tell: Progress, *, compared: bool
) -> dict[str, Any]:
    from oestra.calibration.cells.gauss_newton import fit_cell
    from oestra.calibration.cells.left_out import leave_out, refit_without
    from oestra.calibration.cells.open_cell import draw_cell
    from oestra.calibration.cells.profiles import profile_cell
    from oestra.calibration.cells.ship import best_variant, cell_record, variant_rows
    from oestra.calibration.cells.variants import chosen, compare, variants
    from oestra.calibration.workers import worker_pool

    with worker_pool(workers) as pool:
        variant = chosen()
        fitted = partial(fit_cell, rounds=rounds, workers=pool, progress=tell)
        optimum = fitted(variants()[0].problem())
        rows: list[dict[str, Any]] = []
        if compared:
            found = compare(pool, optimum, variants()[1:], tell)
            rows = variant_rows(found)
            best = best_variant(found)
            variant, optimum = best.variant, best.optimum
        elif variant != variants()[0]:
            optimum = fitted(variant.problem(optimum))
        left_out = leave_out(optimum)
        worst = sorted(left_out.groups, key=lambda g: -left_out.groups[g])[:3]
        again = refit_without(pool, optimum, worst)
        proof = {name: [left_out.groups[name], again[name]] for name in worst}
        tell("draws", 0, 1)
        draws, diagnostics = draw_cell(pool, optimum)
        told = sorted(
            zip(optimum.problem.free, optimum.jacobian.T, strict=True),
            key=lambda pair: -float((pair[1] ** 2).sum()),
        )
        names = [one.name for one, _ in told[:_PROFILED]]
        profiles = profile_cell(pool, optimum, names)
    return cell_record(
        optimum,
        variant.name,
        draws=draws,
        diagnostics={**diagnostics, "left_out_refitted": proof},
        profiles=profiles,
        left_out=left_out,
        compared=rows,
    )


def _say(record: dict[str, Any]) -> None:
    """Print what the fit of the cell is worth."""
    from oestra.appraisal.cell_skill import cell_skill, left_out_readings

    losses = record["losses"]
    console().print(
        f"{len(record['fitted'])} parameters of the cell fitted to "
        f"{len(record['terms'])} measurements; loss {losses[0]:.1f} with the files' "
        f"values, {losses[-1]:.1f} now. Median absolute error where left out:"
    )
    for one in cell_skill(left_out_readings(record["terms"])):
        trivial = [f"no effect {one['no_effect']:.2f}"]
        if one["mean_effect"] is not None:
            trivial.append(f"mean effect {one['mean_effect']:.2f}")
        console().print(
            f"  {one['told']}: {one['count']}, {one['median']:.2f} {one['scale']} "
            f"({', '.join(trivial)})"
        )
