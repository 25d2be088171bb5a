"""What a comparison of orders of therapies leaves behind in a folder."""

from pathlib import Path

from oestra.appraisal.sequence_result import Sequences
from oestra.core.whole_file import write_json
from oestra.report.canvas import save_figure
from oestra.report.manifest import Run, write_manifest
from oestra.report.sequence_figure import draw_sequences

__all__ = ["write_sequences"]


def write_sequences(folder: Path, found: Sequences, run: Run) -> None:
    """Write record, tables, figure and manifest.

    Parameters
    ----------
    folder : Path
        An empty folder.
    found : Sequences
        The orders.
    run : Run
        What ran.
    """
    write_json(folder / "sequence.json", found.to_json_dict(), indent=2)
    found.order_table().to_csv(folder / "orders.csv", index=False)
    found.line_table().to_csv(folder / "lines.csv", index=False)
    save_figure(draw_sequences(found), folder, "sequence")
    write_manifest(folder, run)
