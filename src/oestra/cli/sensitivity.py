"""``oestra validate --sensitivity``: which endpoints depend on which parameters."""

from typing import Any

from rich.table import Table

from oestra.appraisal.sensitivity_table import Ranked, sensitivity_record
from oestra.calibration.sensitivity import latin_hypercube, rank, sweep
from oestra.cli.fit_analysis import Analysis
from oestra.cli.show import console, progress, tell_duration, warn
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.core.whole_file import folder_if_named
from oestra.report.manifest import record_run
from oestra.report.sensitivity_page import write_sensitivity

__all__ = ["explore"]

_SHOWN = 12


def explore(analysis: Analysis, *, sets: int) -> None:
    """Spread the parameters around a set and show what depends on them.

    Parameters
    ----------
    analysis : Analysis
        Of what, and how.
    sets : int
        Parameter sets.
    """
    objective = analysis.objective
    settings, hashes = analysis.settings, analysis.hashes
    run = record_run(
        seed=objective.seed, settings={**settings, "sets": sets}, hashes=hashes
    )
    streams = Streams(objective.seed).spawn(Stream.SENSITIVITY)
    minutes = max(1, round(45 * sets / 200))
    tell_duration(f"about {minutes} min on two processors", shown=analysis.shown)
    with (
        folder_if_named(analysis.out) as folder,
        progress(shown=analysis.shown) as report,
        analysis.plan.open(prepare="oestra.calibration.attempt", warn=warn) as workers,
    ):
        spread = latin_hypercube(analysis.best, sets, streams)
        found = sweep(objective, spread, workers=workers, progress=report)
        report("Ranking parameters", sets, sets)
        ranked = Ranked(
            sweep=found,
            found=rank(found, streams),
            parameters=tuple(item.name for item in objective.free),
            hashes=hashes,
            settings=settings,
        )
        if folder is not None:
            write_sensitivity(folder, ranked, run, warning=analysis.warning)
    record = sensitivity_record(ranked)
    analysis.tell(record, lambda: _show(record))


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
