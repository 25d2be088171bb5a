"""Adverse events of a trial, as tables for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

    from oestra.trial.harm_result import HarmResult, Told

__all__ = ["harm_view"]


def _share(row: dict[str, object], grade: str) -> str:
    if row[f"{grade}_reason"]:
        return "no rate"
    return "{:.0f} ({:.0f} to {:.0f})".format(
        *(row[f"{grade}{part}"] for part in ("", "_low", "_high"))
    )


def _number(value: Told, digits: int) -> str:
    return "-" if value.estimate is None else f"{value.estimate:.{digits}f}"


def harm_view(harm: HarmResult) -> list[Table | str]:
    """Return what was suffered, why treatment ended, and how quality of life held.

    Parameters
    ----------
    harm : HarmResult
        Of a trial.

    Returns
    -------
    list of Table or str
        What to print, in order.
    """
    from rich.table import Table

    events = Table(
        "adverse event", "arm", "any grade, %", "grade 3 or more, %", box=None
    )
    # The most common first, and the arms of a term together.
    rows = harm.terms.to_dict("records")
    most: dict[str, float] = {}
    for row in rows:
        shares = [row[name] for name in ("any", "severe") if row[name] == row[name]]
        most[row["term"]] = max([most.get(row["term"], 0.0), *shares])
    for row in sorted(rows, key=lambda row: (-most[row["term"]], row["term"])):
        told = {str(key): value for key, value in row.items()}
        term = str(told["term"]) or "any of these"
        events.add_row(
            term, str(told["arm"]), _share(told, "any"), _share(told, "severe")
        )
    why = list(dict.fromkeys(name for ends in harm.ends.values() for name in ends))
    ended = Table("treatment ended, %", *harm.ends, box=None)
    for name in why:
        ended.add_row(name, *(_number(ends[name], 0) for ends in harm.ends.values()))
    ended.add_row(
        "median time to deterioration, months",
        *(_number(harm.deterioration[arm], 1) for arm in harm.ends),
    )
    silent = [
        f"No rate of any event is known of {drug} ({arm})."
        for arm, drugs in harm.no_rate.items()
        for drug in drugs
    ]
    return [events, "", ended, *silent]
