"""Operating characteristics of designs with known answers, without the model.

Patients of both arms have exponential survival; each design is judged by
`oestra.trial.looks`, thousands of times. Type I error is set beside the one-sided error
it may have, power beside exact integration of the same bounds. Then how many new trials
prediction intervals hold.

    uv run python benchmarks/designs.py [trials without a difference] [others]
"""

import math
import sys

import numpy as np
import pandas as pd

from oestra.trial.design import TrialDesign
from oestra.trial.error_account import planned
from oestra.trial.group_sequential import crossing
from oestra.trial.looks import decide, wins
from oestra.trial.prediction_interval import prediction_interval

_MONTH, _SIZE, _MEDIAN, _CUT = 30.4375, 200, 8.0, 48.0
_RATIO, _EVENTS = 0.7, 300
_LOOKS = [{"events": 100}, {"events": 200}]
_ONE = {"alpha": 0.025, "sided": 1, "final_events": _EVENTS}
_SHARES = {"three to one": (300, 100), "three to one, strata": (300, 100)}
"""Patients of both arms, where they are not as many."""
_LATE = 0.4
"""Log hazard of a second stratum, of half of the patients, in stratified designs."""
_DESIGNS = {
    "one analysis": _ONE,
    "three to one": _ONE,
    "two strata": _ONE | {"stratified": True},
    "three to one, strata": _ONE
    | {
        "stratified": True,
        "looks": _LOOKS,
        "efficacy": {"rule": "lan-demets-obrien-fleming"},
    },
    "not worse than 1.3": _ONE | {"margin": 1.3},
    "Lan-DeMets O'Brien-Fleming": _ONE
    | {"looks": _LOOKS, "efficacy": {"rule": "lan-demets-obrien-fleming"}},
    "Lan-DeMets Pocock": _ONE
    | {"looks": _LOOKS, "efficacy": {"rule": "lan-demets-pocock"}},
    "Hwang-Shih-DeCani, -4": _ONE
    | {"looks": _LOOKS, "efficacy": {"rule": "hwang-shih-decani", "gamma": -4.0}},
    "O'Brien-Fleming": _ONE | {"looks": _LOOKS, "efficacy": {"rule": "obrien-fleming"}},
    "Pocock": _ONE | {"looks": _LOOKS, "efficacy": {"rule": "pocock"}},
    "Haybittle-Peto": _ONE | {"looks": _LOOKS, "efficacy": {"rule": "haybittle-peto"}},
    "three looks at p 0.0221": {
        "looks": [{"events": n, "efficacy_p": 0.0221} for n in (100, 200, 300)]
    },
    "binding futility, HR 1": _ONE
    | {
        "looks": _LOOKS,
        "efficacy": {"rule": "lan-demets-obrien-fleming"},
        "futility": {"hazard_ratio": 1.0, "binding": True},
    },
}

_PAIR = {"arm": "A", "control": "B"}
_BOTH = {"pfs": _PAIR, "os": _PAIR | {"endpoint": "os", "events": _EVENTS}}
_HALVES = {
    name: _BOTH[name] | {"weight": 0.5, "passes_to": {other: 1.0}}
    for name, other in (("pfs", "os"), ("os", "pfs"))
}
_THREE = {
    "looks": _LOOKS,
    "efficacy": {"rule": "lan-demets-obrien-fleming"},
}
_ORDERED = {
    "two hypotheses in order": {"hypotheses": _BOTH},
    "two in a graph": {"hypotheses": _HALVES},
    "two in order, three analyses": {"hypotheses": _BOTH} | _THREE,
    "two in a graph, three analyses": {"hypotheses": _HALVES} | _THREE,
}
"""Two hypotheses, of times that know nothing of each other."""


