"""What is said of orders of therapies: line by line, in all, and against the first."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from oestra.appraisal.profile import Profile
from oestra.appraisal.sequence_error import Between, Difference, ModelError
from oestra.appraisal.therapy_order import Line, Order

__all__ = ["TRUST", "LineResult", "OrderResult", "Sequences"]

TRUST = (
    "No trial of the fit compared orders: every difference here is an extrapolation.",
    "Survival after progression is the weakest part, and was fitted to nothing: "
    "patients die when their tumor reaches one size, the same for all, or of something "
    "else, and after the last line they take nothing.",
    "Chemotherapy acts as paclitaxel does, whose effect and the pace at which cells "
    "come to tolerate it are assumed, and fitted to no trial; a second one meets what "
    "the first has left, hardly anybody stops it for harm, and it is taken until "
    "progression.",
)
"""How far the numbers may be trusted, a sentence each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineResult:
    """One line of an order; percents and months are means or medians over sets.

    Parameters
    ----------
    line : Line
        What is taken.
    began_percent : float
        Patients who begin it within the horizon.
    months : float
        Mean months on it within the horizon, of all patients of the order.
    median_months : float or None
        Median months on it of those who begin it; None where half do not end it.
    end_months : float or None
        Median months from the start of the order to its end, or to death before.
    ends_percent : mapping of str to float
        What ended it, of those who began it.
    leads_percent : mapping of str to float
        The clone that leads at progression, of those who progress on it.
    severe_percent : float
        Patients on it with an event of grade 3 or more, as drug sheets say.
    trials : tuple of str
        Fitted trials that gave these drugs.
    """

    line: Line
    began_percent: float
    months: float
    median_months: float | None
    end_months: float | None
    ends_percent: Mapping[str, float]
    leads_percent: Mapping[str, float]
    severe_percent: float
    trials: tuple[str, ...]

    def to_json_dict(self) -> dict[str, Any]:
        """Return the line as JSON can hold it."""
        return {
            "therapy": self.line.name,
            "regimen": self.line.regimen,
            "chemotherapy": self.line.chemotherapy,
            "began_percent": self.began_percent,
            "months": self.months,
            "median_months_on_it": self.median_months,
            "median_months_to_its_end": self.end_months,
            "ends_percent": dict(self.ends_percent),
            "leads_at_progression_percent": dict(self.leads_percent),
            "grade_3_or_more_percent": self.severe_percent,
            "fitted_trials": list(self.trials),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderResult:
    """One order; months are means within the horizon.

    Parameters
    ----------
    order : Order
        What is taken.
    lines : tuple of LineResult
        Line by line.
    survival, until_chemotherapy, benefit : Between
        Months alive; months alive before chemotherapy begins; months on lines without
        chemotherapy. With 90 % intervals.
    median_survival_months : float or None
        None where half live at the horizon.
    alive_percent, chemotherapy_percent : float
        Patients who live at the horizon; who begin chemotherapy.
    alive_months, after_months : float
        Mean over sets of months alive, and of those after the last line.
    severe_events : float
        Lines with an event of grade 3 or more, expected a patient.
    """

    order: Order
    lines: tuple[LineResult, ...]
    survival: Between
    until_chemotherapy: Between
    benefit: Between
    median_survival_months: float | None
    alive_percent: float
    chemotherapy_percent: float
    alive_months: float
    after_months: float
    severe_events: float

    @property
    def between_months(self) -> float:
        """Mean months alive between two lines."""
        treated = sum(line.months for line in self.lines)
        return max(self.alive_months - self.after_months - treated, 0.0)

    def to_json_dict(self) -> dict[str, Any]:
        """Return the order as JSON can hold it."""
        return {
            "order": self.order.name,
            "survival_months": asdict(self.survival),
            "median_survival_months": self.median_survival_months,
            "alive_percent": self.alive_percent,
            "months_until_chemotherapy": asdict(self.until_chemotherapy),
            "chemotherapy_percent": self.chemotherapy_percent,
            "benefit_months_without_chemotherapy": asdict(self.benefit),
            "months_between_lines": self.between_months,
            "months_after_last_line": self.after_months,
            "severe_events": self.severe_events,
            "lines": [line.to_json_dict() for line in self.lines],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequences:
    """Orders of therapies for patients of a profile.

    Parameters
    ----------
    profile : Profile
        Who they are.
    months : float
        The horizon.
    orders : tuple of OrderResult
        As they were given.
    differences : tuple of mapping of str to Difference
        Every order but the first against the first, in months: ``survival``,
        ``until_chemotherapy``, ``benefit``.
    parameter_sets : int
        Sets, each with its patients.
    left_out : int
        Sets that have hardly anybody of the profile, and say nothing.
    patients : float
        Effective number of different patients behind a set, the fewest of all.
    error : ModelError
        The model's own error, which is in the intervals.
    """

    profile: Profile
    months: float
    orders: tuple[OrderResult, ...]
    differences: tuple[Mapping[str, Difference], ...]
    parameter_sets: int
    left_out: int
    patients: float
    error: ModelError

    def to_json_dict(self) -> dict[str, Any]:
        """Return the comparison as JSON can hold it."""
        return {
            "profile": asdict(self.profile),
            "horizon_months": self.months,
            "parameter_sets": self.parameter_sets,
            "parameter_sets_left_out": self.left_out,
            "effective_patients": self.patients,
            "model_error": asdict(self.error),
            "orders": [one.to_json_dict() for one in self.orders],
            "against_the_first": [
                {
                    "order": one.order.name,
                    **{
                        f"{name}_months": asdict(found) for name, found in apart.items()
                    },
                }
                for one, apart in zip(self.orders[1:], self.differences, strict=True)
            ],
            "trust": list(TRUST),
        }

    def order_table(self) -> pd.DataFrame:
        """Return a row an order."""
        rows: list[dict[str, Any]] = []
        for one, apart in zip(self.orders, ({}, *self.differences), strict=True):
            record = one.to_json_dict()
            del record["lines"]
            row: dict[str, Any] = {}
            for name, value in record.items():
                row |= _flat(name, value)
            for name, found in apart.items():
                row |= _flat(f"{name}_months_against_first", asdict(found))
            rows.append(row)
        return pd.DataFrame(rows)

    def line_table(self) -> pd.DataFrame:
        """Return a row a line of an order."""
        rows: list[dict[str, Any]] = []
        for one in self.orders:
            for number, line in enumerate(one.lines, start=1):
                record = line.to_json_dict()
                row: dict[str, Any] = {"order": one.order.name, "line": number}
                for name, value in record.items():
                    row |= _flat(name, value)
                row["fitted_trials"] = "; ".join(line.trials)
                rows.append(row)
        return pd.DataFrame(rows)


def _flat(name: str, value: object) -> dict[str, Any]:
    """Return a column, or one for each part of a record."""
    if not isinstance(value, dict):
        return {name: value}
    return {
        name if part == "middle" else f"{name} {part}": one
        for part, one in value.items()
    }
