"""The table of simulated against published results, for the terminal."""

from collections.abc import Iterator, Mapping, Sequence

from rich.table import Table
from rich.text import Text

from oestra.appraisal.comparison import Cell, Comparison, estimate_cell
from oestra.survival.proportion import Proportion
from oestra.trial.analysis import TimeToEvent
from oestra.trial.endpoint_kinds import TIMES
from oestra.trial.look_summary import LookResult, TrialVerdict
from oestra.trial.restricted_means import RestrictedResult
from oestra.trial.result import TrialResult

__all__ = ["comparison_view", "looks_view", "means_view", "verdict_lines"]


_Line = tuple[str, str, str, str, Text]
_WIDE = (26, 13, 20, 19, 7)
"""Columns of endpoint, arm, simulated, published and verdict, where there is room."""
_VERDICT = 7
_LABELS = 28
"""What endpoint and arm need together to be read with ease."""
_LONGEST = 26
"""Longer words in place of a number, such as why there is none, are broken."""


def comparison_view(
    rows: Sequence[Comparison], *, title: str, width: int = 100
) -> Table:
    """Build the table of one stratum or of the whole trial.

    Nothing is cut: names of endpoints and arms break where the terminal is narrow, and
    where it is narrower still the published number stands beneath the simulated. A
    trial of which nothing was published has no columns for that.

    Parameters
    ----------
    rows : sequence of Comparison
        What to show.
    title : str
        Printed above.
    width : int
        Columns of the terminal.

    Returns
    -------
    Table
        Ready to print.
    """
    lines = [line for row in rows for line in _lines(row)]
    compared = any(known for _, _, _, known, _ in lines)
    stacked = compared and width - _needed(lines, compared=True) < _LABELS
    table = Table(title=title, title_justify="left", title_style="bold", box=None)
    heads = ["endpoint", "arm", "simulated", "published", ""]
    if not compared:
        heads = heads[:3]
    elif stacked:
        heads[2:4] = ["simulated\npublished"]
    for head in heads:
        number = head.startswith(("simulated", "published"))
        table.add_column(head, justify="right" if number else "left", overflow="fold")
    for line in lines:
        table.add_row(*_cells(line, compared=compared, stacked=stacked))
    _fit(table, lines, width, stacked=stacked)
    return table


def _cells(line: _Line, *, compared: bool, stacked: bool) -> list[str | Text]:
    name, arm, simulated, known, verdict = line
    if not compared:
        return [name, arm, simulated]
    if stacked:
        both = f"{simulated}\n{known}" if known else simulated
        return [name, arm, both, verdict]
    return [name, arm, simulated, known or "-", verdict]


def _needed(lines: Sequence[_Line], *, compared: bool) -> int:
    """Return the columns that numbers and verdict take, gaps included."""
    taken = 4 + _number(lines, 2)
    return taken + _number(lines, 3) + 1 + _VERDICT + 1 if compared else taken


def _number(lines: Sequence[_Line], column: int) -> int:
    return min(_LONGEST, max(9, *(len(str(line[column])) for line in lines)))


