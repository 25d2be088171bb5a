"""Registered predictions beside their outcomes, as the terminal shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from oestra.cli.show import console, headed, note

if TYPE_CHECKING:
    from oestra.appraisal.outcome import Outcome, Registration

__all__ = ["show_outcomes"]


def show_outcomes(told: Sequence[Registration]) -> None:
    """Print the newest prediction of each trial in full, others by their count."""
    if not told:
        note("No trial that was predicted has reported here yet.")
        return
    for one in told:
        count = f"{one.inside} of {len(one.outcomes)} published numbers inside"
        if not one.newest:
            console().print(
                f"  also registered {one.date}: {count} ({one.file})", markup=False
            )
            continue
        console().print(
            headed(one.trial, f", registered {one.date}: {count} ({one.file})")
        )
        _show(one.outcomes)
    note("Intervals are for one trial of the planned size, as registered.")


def _show(pairs: Sequence[Outcome]) -> None:
    from rich.table import Table

    from oestra.trial.endpoints import find_endpoint

    table = Table("what", "published", "predicted", "", box=None)
    for one in pairs:
        endpoint = find_endpoint(str(one.row.endpoint))
        digits = endpoint.decimals
        table.add_row(
            f"{one.row.stratum}, {endpoint.heading}, {one.row.arm}",
            _number(one.row.estimate, one.row.low, one.row.high, digits),
            _number(one.estimate, one.low, one.high, digits),
            "inside" if one.inside else "missed",
        )
    console().print(table)


def _number(
    estimate: float | None, low: float | None, high: float | None, digits: int
) -> str:
    """Write an estimate with its interval; what is not reached as such."""
    middle = "not reached" if estimate is None else f"{estimate:.{digits}f}"
    ends = ["-" if one is None else f"{one:.{digits}f}" for one in (low, high)]
    return middle if ends == ["-", "-"] else f"{middle} ({ends[0]} to {ends[1]})"
