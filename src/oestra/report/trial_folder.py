"""Everything a trial leaves behind, in one folder."""

from functools import partial
from pathlib import Path

from oestra.appraisal.comparison import compare, comparison_table, published_rows
from oestra.core.whole_file import write_json
from oestra.evidence.published import digest
from oestra.report.manifest import Run, write_manifest
from oestra.report.means_table import means_table
from oestra.report.patient_tables import lanes_of, lines_of
from oestra.report.side_by_side import begin_plots
from oestra.report.spider import draw_spider
from oestra.report.swimmer import draw_swimmer
from oestra.report.trial_figures import day_zero, trial_plots
from oestra.trial.design import TrialDesign
from oestra.trial.result import TrialResult
from oestra.work.each import Workers

__all__ = ["trial_hashes", "write_trial"]


def trial_hashes(result: TrialResult) -> dict[str, str]:
    """Return the fingerprints of what went into a result."""
    return {
        "model": result.model,
        "parameters": result.parameters,
        "evidence": digest(),
    }


def write_trial(
    folder: Path,
    result: TrialResult,
    design: TrialDesign,
    run: Run,
    workers: Workers = 1,
) -> None:
    """Write figures, tables, patients, summary and manifest of a trial.

    Parameters
    ----------
    folder : Path
        A folder that is empty, or holds the tables of the trial's patients.
    result : TrialResult
        What was simulated.
    design : TrialDesign
        The trial.
    run : Run
        What ran.
    workers : int or Executor
        Who draws the figures; no byte depends on it.
    """
    plots = dict(trial_plots(result, design))
    if (folder / "adsl.parquet").exists():
        # What happened to each patient stands in the tables that were written before.
        lives, courses = lanes_of(folder, design), lines_of(folder, design)
        told = {"title": result.trial, "since": day_zero(design)}
        plots["swimmer"] = partial(draw_swimmer, lives, **told)
        plots["spider"] = partial(draw_spider, courses, **told)
    # Workers draw while the tables are written.
    write_figures = begin_plots(plots, workers)
    write_json(folder / "summary.json", result.to_json_dict(), indent=2)
    rows = compare(result, published_rows(result))
    comparison_table(rows).to_csv(folder / "table.csv", index=False)
    result.patients.to_parquet(folder / "patients.parquet", index=False)
    result.responses.to_parquet(folder / "responses.parquet", index=False)
    result.adverse_events.to_parquet(folder / "adverse_events.parquet", index=False)
    result.harm.table().to_csv(folder / "adverse_events.csv", index=False)
    means = means_table(result)
    if len(means):
        means.to_csv(folder / "restricted_means.csv", index=False)
    write_figures(folder)
    write_manifest(folder, run)
