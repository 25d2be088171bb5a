"""Printing: a JSON object or tables to standard output, progress to the error one."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from oestra.report.canvas import DISCLAIMER

__all__ = ["Report", "console", "note", "print_json", "progress"]

Report = Callable[[str, int, int], None]
"""Called with what is being done, how many steps are done, and of how many."""


def console() -> Console:
    """Return the terminal; 100 columns wide when the output is not one."""
    width = None if sys.stdout.isatty() else 100
    return Console(width=width, highlight=False, soft_wrap=False)


def print_json(record: object) -> None:
    """Print one JSON object; what cannot be a number there is a bug, not output."""
    text = json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False)
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """Close a report: a last remark, and that it is not for clinical decisions."""
    console().print(f"{text}\n{DISCLAIMER}".strip(), style="dim", markup=False)


@contextmanager
def progress(*, shown: bool) -> Iterator[Report]:
    """Show a bar on standard error while the block runs, on a terminal only.

    Parameters
    ----------
    shown : bool
        False for silence, as for ``--quiet`` and ``--json``.

    Yields
    ------
    callable
        Takes a description, steps done and steps in all.
    """
    if not (shown and sys.stderr.isatty()):
        yield lambda _what, _done, _total: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Starting", total=1)

        def report(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=max(total, 1))

        yield report
