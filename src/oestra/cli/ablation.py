"""``oestra validate --ablation``: what breaks without which mechanism."""

from typing import Any

from rich.table import Table

from oestra.appraisal.ablation_record import Studied, ablation_record
from oestra.appraisal.fit_tables import endpoint_label
from oestra.calibration.ablation import ablate, ablations
from oestra.calibration.crossing import Exchanged, cross_trials
from oestra.calibration.exchange import exchanges
from oestra.cli.fit_analysis import Analysis
from oestra.cli.show import console, progress, tell_duration, warn
from oestra.core.whole_file import folder_if_named
from oestra.report.ablation_page import write_ablation
from oestra.report.crossing import crossing_table, crossing_words
from oestra.report.manifest import record_run

__all__ = ["break_down"]


def break_down(analysis: Analysis) -> None:
    """Switch mechanisms off at a set and show what breaks.

    Parameters
    ----------
    analysis : Analysis
        Of what, and how.
    """
    objective, best = analysis.objective, analysis.best
    settings, hashes = analysis.settings, analysis.hashes
    run = record_run(seed=objective.seed, settings=settings, hashes=hashes)
    tell_duration("about five minutes on two processors", shown=analysis.shown)
    with (
        folder_if_named(analysis.out) as folder,
        progress(shown=analysis.shown) as report,
        analysis.plan.open(prepare="oestra.calibration.ablation", warn=warn) as workers,
    ):
        report("Exchanging treatments", 0, 1)
        exchanged = cross_trials(objective, best, exchanges(), workers=workers)
        found = ablate(objective, best, ablations(), workers=workers, progress=report)
        studied = Studied(
            found=found, exchanged=exchanged, hashes=hashes, settings=settings
        )
        if folder is not None:
            write_ablation(folder, studied, run, warning=analysis.warning)
    record = ablation_record(studied)
    analysis.tell(record, lambda: _show(record, exchanged))


def _show(record: dict[str, Any], exchanged: tuple[Exchanged, ...]) -> None:
    terminal = console()
    terminal.print(
        f"{record['inside']} of {record['endpoints']} endpoints lie in their published "
        "interval. Without each mechanism, some leave it and some enter:"
    )
    table = Table("without", box=None)
    for head in ("leave", "enter", "rms change"):
        table.add_column(head, justify="right")
    table.add_column("hazard ratio that changes most, bold if it leaves")
    for row in record["mechanisms"]:
        breaks = row["hazard_ratio"] in row["leaving"]
        table.add_row(
            row["title"],
            f"{row['leave']}",
            f"{row['enter']}",
            f"{row['rms_change_se']:.1f} SE",
            f"{row['with_all']:.2f} → {row['without']:.2f}  "
            f"{endpoint_label(row['hazard_ratio'])}",
            style="bold" if breaks else "",
        )
    terminal.print(table)
    if record["failed"]:
        terminal.print(f"No steady state without: {', '.join(record['failed'])}.")
    for one in exchanged:
        terminal.print(_crossing(one))
        terminal.print(crossing_words(one))


def _crossing(found: Exchanged) -> Table:
    cells = crossing_table(found)
    shown = Table(
        *cells.columns,
        title=f"{found.exchange.title}: hazard ratio and medians of progression-free "
        "survival",
        title_justify="left",
        title_style="bold",
        box=None,
    )
    for row in cells.itertuples(index=False):
        shown.add_row(*row)
    return shown
