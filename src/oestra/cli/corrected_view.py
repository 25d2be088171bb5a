"""What to expect of a trial where the model's own error is allowed for, as printed."""

from __future__ import annotations

from typing import Any

from oestra.appraisal.comparison import Comparison, compare
from oestra.appraisal.corrected import corrected
from oestra.model.fit import shipped_fit
from oestra.trial.result import TrialResult

__all__ = ["corrected_lines", "corrected_record"]


def _corrected(
    trial: str, rows: list[Comparison]
) -> list[tuple[Comparison, float, float, float]]:
    fit = shipped_fit()
    return list(corrected(trial, rows, fit.discrepancy if fit else {}))


def corrected_lines(trial: str, rows: list[Comparison]) -> list[str]:
    """Return the lines beneath a trial's table; none for one that was fitted."""
    lines = [
        f"  {row.name}, {row.arm}: {middle:.{row.decimals}f} "
        f"({low:.{row.decimals}f} to {high:.{row.decimals}f})"
        for row, middle, low, high in _corrected(trial, rows)
    ]
    head = ["", "With the model's own error, as left-out trials show it:"]
    return [*head, *lines] if lines else []


def corrected_record(result: TrialResult) -> dict[str, Any]:
    """Return the same for JSON; empty for a trial that was fitted."""
    found = [
        {
            "endpoint": row.endpoint,
            "arm": row.arm,
            "control": row.control or None,
            "estimate": middle,
            "low": low,
            "high": high,
        }
        for row, middle, low, high in _corrected(result.trial, compare(result, ()))
    ]
    return {"with_discrepancy": found} if found else {}
