"""``oestra review --credibility``: how far to believe the model, on which evidence."""

from pathlib import Path

from rich.table import Table
from rich.text import Text

from oestra.appraisal.credibility import Credibility, judge
from oestra.appraisal.credibility_evidence import gather
from oestra.appraisal.credibility_factor import Judgement
from oestra.cli.show import console, note_written, print_json, progress, warn_stale
from oestra.core.whole_file import file_if_named
from oestra.report.credibility_page import credibility_page

__all__ = ["report_credibility"]

_STYLES = {
    Judgement.MISSED: "bold red",
    Judgement.UNKNOWN: "yellow",
    Judgement.PARTLY: "yellow",
    Judgement.MET: "green",
}


def report_credibility(
    out: Path | None, *, sensitivity: Path | None, json: bool, shown: bool
) -> None:
    """Judge the model and write the page.

    Parameters
    ----------
    out : Path, optional
        The page; credibility.html unless JSON is printed.
    sensitivity : Path, optional
        Folder of a sensitivity analysis.
    json, shown : bool
        Whether to print one JSON object, and to show progress.
    """
    target = out or (None if json else Path("credibility.html"))
    with file_if_named(target) as file, progress(shown=shown) as report:
        found = judge(gather(report, sensitivity=sensitivity))
        if file is not None:
            file.write_text(credibility_page(found), encoding="utf-8")
    if json:
        print_json(found.to_json_dict())
        return
    _show(found)
    note_written(target)


def _show(found: Credibility) -> None:
    terminal = console()
    warn_stale(found.evidence.stale)
    table = Table("", "factor", "number", "goal", box=None)
    for one in found.factors:
        badge = Text(one.judgement.value, style=_STYLES[one.judgement])
        table.add_row(badge, one.name, one.number, one.goal)
    terminal.print(table)
    for context in found.contexts:
        terminal.print(f"{context.use} (risk {context.risk}): {context.conclusion}.")
