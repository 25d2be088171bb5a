"""Rows of the review and their numbers, as one table and one record."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from oestra.appraisal.row_verdict import RowResult, count_rows

__all__ = ["row_record", "row_table"]


def row_table(results: Sequence[RowResult]) -> pd.DataFrame:
    """Return one line a number, in the order of rows and their checks.

    Parameters
    ----------
    results : sequence of RowResult
        What became of the rows.

    Returns
    -------
    DataFrame
        Number and name of the row; what was measured, its unit, with all mechanisms and
        without one (NaN where there is no number); what was expected, on which basis
        and why; whether each number meets it; what was taken away, by which parameters,
        and what that changes.
    """
    lines: list[dict[str, Any]] = []
    for result in results:
        for told in (one.to_json_dict() for one in result.numbers):
            changed = (f"{name}={value}" for name, value in told["knockout"].items())
            lines.append(
                {
                    "row": result.row.number,
                    "name": result.row.name,
                    **{name: told[name] for name in ("measure", "unit", "measured")},
                    **{name: told[name] for name in ("expected", "none_expected")},
                    **{name: told[name] for name in ("holds", "without")},
                    **{name: told[name] for name in ("holds_without", "effect")},
                    "without_mechanism": told["without_mechanism"],
                    "knockout": " ".join(changed),
                    "why": told["why"],
                    "basis": told["basis"],
                    "sources": " ".join(told["sources"]),
                    "reason": told.get("reason", ""),
                    "reason_without": told.get("reason_without", ""),
                }
            )
    return pd.DataFrame(lines).astype({"measured": float, "without": float})


def row_record(results: Sequence[RowResult]) -> dict[str, Any]:
    """Return what is printed as JSON: counts, misses, then every row.

    Parameters
    ----------
    results : sequence of RowResult
        What became of the rows.
    """
    missed = [
        {"row": one.row.number, "measure": number.check.measure}
        for one in results
        for number in one.missed
    ]
    return {
        "summary": count_rows(results),
        "missed": missed,
        "rows": [one.to_json_dict() for one in results],
    }
