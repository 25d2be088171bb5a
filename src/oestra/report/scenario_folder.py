"""What several trials leave behind beside their own folders: how they compare."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from oestra.appraisal.scenarios import Scenarios
from oestra.core.whole_file import write_json
from oestra.report.canvas import literal, save_figure
from oestra.report.kaplan_meier import draw_kaplan_meier
from oestra.report.manifest import Run, write_manifest
from oestra.report.trial_figures import survival_arms
from oestra.trial.design import TrialDesign
from oestra.trial.endpoint_kinds import TIMES
from oestra.trial.result import TrialResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["scenario_figure", "write_scenarios"]

_MOST = 7
"""Curves that can still be told apart."""


def scenario_figure(
    found: Scenarios,
    results: Sequence[TrialResult],
    designs: Sequence[TrialDesign],
) -> "Figure":
    """Draw every arm of every trial in one picture.

    Parameters
    ----------
    found : Scenarios
        How they compare.
    results : sequence of TrialResult
        What was simulated.
    designs : sequence of TrialDesign
        The trials.

    Returns
    -------
    Figure
        The first seven arms, without bands, which would cover each other.
    """
    arms = [
        replace(arm, label=f"{literal(design.id)}, {arm.label}")
        for result, design in zip(results, designs, strict=True)
        for arm in survival_arms(result, design, found.endpoint)
    ]
    hidden = len(arms) - _MOST
    note = f"{hidden} more arms stand in scenarios.csv" if hidden > 0 else ""
    names = ", ".join(design.id for design in designs)
    return draw_kaplan_meier(
        arms[:_MOST],
        title=f"{names}: {results[0].replicates} trials each",
        endpoint=TIMES[found.endpoint].long.capitalize(),
        note=note,
        bare=True,
    )


def write_scenarios(
    folder: Path,
    found: Scenarios,
    results: Sequence[TrialResult],
    designs: Sequence[TrialDesign],
    run: Run,
) -> None:
    """Write the comparison of trials: record, table, figure and manifest.

    Parameters
    ----------
    folder : Path
        Where the folders of the trials are.
    found : Scenarios
        How they compare.
    results : sequence of TrialResult
        What was simulated.
    designs : sequence of TrialDesign
        The trials.
    run : Run
        What ran.
    """
    write_json(folder / "scenarios.json", found.to_json_dict(), indent=2)
    found.table().to_csv(folder / "scenarios.csv", index=False)
    save_figure(scenario_figure(found, results, designs), folder, "scenarios")
    write_manifest(folder, run)
