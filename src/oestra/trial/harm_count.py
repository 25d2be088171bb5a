"""Adverse events of one replicate, counted by arm; and of all replicates together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from oestra.core.library import SHIPPED, Library
from oestra.drugs.regimen import Regimen
from oestra.drugs.toxicity import Toxicity
from oestra.survival.cox import hazard_ratio
from oestra.trial.design import Arm, TrialDesign
from oestra.trial.doses_taken import INTENSITY
from oestra.trial.estimate import Estimate, summarize
from oestra.trial.harm_result import HarmResult
from oestra.trial.harmed import ENDS
from oestra.trial.scale import LOG, LOGIT
from oestra.trial.statistic import median_months, ratio_value
from oestra.trial.value import Value

__all__ = ["ArmCount", "HarmCount", "count_harm", "sum_up"]

_GRADES = ("any", "3+")
_FATAL = (
    "no drug of the arm has a rate of grade 5; deaths by an event are not simulated"
)
_ANYTHING = ""
_WORD = {"any": "any grade", "3+": "grade 3 or more"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmCount:
    """Counts of one arm in one replicate.

    Parameters
    ----------
    n : int
        Patients.
    by_term : mapping of (str, str) to int
        Patients with an event, by term ("" for any) and grade.
    ends : mapping of str to int
        Patients by why their treatment ended.
    worst : int
        The highest grade of an event held to be of a drug.
    by_worst : mapping of (str, int) to int
        Patients by term ("" for any) and by the worst grade that each had of it.
    intensity : mapping of str to float
        Mean share of the planned dose of each drug that was taken, in percent.
    deterioration : Value
        Median time to deterioration, months.
    """

    n: int
    by_term: Mapping[tuple[str, str], int]
    ends: Mapping[str, int]
    worst: int
    deterioration: Value
    by_worst: Mapping[tuple[str, int], int] = field(default_factory=dict)
    intensity: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmCount:
    """Counts of one replicate.

    Parameters
    ----------
    arms : mapping of str to ArmCount
        By arm.
    deterioration : tuple of Value
        Hazard ratio of deterioration of each contrast.
    """

    arms: Mapping[str, ArmCount]
    deterioration: tuple[Value, ...]


def _by_worst(events: pd.DataFrame) -> dict[tuple[str, int], int]:
    """Count patients by term, or by any, and by the worst grade each had."""
    found: Counter[tuple[str, int]] = Counter()
    of_any = events.groupby("patient")["grade"].max()
    found.update((_ANYTHING, int(grade)) for grade in of_any)
    of_term = events.groupby(["term", "patient"])["grade"].max()
    terms = of_term.index.get_level_values("term")
    found.update((str(t), int(g)) for t, g in zip(terms, of_term, strict=True))
    return dict(found)


def _arm_count(events: pd.DataFrame, ends: pd.DataFrame) -> ArmCount:
    found: dict[tuple[str, str], int] = {}
    for grade, least in zip(_GRADES, (1, 3), strict=True):
        some = events.loc[events["grade"] >= least]
        counts = some.groupby("term")["patient"].nunique()
        found |= {(str(term), grade): int(count) for term, count in counts.items()}
        found[_ANYTHING, grade] = int(some["patient"].nunique())
    own = events.loc[events["related"].astype(bool), "grade"]
    why = ends["end_reason"].value_counts().to_dict()
    return ArmCount(
        n=len(ends),
        by_term=found,
        ends={
            name: int(why.get(name, 0))
            for name in (*ENDS, *sorted(set(why) - set(ENDS)))
        },
        worst=max(own.to_list(), default=0),
        deterioration=median_months(
            ends["deteriorated_day"].to_numpy(),
            ends["deteriorated"].to_numpy(dtype=bool),
        ),
        by_worst=_by_worst(events),
        intensity={
            str(name).removeprefix(INTENSITY): 100.0 * float(ends[name].mean())
            for name in ends.columns
            if str(name).startswith(INTENSITY) and np.isfinite(ends[name]).any()
        },
    )


def count_harm(
    design: TrialDesign, events: pd.DataFrame, ends: pd.DataFrame
) -> HarmCount:
    """Count the adverse events of one replicate.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    events, ends : DataFrame
        Of its patients, as `oestra.trial.harmed.arm_events` returns them.

    Returns
    -------
    HarmCount
        By arm.
    """
    by_arm = {arm: ends.loc[ends["arm"] == arm] for arm in design.arm_ids}
    ratios: list[Value] = []
    for contrast in design.contrasts:
        both = pd.concat([by_arm[contrast.arm], by_arm[contrast.control]])
        cox = hazard_ratio(
            both["deteriorated_day"].to_numpy(),
            both["deteriorated"].to_numpy(dtype=bool),
            (both["arm"] == contrast.arm).to_numpy(),
        )
        ratios.append(ratio_value(cox))
    return HarmCount(
        arms={
            arm: _arm_count(events.loc[events["arm"] == arm], part)
            for arm, part in by_arm.items()
        },
        deterioration=tuple(ratios),
    )


def _harms(arm: Arm, library: Library) -> dict[str, tuple[Toxicity, ...]]:
    regimens = [Regimen.parse(text, library) for text in arm.regimens]
    parts = [part for regimen in regimens for part in regimen.components]
    return {part.drug.id: part.drug.toxicities for part in parts}


def _without(term: str, grade: str, harms: Sequence[Toxicity]) -> str:
    """Return why a share is not told; empty where it is."""
    rated = [harm for harm in harms if term in (harm.event, _ANYTHING)]
    told = any(harm.grade == grade for harm in rated)
    if told or (term and not rated):
        return ""
    return f"no rate of {_WORD[grade]}"


def _row(
    arm: str, term: str, found: Sequence[ArmCount], harms: Sequence[Toxicity]
) -> dict[str, Any]:
    row: dict[str, Any] = {"arm": arm, "term": term}
    for grade, name in zip(_GRADES, ("any", "severe"), strict=True):
        why = _without(term, grade, harms)
        shares = [
            Value(None, why)
            if why
            else Value(100.0 * one.by_term.get((term, grade), 0) / max(one.n, 1))
            for one in found
        ]
        told = summarize(shares, scale=LOGIT)
        for key, value in (
            (name, told.estimate),
            (f"{name}_low", told.low),
            (f"{name}_high", told.high),
        ):
            row[key] = np.nan if value is None else value
        row[f"{name}_reason"] = why
    patients = max(sum(one.n for one in found), 1)
    for grade in range(1, 5):
        seen = sum(one.by_worst.get((term, grade), 0) for one in found)
        why = row["any_reason"] if grade < 3 else row["severe_reason"]
        row[f"grade_{grade}"] = np.nan if why else 100.0 * seen / patients
    return row | {"grade_5": np.nan}


def _worst_grades(
    found: Sequence[ArmCount], harms: Sequence[Toxicity]
) -> dict[int, Estimate]:
    """Return the shares of patients of an arm by the worst grade of any event."""
    shares: dict[int, Estimate] = {}
    for grade in range(1, 5):
        why = _without(_ANYTHING, "any" if grade < 3 else "3+", harms)
        shares[grade] = summarize(
            [
                Value(None, why)
                if why
                else Value(
                    100.0 * one.by_worst.get((_ANYTHING, grade), 0) / max(one.n, 1)
                )
                for one in found
            ],
            scale=LOGIT,
        )
    return shares | {5: summarize([Value(None, _FATAL)])}


def _intensity(found: Sequence[ArmCount]) -> dict[str, Estimate]:
    """Return the shares of the planned doses that an arm took, by drug."""
    drugs = dict.fromkeys(drug for one in found for drug in one.intensity)
    return {
        drug: summarize(
            [
                Value(one.intensity[drug])
                if drug in one.intensity
                else Value(None, "nobody took it")
                for one in found
            ],
            scale=LOGIT,
        )
        for drug in drugs
    }


def _ended(found: Sequence[ArmCount]) -> dict[str, Estimate]:
    def share(names: Sequence[str]) -> Estimate:
        return summarize(
            [
                Value(
                    100.0 * sum(one.ends.get(name, 0) for name in names) / max(one.n, 1)
                )
                for one in found
            ],
            scale=LOGIT,
        )

    *ended, ongoing = ENDS
    every = dict.fromkeys(name for one in found for name in one.ends)
    ended += [name for name in every if name not in (*ended, ongoing)]
    return {"any reason": share(ended)} | {name: share([name]) for name in ended}


def sum_up(
    design: TrialDesign, counts: Sequence[HarmCount], library: Library = SHIPPED
) -> HarmResult:
    """Sum up the counts of replicates.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    counts : sequence of HarmCount
        One a replicate.
    library : Library
        Whose drugs the arms take.

    Returns
    -------
    HarmResult
        Shares with their intervals over replicates.
    """
    rows: list[dict[str, Any]] = []
    no_rate: dict[str, tuple[str, ...]] = {}
    grades: dict[str, dict[int, Estimate]] = {}
    by_arm = {arm: [one.arms[arm] for one in counts] for arm in design.arm_ids}
    for arm in design.arms:
        known = _harms(arm, library)
        no_rate[arm.id] = tuple(drug for drug, harms in known.items() if not harms)
        harms = [harm for part in known.values() for harm in part]
        grades[arm.id] = _worst_grades(by_arm[arm.id], harms)
        seen = {term for one in by_arm[arm.id] for term, _ in one.by_term}
        terms = dict.fromkeys(harm.event for harm in harms)
        rows += [
            _row(arm.id, term, by_arm[arm.id], harms)
            for term in (_ANYTHING, *terms, *sorted(seen - set(terms) - {_ANYTHING}))
        ]
    return HarmResult(
        terms=pd.DataFrame(rows),
        ends={arm: _ended(found) for arm, found in by_arm.items()},
        worst={arm: max(one.worst for one in found) for arm, found in by_arm.items()},
        deterioration={
            arm: summarize([one.deterioration for one in found], scale=LOG)
            for arm, found in by_arm.items()
        },
        ratios={
            (contrast.arm, contrast.control): summarize(
                [one.deterioration[index] for one in counts], scale=LOG
            )
            for index, contrast in enumerate(design.contrasts)
        },
        no_rate=no_rate,
        grades=grades,
        intensity={arm: _intensity(found) for arm, found in by_arm.items()},
    )
