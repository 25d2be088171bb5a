"""How a trial is printed: screening, numbers beside the published, tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oestra.appraisal.comparison import WHOLE, compare, published_rows
from oestra.cli.comparison_view import (
    comparison_view,
    looks_view,
    means_view,
    verdict_lines,
)
from oestra.cli.corrected_view import corrected_lines
from oestra.cli.harm_view import harm_view
from oestra.cli.recruit import sets_text, warn_uncalibrated
from oestra.cli.show import console, headed, warn
from oestra.report.consort import share_text
from oestra.trial.two_readings import other_reader

if TYPE_CHECKING:
    from oestra.appraisal.comparison import Comparison
    from oestra.trial.analysis import Analysis
    from oestra.trial.design import TrialDesign
    from oestra.trial.result import TrialResult

__all__ = ["show_trial"]

_LEGEND = """
Simulated: median of {replicates} replicates ± its Monte Carlo error, and 95 %
prediction interval: where one more trial would fall."""
_LEGEND_PUBLISHED = """ Published: estimate and
95 % interval; its estimate is inside or outside the simulated interval, or wide: inside
one that tells little."""


def show_trial(
    result: TrialResult,
    design: TrialDesign,
    *,
    adverse_events: bool,
) -> None:
    """Print a trial beside its published results.

    Parameters
    ----------
    result : TrialResult
        What was simulated.
    design : TrialDesign
        The trial.
    adverse_events : bool
        Whether harm is told too.
    """
    terminal = console()
    size = int((result.responses["REPLICATE"] == 0).sum())
    terminal.print(headed(result.trial, f": {design.title}"))
    terminal.print(
        f"{size} virtual patients, {result.replicates} replicates, seed {result.seed}"
    )
    _print_lines([_screening_text(result), *_assay_lines(result)])
    if design.prediction:
        terminal.print("A prediction: the project knows no result of this trial.")
    known = published_rows(result)
    compared = compare(result, known)
    for title, part in _parts(compared, _reading(design)):
        terminal.print()
        terminal.print(comparison_view(part, title=title, width=terminal.width))
    _show_asked(result, design.analysis)
    _print_lines(corrected_lines(design.id, compared))
    _print_lines(_reader_lines(result))
    if adverse_events:
        terminal.print("", *harm_view(result.harm), sep="\n")
    _show_testing(result)
    for text in result.cautions:
        warn(f"Caution: {text}.")
    legend = _LEGEND + (_LEGEND_PUBLISHED if known else "")
    terminal.print(legend.format(replicates=result.replicates), style="dim")
    terminal.print(f"{sets_text(result.audit['parameter_sets'])}", style="dim")
    if "uncertainty" in result.audit:
        terminal.print(_spread_text(**result.audit["uncertainty"]), style="dim")
    for warning in result.audit.get("case_mix_warnings", ()):
        warn(f"Case-mix: {warning}")
    warn_uncalibrated()


def _show_asked(result: TrialResult, analysis: Analysis) -> None:
    """Print what only some trials ask for: means up to a month, weights of events."""
    means = means_view(result, analysis.primary.value)
    if means is not None:
        console().print("", means)
    weights = analysis.fleming_harrington
    if weights is not None:
        console().print(f"Tests weigh events {weights.described}.", markup=False)


def _show_testing(result: TrialResult) -> None:
    """Print what the trial tests beyond one comparison at its data cut."""
    if result.looks:
        console().print("", looks_view(result.looks))
    if result.verdict and (result.looks or len(result.verdict.rejected) > 1):
        for line in verdict_lines(result.verdict):
            console().print(line)


def _screening_text(result: TrialResult) -> str:
    found = result.screening
    first = " (first set)" if result.audit["parameter_sets"] > 1 else ""
    return (
        f"Screened{first}: {found['simulated_patients']:,} simulated patients at "
        f"{found['screened']:,} decisions; {share_text(found['eligible_percent'])} "
        f"eligible, weighted to practice up to {found['year']:.0f}; effective size "
        f"{found['effective_sample_size']:,.0f}"
    )


def _print_lines(lines: list[str]) -> None:
    for line in lines:
        console().print(line)


def _assay_lines(result: TrialResult) -> list[str]:
    """Say how each assay of the trial agrees with the truth."""
    return [
        f"{name}: {one['called_percent']:.0f} % of who meets the other criteria; finds "
        f"{_whole(one['sensitivity_percent'])} of the mutant, and "
        f"{_whole(one['called_mutant_percent'])} of its calls are true"
        for name, one in result.screening.get("assays", {}).items()
    ]


def _reader_lines(result: TrialResult) -> list[str]:
    """Say how two readers of the scans agree, arm by arm."""
    return [
        f"{arm}: {one.primary} reading is primary; {one.other} reading differs in "
        f"{one.discordant_percent:.0f} % of patients "
        f"(later {one.other_later_percent:.0f}, "
        f"earlier {one.other_earlier_percent:.0f}, "
        f"event by {one.primary} alone {one.primary_alone_percent:.0f}, "
        f"by {one.other} alone {one.other_alone_percent:.0f})"
        for arm, one in result.readers.items()
    ]


def _whole(percent: float | None) -> str:
    return "none" if percent is None else f"{percent:.0f} %"


def _spread_text(parameters: float, patients: float, trial: float) -> str:
    share = min(parameters, patients)
    return (
        "Standard deviation of the log hazard ratio: "
        f"{parameters:.2f} between sets (at most {share:.2f} of it by their virtual "
        f"populations), {trial:.2f} from trial to trial."
    )


def _reading(design: TrialDesign) -> tuple[str, ...]:
    """Return the name of results by the reader who is not primary, if there is one."""
    other = other_reader(design)
    return (other.stratum,) if other else ()


def _parts(
    rows: list[Comparison], always: tuple[str, ...] = ()
) -> list[tuple[str, list[Comparison]]]:
    """Split the rows into the whole trial, and what was published of subgroups."""
    names = list(dict.fromkeys(row.stratum for row in rows))
    shown = [
        row
        for row in rows
        if row.stratum in (WHOLE, *always) or row.published.estimate is not None
    ]
    parts = [(name, [row for row in shown if row.stratum == name]) for name in names]
    return [(name, part) for name, part in parts if part]
