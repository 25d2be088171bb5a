"""Printing: a JSON object or tables to standard output, progress to the error one."""

import json
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from oestra.core.disclaimer import DISCLAIMER
from oestra.core.progress import Progress

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

__all__ = [
    "console",
    "headed",
    "note",
    "note_written",
    "print_json",
    "progress",
    "tell",
    "tell_duration",
    "warn",
    "warn_stale",
]


def console() -> "Console":
    """Return the terminal; 100 columns wide when the output is not one.

    Brackets and colons are printed as they stand: text may be that of a file.
    """
    from oestra.cli.terminal import Terminal

    width = None if sys.stdout.isatty() else 100
    return Terminal(
        width=width, highlight=False, soft_wrap=False, markup=False, emoji=False
    )


def headed(head: str, rest: str = "") -> "Text":
    """Return a line that begins with a name in bold."""
    from rich.text import Text

    return Text.assemble((head, "bold"), rest)


def print_json(record: object) -> None:
    """Print one JSON object; what cannot be a number there is a bug, not output."""
    text = json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False)
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """Close a report: a last remark, and that it is not for clinical decisions."""
    console().print(f"{text}\n{DISCLAIMER}".strip(), style="dim", markup=False)


def note_written(target: Path | str | None) -> None:
    """Close a report with where results were written, if they were."""
    note("" if target is None else f"Written to {target}.")


def warn(text: str) -> None:
    """Print why what was shown is not to be trusted in full."""
    console().print(text, style="yellow")


def warn_stale(reason: str) -> None:
    """Print why the fit does not belong to this model, if it does not."""
    if reason:
        warn(f"The fit is stale: {reason}.")


def tell(text: str) -> None:
    """Say on standard error what takes long, or another way than usual."""
    print(text, file=sys.stderr)  # noqa: T201


def tell_duration(text: str, *, shown: bool) -> None:
    """Say on standard error, before long work begins, how long it takes."""
    if shown:
        print(f"This takes {text}.", file=sys.stderr)  # noqa: T201


@contextmanager
def progress(*, shown: bool) -> Generator[Progress]:
    """Show on standard error how far the block is: a bar, or lines off a terminal.

    Parameters
    ----------
    shown : bool
        False for silence, as for ``--quiet`` and ``--json``.

    Yields
    ------
    callable
        Takes a description, steps done and steps in all.
    """
    if not shown:
        yield lambda _what, _done, _total: None
        return
    if not sys.stderr.isatty():
        from oestra.cli.told_progress import told_progress

        with told_progress() as told:
            yield told
        return
    from rich import progress as bars
    from rich.console import Console

    columns = (
        bars.TextColumn("{task.description}", markup=False),
        bars.BarColumn(),
        bars.TextColumn("{task.completed:,.0f} of {task.total:,.0f}"),
        bars.TimeRemainingColumn(),
    )
    terminal = Console(stderr=True)
    with bars.Progress(*columns, console=terminal, transient=True) as bar:
        task = bar.add_task("Starting", total=1)

        def report(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=max(total, 1))

        yield report
