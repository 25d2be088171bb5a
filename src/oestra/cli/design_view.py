"""What a design says that can be read: arms, randomization, tests and analyses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from oestra.cli.show import console, headed, note, print_json, warn

if TYPE_CHECKING:
    from rich.table import Table

    from oestra.core.library import Library
    from oestra.trial.design import TrialDesign
    from oestra.trial.planned_analysis import PlannedAnalysis

__all__ = ["show_design", "testing_text"]


def show_design(plan: TrialDesign, library: Library, *, json: bool) -> None:
    """Show what a design that can be read says.

    Parameters
    ----------
    plan : TrialDesign
        The design.
    library : Library
        Whose drugs it gives.
    json : bool
        Whether as one JSON object.
    """
    from rich.table import Table

    from oestra.trial.error_account import planned
    from oestra.trial.support import drug_cautions

    rows = planned(plan)
    if json:
        shown = plan.model_dump(mode="json")
        if rows:
            shown["planned_analyses"] = [row.to_json_dict() for row in rows]
        told = list(drug_cautions(plan, library))
        print_json({**shown, "cautions": told} if told else shown)
        return
    terminal = console()
    terminal.print(headed(plan.id, f": {plan.title}"))
    table = Table("arm", "patients", "regimen", box=None)
    for arm in plan.arms:
        table.add_row(arm.id, f"{arm.n}", arm.described)
    terminal.print(table)
    eligible = [f"Eligible: {one}" for one in plan.eligibility]
    for text in (*_run_in(plan), *_randomization(plan), *eligible):
        terminal.print(text, markup=False)
    weeks = " or ".join(f"{each:g}" for each in plan.visits.candidates)
    terminal.print(
        f"Scans every {weeks} weeks, {plan.criteria}; entry over "
        f"{plan.accrual_months:g} months, data cut at {plan.data_cut_months:g}."
    )
    if plan.contrasts:
        terminal.print(testing_text(plan))
    if rows:
        terminal.print(_planned_table(rows))
    for text in drug_cautions(plan, library):
        warn(f"Caution: {text}.")
    note(
        "The design can be run; who is eligible shows then, and --power simulates how "
        "large it must be."
    )


def _run_in(plan: TrialDesign) -> list[str]:
    """Say what everybody takes before randomization, if anything."""
    run_in = plan.run_in
    if run_in is None:
        return []
    return [
        f"Run-in of {run_in.n:,} patients: {run_in.regimen}; randomized at "
        f"{run_in.until.described}."
    ]


def _randomization(plan: TrialDesign) -> list[str]:
    """Say how patients come into the arms."""
    from oestra.trial.enroll import block_size

    if not plan.randomized:
        return ["Not randomized: every arm enrolls its own patients."]
    if plan.groups:
        how = "so that each group has its numbers"
    elif plan.exact_numbers:
        how = "so that every arm has its number"
    else:
        how = ":".join(str(arm.allocation) for arm in plan.arms)
    strata = "; ".join(plan.strata)
    within = f" within strata ({strata})" if strata else ""
    return [f"Randomized {how}, in blocks of {block_size(plan)}{within}."]


def testing_text(plan: TrialDesign) -> str:
    """Say what is tested, at which level.

    Parameters
    ----------
    plan : TrialDesign
        The design.
    """
    from oestra.trial.hypotheses import hypotheses

    analysis = plan.analysis
    sides = "one-sided" if analysis.sided == 1 else "two-sided"
    found = []
    for one in hypotheses(plan):
        text = f"{one.arm} against {one.control}, {one.endpoint.value.upper()}"
        text += f" in {one.among}" if one.among else ""
        text += f", not worse than {one.margin:g}" if one.margin != 1.0 else ""
        found.append(text)
    weights = analysis.fleming_harrington
    how = "" if weights is None else f", events weighed {weights.described}"
    return f"Tested at {sides} alpha {analysis.alpha:g}{how}: {'; '.join(found)}."


def _planned_table(rows: Sequence[PlannedAnalysis]) -> Table:
    """Build the table of planned analyses with their bounds."""
    from rich.table import Table

    heads = ("events", "z", "one-sided p", "hazard ratio", "futile below z",
             "alpha spent")  # fmt: skip
    table = Table(*heads, title="Analyses", title_justify="left", box=None)
    for row in rows:
        shown = row.to_json_dict()
        cells = [
            "-" if shown[key] is None else f"{shown[key]:.{digits}f}"
            for key, digits in (
                ("bound_z", 3), ("bound_p_one_sided", 5), ("bound_hazard_ratio", 3),
                ("futility_z", 3), ("alpha_spent", 5),
            )
        ]  # fmt: skip
        end = " end" if row.final else ""
        table.add_row(f"{row.events}{end}", *cells)
    return table
