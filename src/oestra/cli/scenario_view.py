"""Several trials, side by side on the terminal."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from oestra.cli.show import console, headed, note_written, print_json, warn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.table import Table

    from oestra.appraisal.scenarios import Scenarios
    from oestra.trial.estimate import Estimate
    from oestra.trial.result import TrialResult

__all__ = ["show_scenarios"]

_LEGEND = """
Medians in months. Each number is the median of {replicates} replicates with its 95 %
prediction interval. Hazard ratio and gain stand against {arm} of {trial}, replicate by
replicate; across trials they compare other patients, not a randomized choice.
Exposure is that of the first 24 weeks, of the typical patient at the standard dose;
taken is the share of a target's activity at steady state: median of eligible patients,
and where 95 % of them lie, before harm lowers doses."""


def show_scenarios(
    found: Scenarios,
    results: Sequence[TrialResult],
    *,
    json: bool,
    target: Path | None,
    adverse_events: bool = False,
) -> None:
    """Print how trials compare.

    Parameters
    ----------
    found : Scenarios
        How they compare.
    results : sequence of TrialResult
        What was simulated.
    json : bool
        Whether to print one JSON object instead.
    target : Path or None
        Where the results were written.
    adverse_events : bool
        Whether to print those of each trial as well.
    """
    from oestra.cli.harm_view import harm_view

    if json:
        trials = {result.trial: result.to_json_dict() for result in results}
        print_json({"scenarios": found.to_json_dict(), "trials": trials})
        return
    terminal = console()
    terminal.print(_arms(found))
    if found.contrasts:
        terminal.print("", _contrasts(found))
    if any(arm.engagement.exposure for arm in found.arms):
        terminal.print("", _engagement(found))
    for result in results:
        if adverse_events:
            terminal.print("", headed(result.trial), *harm_view(result.harm), sep="\n")
        for text in result.cautions:
            warn(f"Caution, {result.trial}: {text}.")
    trial, arm = found.reference
    legend = _LEGEND.format(replicates=results[0].replicates, arm=arm, trial=trial)
    terminal.print(legend, style="dim")
    note_written(None if target is None else f"{target}{os.sep}")


def _arms(found: Scenarios) -> Table:
    from rich.table import Table

    heads = ("trial", "arm", f"median {found.endpoint.upper()}", "ORR, %", "CBR, %")
    table = Table(*heads, "hazard ratio", "gain, months", box=None)
    median = f"{found.endpoint}_median_months"
    for arm in found.arms:
        shown = [
            _text(arm.endpoints.get(name), digits)
            for name, digits in ((median, 1), ("orr_percent", 0), ("cbr_percent", 0))
        ]
        itself = (arm.trial, arm.arm) == found.reference
        against = (
            ["reference", ""]
            if itself
            else [_text(arm.hazard_ratio, 2), _text(arm.gain_months, 1)]
        )
        table.add_row(arm.trial, arm.arm, *shown, *against)
    return table


def _contrasts(found: Scenarios) -> Table:
    from rich.table import Table

    table = Table("trial", "compared", "hazard ratio", "trials won, %", box=None)
    for trial, one in found.contrasts:
        won = "-" if one.power is None else f"{100 * one.power:.0f}"
        names = f"{one.arm} : {one.control}"
        table.add_row(trial, names, _text(one.hazard_ratio, 2), won)
    return table


def _engagement(found: Scenarios) -> Table:
    from rich.table import Table

    table = Table("trial", "arm", "exposure", "targets taken, %", box=None)
    for arm in found.arms:
        known = arm.engagement
        exposure = [
            f"{name} {one.median:.2g} ({one.low:.2g} to {one.high:.2g})"
            for name, one in known.exposure.items()
        ]
        taken = [
            f"{name} {100 * one.median:.0f} ({100 * one.low:.0f} to "
            f"{100 * one.high:.0f})"
            for name, one in known.targets.items()
        ]
        table.add_row(arm.trial, arm.arm, "\n".join(exposure), "\n".join(taken))
    return table


def _text(found: Estimate | None, digits: int) -> str:
    """Write an estimate and its interval, without its Monte Carlo error."""
    from oestra.appraisal.comparison import Cell, estimate_cell

    cell = Cell() if found is None else estimate_cell(found)
    return replace(cell, error=None).text(digits)
