"""What a trial of the rows of the review leaves behind."""

from collections.abc import Sequence
from pathlib import Path

from oestra.appraisal.row_table import row_record, row_table
from oestra.appraisal.row_verdict import RowResult
from oestra.core.whole_file import write_json
from oestra.report.canvas import save_figure
from oestra.report.manifest import Run, write_manifest
from oestra.report.row_figure import draw_rows

__all__ = ["write_rows"]


def write_rows(folder: Path, results: Sequence[RowResult], run: Run) -> None:
    """Write record, table, figure and manifest.

    Parameters
    ----------
    folder : Path
        Where.
    results : sequence of RowResult
        What became of the rows.
    run : Run
        What ran.
    """
    write_json(folder / "rows.json", row_record(results), indent=2)
    row_table(results).to_csv(folder / "rows.csv", index=False)
    save_figure(draw_rows(results), folder, "rows")
    write_manifest(folder, run)
