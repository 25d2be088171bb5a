"""The adverse events of a trial, and their printed form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pandas as pd

__all__ = ["NO_FATAL", "TERM_COLUMNS", "HarmResult", "Told"]

NO_FATAL = "No drug has a rate of grade 5: deaths by an event are not simulated"
"""What is said of deaths wherever grades are shown."""

_PARTS = ("", "_low", "_high", "_reason")


class Told(Protocol):
    """A number over replicates, as `oestra.trial.result.Estimate` is."""

    @property
    def estimate(self) -> float | None:
        """The middle of the replicates."""
        ...

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        ...


TERM_COLUMNS = (
    "arm",
    "term",
    *(f"{grade}{part}" for grade in ("any", "severe") for part in _PARTS),
    *(f"grade_{grade}" for grade in range(1, 6)),
)
"""Columns of the table by arm and term."""


def _no_terms() -> pd.DataFrame:
    return pd.DataFrame({name: [] for name in TERM_COLUMNS})


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmResult:
    """Adverse events of a trial over its replicates.

    Parameters
    ----------
    terms : DataFrame
        One row an arm and term: ``arm``, ``term``, for ``any`` and ``severe`` (grade 3
        or more) the percentage of patients with ``_low`` and ``_high``, and why it is
        missing in ``_reason``. The term "" is any of them. ``grade_1`` to ``grade_5``
        are the patients whose worst grade it was, all replicates together, missing
        without a rate.
    ends : mapping of str to mapping of str to Told
        Percentage of patients by arm and by why their treatment ended; ``any reason``
        is all who are not on treatment at the data cut.
    worst : mapping of str to int
        Highest grade of an event held to be of a drug, in any replicate, by arm.
    deterioration : mapping of str to Told
        Median time to deterioration of quality of life, months, by arm.
    ratios : mapping of (str, str) to Told
        Hazard ratio of deterioration, by arm and control.
    no_rate : mapping of str to tuple of str
        Drugs of each arm of whose events no rate is known.
    grades : mapping of str to mapping of int to Told
        Percentage of patients by arm and by the worst grade, 1 to 5, of any event.
    intensity : mapping of str to mapping of str to Told
        Mean share of the planned dose that was taken while on treatment, in percent, by
        arm and drug.
    """

    terms: pd.DataFrame = field(default_factory=_no_terms)
    ends: Mapping[str, Mapping[str, Told]] = field(default_factory=dict)
    worst: Mapping[str, int] = field(default_factory=dict)
    deterioration: Mapping[str, Told] = field(default_factory=dict)
    ratios: Mapping[tuple[str, str], Told] = field(default_factory=dict)
    no_rate: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    grades: Mapping[str, Mapping[int, Told]] = field(default_factory=dict)
    intensity: Mapping[str, Mapping[str, Told]] = field(default_factory=dict)

    def table(self) -> pd.DataFrame:
        """Return the shares by arm and term, as a reader has them.

        Returns
        -------
        DataFrame
            ``arm``, ``term``, ``any_grade_percent`` and ``grade_3_or_more_percent``,
            each with ``_low``, ``_high`` and ``_reason``, why it is missing; then
            ``worst_grade_1_percent`` to ``worst_grade_5_percent``.
        """
        named = {"any": "any_grade_percent", "severe": "grade_3_or_more_percent"}
        columns = {
            f"{short}{part}": f"{word}{part}"
            for short, word in named.items()
            for part in _PARTS
        }
        columns |= {f"grade_{one}": f"worst_grade_{one}_percent" for one in range(1, 6)}
        shown = self.terms.rename(columns=columns)
        return shown.replace({"term": {"": "any of these"}})

    def share(self, arm: str, term: str, grade: str = "any") -> float | None:
        """Return the percentage of an arm with an event; None without a rate."""
        part = self.terms.loc[(self.terms["arm"] == arm) & (self.terms["term"] == term)]
        name = "any" if grade == "any" else "severe"
        value = float(part[name].iloc[0]) if len(part) else float("nan")
        return None if np.isnan(value) else value

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form: plain values, null with a reason without a rate."""
        arms: dict[str, Any] = {}
        for arm, ends in self.ends.items():
            here = self.terms.loc[self.terms["arm"] == arm]
            arms[arm] = {
                "terms": [
                    {
                        "term": row["term"] or "any of these",
                        "any_grade_percent": _printed(row, "any"),
                        "grade_3_or_more_percent": _printed(row, "severe"),
                    }
                    for row in here.to_dict("records")
                ],
                "worst_grade_percent": {
                    str(grade): share.to_json_dict()
                    for grade, share in self.grades.get(arm, {}).items()
                },
                "worst_grade_of_drug": self.worst[arm],
                "no_rate": list(self.no_rate[arm]),
                "relative_dose_intensity_percent": {
                    drug: share.to_json_dict()
                    for drug, share in self.intensity.get(arm, {}).items()
                },
                "treatment_ended_percent": {
                    why: share.to_json_dict() for why, share in ends.items()
                },
                "deterioration_median_months": self.deterioration[arm].to_json_dict(),
            }
        return {
            "arms": arms,
            "deterioration_hazard_ratios": [
                {"arm": arm, "control": control, **ratio.to_json_dict()}
                for (arm, control), ratio in self.ratios.items()
            ],
        }


def _printed(row: Mapping[Any, Any], name: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        key: None if np.isnan(row[column]) else float(row[column])
        for key, column in (
            ("estimate", name),
            ("low", f"{name}_low"),
            ("high", f"{name}_high"),
        )
    }
    reason = row[f"{name}_reason"]
    return shown | {"reason": reason} if reason else shown