def _fit(table: Table, lines: Sequence[_Line], width: int, *, stacked: bool) -> None:
    """Give the columns their widths, the least ones where there is room for them."""
    kept = table.columns
    taken = (max(len(str(line[k])) for line in lines) for k in range(len(_WIDE)))
    room = sum(map(max, zip(_WIDE, taken, strict=True)))
    if room + 2 * len(_WIDE) <= width:
        for column, least in zip(kept, _WIDE, strict=False):
            column.min_width = least
        return
    both = max(_number(lines, 2), _number(lines, 3))
    numbers = [both] if stacked else [_number(lines, 2), _number(lines, 3)]
    fixed = [*numbers, _VERDICT][: len(kept) - 2]
    left = width - sum(fixed) - 2 * len(kept)
    arm = max(8, min(max(len(line[1]) for line in lines), left * 2 // 5))
    widths = [max(8, left - arm), arm, *fixed]
    for column, wanted in zip(kept, widths, strict=True):
        column.width = wanted


def _lines(row: Comparison) -> list[_Line]:
    """Return name, arm, simulated, published if known, and verdict of each line."""
    arm = f"{row.arm} : {row.control}" if row.control else row.arm
    simulated = row.simulated.text(row.decimals)
    known = row.published.text(row.decimals)
    lines = [(row.name, arm, simulated, "" if known == "-" else known, _verdict(row))]
    found = row.simulated
    if found.won is not None:
        share = Cell(estimate=found.won, low=found.won_low, high=found.won_high)
        name = f"trials won, %, {row.of.upper()}"
        lines.append((name, arm, share.text(0), "", Text("")))
    return lines


def means_view(result: TrialResult, endpoint: str) -> Table | None:
    """Build the table of mean times up to a horizon, and of their differences.

    Parameters
    ----------
    result : TrialResult
        A trial.
    endpoint : str
        Its primary endpoint, such as ``pfs``.

    Returns
    -------
    Table or None
        None where the trial asks for none.
    """
    rows = [
        (horizon, who, one)
        for who, means in _means(result, endpoint)
        for horizon, one in means.items()
    ]
    if not rows:
        return None
    heads = ("up to month", "arm", "simulated", "error", "trials won, %")
    title = f"Mean {TIMES[TimeToEvent(endpoint)].short} up to a month, in months"
    table = Table(*heads, title=title, title_justify="left", box=None)
    for horizon, who, one in sorted(rows, key=lambda row: row[0]):
        won = "" if one.won is None else _percent_cell(one.won).text(0)
        table.add_row(
            f"{horizon:g}",
            who,
            estimate_cell(one.months).text(2),
            "-" if one.standard_error is None else f"{one.standard_error:.2f}",
            won,
        )
    return table


def _means(
    result: TrialResult, endpoint: str
) -> Iterator[tuple[str, Mapping[float, RestrictedResult]]]:
    for arm in result.arms.values():
        yield arm.id, arm.restricted_means
    for one in result.contrasts:
        if one.endpoint == endpoint:
            yield f"{one.arm} - {one.control}", one.restricted_means


def _percent_cell(share: Proportion) -> Cell:
    told = share.percent
    return Cell(estimate=told["estimate"], low=told["low"], high=told["high"])


def looks_view(looks: Sequence[LookResult]) -> Table:
    """Build the table of the interim and final analyses of a trial.

    Parameters
    ----------
    looks : sequence of LookResult
        In their order.

    Returns
    -------
    Table
        Ready to print.
    """
    heads = ("events", "month", "patients", "p bound", "reached, %", "won, %",
             "futile, %")  # fmt: skip
    table = Table(*heads, title="Analyses", title_justify="left", box=None)
    for look in looks:
        end = "end" if look.final else ""
        due = "data cut" if look.events is None else f"{look.events} {end}"
        shares = (look.reached_percent, look.efficacy_percent, look.futility_percent)
        table.add_row(
            due.strip(),
            "-" if look.month is None else f"{look.month:.1f}",
            "-" if look.patients is None else f"{look.patients:.0f}",
            "-" if look.p is None else f"{look.p:.2g}",
            *(f"{share:.0f}" for share in shares),
        )
    return table


def verdict_lines(verdict: TrialVerdict) -> list[str]:
    """Write what a trial wins of all it tests, and what it takes.

    Parameters
    ----------
    verdict : TrialVerdict
        Over replicates.

    Returns
    -------
    list of str
        Lines.
    """
    lines: list[str] = []
    if len(verdict.rejected) > 1:
        for name, one in verdict.rejected.items():
            found = _percent_cell(one)
            lines.append(f"{name} rejected in {found.text(0)} % of trials")
    parts = [
        f"{found['mean']:.{digits}f}{_error(found, digits)} {what}"
        for found, what, digits in (
            (verdict.events, "events", 0),
            (verdict.months, "months", 1),
            (verdict.patients, "patients", 0),
        )
        if found["mean"] is not None
    ]
    return [*lines, f"Expected: {', '.join(parts)}."] if parts else lines


def _error(found: Mapping[str, float | None], digits: int) -> str:
    error = found["monte_carlo_error"]
    return "" if error is None else f" ±{error:.{max(digits, 1)}f}"


def _verdict(row: Comparison) -> Text:
    styles = {"inside": "green", "outside": "yellow", "wide": "dim"}
    return Text(row.verdict, style=styles.get(row.verdict, ""))
