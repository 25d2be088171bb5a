"""Orders of therapies on the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from oestra.cli.profile_options import warn_left_out
from oestra.cli.show import console, warn

if TYPE_CHECKING:
    from rich.table import Table

    from oestra.appraisal.sequence_result import Sequences

__all__ = ["show_sequences"]

_FEW = 25.0
"""Effective patients of a set below which that is said."""
_ENDS = ("progression", "harm", "death", "none by the horizon")
"""What ends a line, in the order in which shares are printed."""


def show_sequences(found: Sequences) -> None:
    """Print orders, their lines, differences, and how far to trust them.

    Parameters
    ----------
    found : Sequences
        The orders.
    """
    from oestra.appraisal.sequence_result import TRUST

    terminal = console()
    asked = " and ".join((*found.profile.assumed, *found.profile.criteria))
    terminal.print(f"Patients of {found.profile.year:.0f}: {asked}", highlight=False)
    for number, one in enumerate(found.orders, start=1):
        terminal.print(f"{number}. {one.order.name}", highlight=False, markup=False)
    terminal.print("", _orders(found))
    terminal.print("", _lines(found))
    if found.differences:
        terminal.print("", _differences(found))
    terminal.print("", _legend(found), sep="\n", highlight=False)
    warn_left_out(found.parameter_sets, found.left_out)
    if found.patients < _FEW:
        warn(f"Caution: Only {found.patients:.0f} patients stand behind a set.")
    if names := _unfitted(found):
        warn(f"Caution: No trial of the fit gave {names}: mechanism and dose alone.")
    for text in TRUST:
        warn(f"Caution: {text}")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _orders(found: Sequences) -> Table:
    from rich.table import Table

    table = Table(
        "order", "to chemo", "90 %", "benefit", "90 %", "alive", "90 %", "median",
        "alive, %", "chemo, %", "severe",
        box=None,
    )  # fmt: skip
    for number, one in enumerate(found.orders, start=1):
        cells: list[str] = []
        for part in (one.until_chemotherapy, one.benefit, one.survival):
            cells += [f"{part.middle:.1f}", f"{part.low:.0f} to {part.high:.0f}"]
        table.add_row(
            str(number),
            *cells,
            _number(one.median_survival_months),
            f"{one.alive_percent:.0f}",
            f"{one.chemotherapy_percent:.0f}",
            f"{one.severe_events:.2f}",
        )
    return table


def _grows(shares: Mapping[str, float]) -> str:
    if not shares:
        return "-"
    name, share = max(shares.items(), key=lambda item: item[1])
    return f"{name} {share:.0f} %"


def _lines(found: Sequences) -> Table:
    from rich.table import Table

    table = Table(
        "line", "therapy", "begin", "months", "median", "until", "why", "grows",
        box=None,
    )  # fmt: skip
    for number, one in enumerate(found.orders, start=1):
        for place, line in enumerate(one.lines, start=1):
            table.add_row(
                f"{number}.{place}",
                line.line.name,
                f"{line.began_percent:.0f}",
                f"{line.months:.1f}",
                _number(line.median_months),
                _number(line.end_months),
                "/".join(f"{share:.0f}" for share in line.ends_percent.values()),
                _grows(line.leads_percent),
            )
    return table


def _unfitted(found: Sequences) -> str:
    """Name the therapies of which no trial taught."""
    names = [
        line.line.name for one in found.orders for line in one.lines if not line.trials
    ]
    return ", ".join(dict.fromkeys(names))


def _differences(found: Sequences) -> Table:
    from rich.table import Table

    table = Table(
        "against 1", "to chemo", "better", "benefit", "better", "alive", "better",
        box=None,
    )  # fmt: skip
    for number, apart in enumerate(found.differences, start=2):
        cells: list[str] = []
        for name in ("until_chemotherapy", "benefit", "survival"):
            one = apart[name]
            reach = one.high - one.middle
            cells += [f"{one.middle:+.1f} ± {reach:.1f}", f"{one.better_percent:.0f} %"]
        table.add_row(str(number), *cells)
    return table


def _legend(found: Sequences) -> str:
    sets = found.parameter_sets
    between = f"between {sets} parameter sets, and " if sets > 1 else ""
    return (
        f"Mean months within {found.months:g}. 90 % and ±: {between}the model's own "
        f"error (sd {found.error.time_sd:.2f} of the logarithm of a time, "
        f"{found.error.contrast_sd:.2f} of that of a hazard ratio, learned from trials "
        "left out). to chemo: alive before chemotherapy begins, all months alive where "
        "an order has none. benefit: on lines without chemotherapy, before progression "
        "or harm. median: survival. chemo, %: begin it. severe: lines with an event of "
        "grade 3 or more, expected a patient. Of a line: begin, percent; months, of "
        "all patients; median, of those who begin it; until, median from the start of "
        f"the order to its end; why it ends, {', '.join(_ENDS)}, percent; grows, the "
        "clone that leads at most progressions. better: probability of more months "
        f"than with order 1. Patients behind a set: {found.patients:.0f}."
    )
