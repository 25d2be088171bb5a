"""``oestra validate --sensitivity``: which endpoints depend on which parameters."""

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from oestra.calibration.objective import Objective
from oestra.calibration.sensitivity import latin_hypercube, rank, sweep
from oestra.cli.show import console, note, print_json, progress
from oestra.core.streams import Streams
from oestra.evidence.load import digest as evidence_digest
from oestra.network.digest import source_digest
from oestra.report.manifest import record_run
from oestra.report.sensitivity import Ranked, sensitivity_record, write_sensitivity
from oestra.report.write import whole_folder

__all__ = ["Plan", "explore"]

_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to explore.

    Parameters
    ----------
    sets : int
        Parameter sets.
    out : Path, optional
        Folder of results.
    workers : int
        Processes.
    warning : str
        Why the fit is stale; empty when it is not.
    """

    sets: int
    out: Path | None
    workers: int
    warning: str


def explore(
    objective: Objective,
    best: NDArray[np.float64],
    plan: Plan,
    *,
    json: bool,
    shown: bool,
) -> None:
    """Spread the parameters around a set and show what depends on them.

    Parameters
    ----------
    objective : Objective
        The problem.
    best : ndarray, shape (k,)
        Standardized parameters in the middle.
    plan : Plan
        How.
    json, shown : bool
        Whether to print one JSON object, and to show progress.
    """
    settings = {
        "patients": objective.patients,
        "most": objective.most,
        "seed": objective.seed,
    }
    hashes = {"model": source_digest(), "evidence": evidence_digest()}
    run = record_run(
        seed=objective.seed, settings={**settings, "sets": plan.sets}, hashes=hashes
    )
    streams = Streams(objective.seed).spawn("sensitivity")
    place = nullcontext() if plan.out is None else whole_folder(plan.out)
    with place as folder, progress(shown=shown) as report:
        sets = latin_hypercube(best, plan.sets, streams)
        found = sweep(objective, sets, workers=plan.workers, progress=report)
        report("Ranking parameters", len(sets), len(sets))
        ranked = Ranked(
            sweep=found,
            found=rank(found, streams),
            parameters=tuple(item.name for item in objective.free),
            hashes=hashes,
            settings=settings,
        )
        if folder is not None:
            write_sensitivity(folder, ranked, run, warning=plan.warning)
    record = sensitivity_record(ranked)
    if json:
        print_json(record)
        return
    _show(record)
    if plan.warning:
        console().print(f"The fit is stale: {plan.warning}.", style="yellow")
    note("" if plan.out is None else f"Written to {plan.out}.")


def _show(record: dict[str, Any]) -> None:
    terminal = console()
    terminal.print(
        f"{record['sets']} parameter sets around the best one, {record['skipped']} "
        "more without a steady state; PAWN indices above what chance alone reaches."
    )
    table = Table("parameter", "endpoints that depend on it", "largest index", box=None)
    for row in record["parameters"][:_SHOWN]:
        table.add_row(row["parameter"], f"{row['endpoints']}", f"{row['largest']:.2f}")
    terminal.print(table)
