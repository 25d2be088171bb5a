"""Adverse events of a trial, as tables for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oestra.trial.harm_result import NO_FATAL

if TYPE_CHECKING:
    from rich.table import Table

    from oestra.trial.harm_result import HarmResult, Told

__all__ = ["harm_view"]


def _share(row: dict[str, object], grade: str) -> str:
    if row[f"{grade}_reason"]:
        return "no rate"
    shown = [
        "-"
        if row[f"{grade}{part}"] != row[f"{grade}{part}"]
        else f"{row[f'{grade}{part}']:.0f}"
        for part in ("", "_low", "_high")
    ]
    return "{} ({} to {})".format(*shown)


def _number(value: Told, digits: int) -> str:
    return "-" if value.estimate is None else f"{value.estimate:.{digits}f}"


def _graded(value: Told | None) -> str:
    if value is None or value.estimate is None:
        return "no rate"
    return f"{value.estimate:.0f}"


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
    grades = Table("worst grade of a patient, %", *map(str, range(1, 6)), box=None)
    for arm, found in harm.grades.items():
        grades.add_row(arm, *(_graded(found.get(grade)) for grade in range(1, 6)))
    taken = Table("of the planned dose taken, %", *harm.intensity, box=None)
    for drug in dict.fromkeys(d for found in harm.intensity.values() for d in found):
        shares = (found.get(drug) for found in harm.intensity.values())
        taken.add_row(
            drug, *("-" if one is None else _number(one, 1) for one in shares)
        )
    silent = [
        f"No rate of any event is known of {drug} ({arm})."
        for arm, drugs in harm.no_rate.items()
        for drug in drugs
    ]
    told = [grades, f"{NO_FATAL}.", "", taken, ""] if harm.grades else []
    return [events, "", *told, ended, *silent]