def _design(analysis: dict, sizes: tuple[int, int]) -> TrialDesign:
    least = min(sizes)
    arms = [
        {"id": i, "label": i, "regimen": "none", "n": n, "allocation": n // least}
        for i, n in zip("AB", sizes, strict=True)
    ]
    return TrialDesign.model_validate(
        {
            "id": "PLAN",
            "title": "A plan",
            "arms": arms,
            "visits": {"interval_weeks": 8},
            "criteria": "RECIST-1.1",
            "accrual_months": 12,
            "data_cut_months": _CUT,
            "analysis": {"stratified": False, **analysis},
        }
    )


def _trial(rng: np.random.Generator, ratio: float, plan: TrialDesign) -> pd.DataFrame:
    sizes = [arm.n for arm in plan.arms]
    arm = np.repeat(["A", "B"], sizes)
    stratum = np.concatenate([np.arange(n) % 2 for n in sizes])
    stratum = stratum * plan.analysis.stratified
    entry = rng.uniform(0, 12 * _MONTH, sum(sizes))
    scale = _MEDIAN * _MONTH / math.log(2) * np.exp(-_LATE * stratum)
    day = rng.exponential(scale / np.where(arm == "A", ratio, 1.0))
    follow = _CUT * _MONTH - entry
    return pd.DataFrame(
        {
            "arm": arm,
            "entry_day": entry,
            "stratum": stratum,
            "pfs_event": day <= follow,
            "pfs_day": np.minimum(day, follow),
        }
    )


def _share(plan: TrialDesign, ratio: float, runs: int, seed: int) -> float:
    rng = np.random.default_rng(seed)
    trials = (_trial(rng, ratio, plan) for _ in range(runs))
    return sum(wins(decide(one, plan)) for one in trials) / runs


def _rejected(
    analysis: dict, ratios: tuple[float, float], runs: int, seed: int
) -> list[set[str]]:
    """Return which of two hypotheses each trial rejects: PFS and, apart from it, OS."""
    plan = _design({**_ONE, "secondary": ["os"], **analysis}, (_SIZE, _SIZE))
    rng, found = np.random.default_rng(seed), []
    for _ in range(runs):
        table = _trial(rng, ratios[0], plan)
        other = _trial(rng, ratios[1], plan)
        for name in ("event", "day"):
            table[f"os_{name}"] = other[f"pfs_{name}"]
        found.append({name for one in decide(table, plan) for name in one.rejected})
    return found


def _print_ordered(null_runs: int, runs: int) -> None:
    """Print how often a true null hypothesis of two is rejected, and power for both."""
    for name, analysis in _ORDERED.items():
        for ratios, label in (((1.0, 1.0), name), ((0.6, 1.0), "... one true")):
            done = _rejected(analysis, ratios, null_runs, 11)
            nulls = {n for n, r in zip(("pfs", "os"), ratios, strict=True) if r == 1}
            false = sum(bool(one & nulls) for one in done) / null_runs
            print(f"{label:32}{100 * false:8.2f}{'<= 2.50':>8}", flush=True)
    print(f"\n{'ratio 0.7 in both; percent':32}{'both':>8}{'exact':>8}")
    for name, analysis in _ORDERED.items():
        done = _rejected(analysis, (_RATIO, _RATIO), runs, 2)
        both = sum(len(one) == 2 for one in done) / runs
        weighted = "weight" in analysis["hypotheses"]["pfs"]
        exact = _exact_both(analysis, weighted=weighted)
        print(f"{name:32}{100 * both:8.2f}{100 * exact:8.2f}", flush=True)


def _exact_both(analysis: dict, *, weighted: bool) -> float:
    """Return the chance of rejecting two hypotheses of the same power, apart."""
    rest = {key: one for key, one in analysis.items() if key != "hypotheses"}

    def power(alpha: float) -> float:
        plan = _design({**_ONE, **rest, "alpha": alpha}, (_SIZE, _SIZE))
        return _exact(plan, _RATIO)

    whole = power(0.025)
    # In a graph one must pass with its own half, and the other with the whole.
    return whole**2 - (whole - power(0.0125)) ** 2 if weighted else whole**2


def _exact(plan: TrialDesign, ratio: float) -> float:
    rows = planned(plan) or ()
    times = [row.events / rows[-1].events for row in rows]
    binding = plan.analysis.futility is not None
    lower = [row.lower for row in rows] if binding else None
    sizes = [arm.n for arm in plan.arms]
    share = sizes[0] / sum(sizes)
    margin = plan.analysis.margin or 1.0
    drift = math.log(margin / ratio) * math.sqrt(rows[-1].events * share * (1 - share))
    upper = [row.upper for row in rows]
    return float(crossing(times, upper, lower, drift).above.sum())


def _coverage(replicates: int, sets: int, between: float, runs: int) -> float:
    rng = np.random.default_rng(replicates + sets)
    number = np.arange(replicates) % sets
    hits = 0
    for _ in range(runs):
        shift = between * rng.normal(size=sets + 1)
        low, high = prediction_interval(
            shift[number] + rng.normal(size=replicates), number
        )
        hits += low <= shift[-1] + rng.normal() <= high
    return 100 * hits / runs


def main(null_runs: int = 6000, runs: int = 1500) -> None:
    """Print the tables."""
    print(f"{null_runs} trials without a difference, {runs} of ratio {_RATIO}; percent")
    print(f"{'design':28}{'error':>8}{'exact':>8}{'power':>8}{'exact':>8}")
    for name, analysis in _DESIGNS.items():
        plan = _design(analysis, _SHARES.get(name, (_SIZE, _SIZE)))
        null = plan.analysis.margin or 1.0
        ratio = 1.0 if null > 1 else _RATIO
        numbers = (
            _share(plan, null, null_runs, 11), _exact(plan, null),
            _share(plan, ratio, runs, 2), _exact(plan, ratio),
        )  # fmt: skip
        shown = "".join(f"{100 * one:8.2f}" for one in numbers)
        print(f"{name:28}{shown}", flush=True)
    _print_ordered(null_runs, runs)
    print(f"\n{'replicates':>10}{'sets':>6}{'between':>9}{'held, %':>9}")
    for replicates, sets, between in (
        (5, 1, 0.0), (10, 1, 0.0), (20, 1, 0.0), (20, 10, 0.0), (20, 10, 0.7),
        (40, 20, 0.7), (100, 20, 0.7), (200, 1, 0.0), (200, 20, 0.7),
    ):  # fmt: skip
        held = _coverage(replicates, sets, between, 4 * runs)
        print(f"{replicates:10}{sets:6}{between:9.1f}{held:9.1f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
