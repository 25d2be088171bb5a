"""How a validation is printed: hazard ratios, misses first, then errors by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

from oestra.appraisal.rules import RULES
from oestra.appraisal.skill import SCORED, validation_table
from oestra.cli.show import console

if TYPE_CHECKING:
    from oestra.calibration.validate import LeftOut

__all__ = ["show_validation"]


def show_validation(record: dict[str, Any], found: list[LeftOut]) -> None:
    """Print a validation.

    Parameters
    ----------
    record : dict
        As of `oestra.appraisal.skill.validation_record`.
    found : list of LeftOut
        The endpoints.
    """
    terminal = console()
    terminal.print(_ratios(found))
    for key, name in SCORED.items():
        if key in record:
            terminal.print(_errors(name, record[key]))
            corrected = record[key]["with_discrepancy"]
            terminal.print(
                f"The model's error, learned from the other trials: "
                f"{100 * corrected['kept']:.0f} % of a difference from their mean is "
                f"kept, sd {corrected['sd']:.2f}."
            )
    if record["refitted"]:
        terminal.print(_refitted(record["refitted"]))
    if record["splits"]["mechanism"] is not None:
        terminal.print(_told_splits(record["splits"]["mechanism"]))
    terminal.print(
        "Errors are weighted means of absolute errors, of logarithms, of rates of "
        "logits. In parentheses: 95 % intervals, trials drawn anew. A difference below "
        "zero is for the model; one whose interval holds zero is not told apart."
    )


def _ratios(found: list[LeftOut]) -> Table:
    shown = Table("hazard ratio", "published", "predicted", "90 %", "z", box=None)
    table = validation_table(found)
    for row in table.loc[table["kind"] == "hazard_ratio"].to_dict("records"):
        shown.add_row(
            row["id"],
            f"{row['published']:.2f}",
            f"{row['predicted']:.2f}",
            f"{row['predicted_low']:.2f} to {row['predicted_high']:.2f}",
            f"{row['z']:+.1f}",
            style="" if row["inside_90"] else "bold",
        )
    return shown


def _gain(of: dict[str, float]) -> str:
    return f"{of['difference']:+.3f} ({of['low']:+.3f} to {of['high']:+.3f})"


def _errors(name: str, part: dict[str, Any]) -> Table:
    """Return the errors of the model and of rules that need none."""
    corrected = part["with_discrepancy"]
    shown = Table(
        f"{name} ({part['endpoints']})", "error", "beyond noise", "90 % hold", "rms z",
        "mechanism less it", "with error less it", box=None,
    )  # fmt: skip
    for words, one in (
        ("mechanism alone", part),
        ("with the model's error", corrected),
    ):
        shown.add_row(
            words,
            f"{one['weighted_error']:.3f} ({one['low']:.3f} to {one['high']:.3f})",
            f"{one['excess']:.3f}",
            f"{one['coverage_percent']:.0f} %",
            f"{one['root_mean_square_z']:.2f}",
        )
    for rule, told in part["rules"].items():
        shown.add_row(
            RULES[rule],
            f"{told['weighted_error']:.3f}",
            "",
            "",
            "",
            _gain(told),
            _gain(corrected["rules"][rule]),
        )
    shown.add_row("noise of the published", f"{part['noise']:.3f}")
    return shown


def _refitted(rows: list[dict[str, Any]]) -> Table:
    """Return trials as one step and as a fit in steps predict them."""
    shown = Table(
        "without the trial", "published", "one step", "z", "in steps", "z", box=None
    )
    for row in rows:
        if row["kind"] == "hazard_ratio":
            shown.add_row(
                row["id"],
                f"{row['published']:.2f}",
                f"{row['one_step']:.2f}",
                f"{row['one_step_z']:+.1f}",
                f"{row['in_steps']:.2f}",
                f"{row['in_steps_z']:+.1f}",
            )
    return shown


def _told_splits(found: dict[str, Any]) -> str:
    slope = "not told" if found["slope"] is None else f"{found['slope']:.2f}"
    return (
        f"Strata of one trial: {found['count']} pairs; the sign is right in "
        f"{found['sign_right']} of {found['clear']} that differ by two standard errors "
        f"or more; published over predicted difference {slope}."
    )
