"""The fit counts what a trial counts, whichever the endpoint."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from oestra.calibration.estimate import weighted_value
from oestra.calibration.residual import endpoint_residual
from oestra.core.errors import InputError
from oestra.core.units import DAYS_PER_MONTH
from oestra.evidence.vocabulary import Endpoint as Word
from oestra.survival.product_limit import product_limit
from oestra.trial.analysis import Analysis, Ki67Biopsy, MetabolicScan, TimeToEvent
from oestra.trial.analyze import analyze_arm, compare_arms
from oestra.trial.design import TrialDesign
from oestra.trial.endpoints import ENDPOINTS, HAZARD_RATIO, LANDMARK
from oestra.trial.observe import Observed
from oestra.trial.recist import Code
from oestra.trial.statistic import Median

SIZE = 1200
RULES = Analysis(
    secondary=(TimeToEvent.TTP, TimeToEvent.OS),
    landmarks_months=(12,),
    stratified=False,
    ki67=Ki67Biopsy(day=14, response_below_percent=8.0),
    metabolic=MetabolicScan(day=28, response_fall_percent=30.0),
)
DESIGN = TrialDesign.model_construct(analysis=RULES)
simulated = pytest.mark.parametrize(
    "name",
    [
        one.name
        for one in ENDPOINTS.values()
        # No trial that is fitted follows patients to a second progression.
        if one.statistic is not None and one.word is not Word.PFS2_MEDIAN
    ],
)


def patients(arm, months):
    """Return patients with all that a trial keeps of them, censored and missing."""
    pick = np.random.default_rng(len(arm))
    level = pick.permutation((np.arange(SIZE) + 0.5) / SIZE)
    table = {"arm": arm, "stratum": 0, "interval_weeks": 8.0}
    for scale, name in enumerate(TimeToEvent, start=1):
        day = -np.log(level) * months * scale * DAYS_PER_MONTH + 1.0
        cut = pick.uniform(12, 60, SIZE) * DAYS_PER_MONTH
        table[f"{name}_day"] = np.minimum(day, cut)
        table[f"{name}_event"] = day <= cut
    responded = pick.random(SIZE) < 0.3
    one_of = np.array([Code.NE, Code.PD, Code.SD, Code.NON_CR_NON_PD])
    best = np.where(responded, Code.PR, one_of[pick.integers(0, 4, SIZE)])
    before = pick.uniform(5, 40, SIZE)
    return pd.DataFrame(table).assign(
        best_response=best.astype(np.int8),
        response_day=np.where(responded, 0.3 * table["pfs_day"], np.inf),
        benefit=pick.random(SIZE) < 0.5,
        has_targets=responded | (pick.random(SIZE) < 0.6),
        stopped_for_harm=pick.random(SIZE) < 0.2,
        reduced_for_harm=pick.random(SIZE) < 0.4,
        ki67_before=np.where(pick.random(SIZE) < 0.8, before, np.nan),
        ki67_after=before * pick.uniform(0.1, 1.2, SIZE),
        uptake_before=np.where(pick.random(SIZE) < 0.7, before, np.nan),
        uptake_after=before * pick.uniform(0.4, 1.1, SIZE),
    )


ARMS = {"A": patients("A", 14.0), "BB": patients("BB", 9.0)}


def observed(weight=1.0, arms=ARMS):
    sizes = {name: len(table) for name, table in arms.items()}
    return Observed(
        arms=arms,
        weight={name: np.full(size, weight) for name, size in sizes.items()},
        strata={n: {"ITT": np.ones(size, dtype=bool)} for n, size in sizes.items()},
        effective_size=SIZE,
        analysis=RULES,
    )


def row(name, **more):
    fixed = {
        "endpoint": name, "trial": "X", "stratum": "ITT", "arm": "A", "control": "BB",
        "of": "pfs", "at_months": 12.0, "n": 10**9, "denominator": "ITT",
    }  # fmt: skip
    return SimpleNamespace(**fixed | more)


def unweighted(name):
    """Return what a trial with these patients would print."""
    if name == HAZARD_RATIO.name:
        return compare_arms(
            ARMS["A"], ARMS["BB"], DESIGN, TimeToEvent.PFS
        ).hazard_ratio.number
    found = analyze_arm(ARMS["A"], DESIGN)
    if name == LANDMARK.name:
        return found.landmarks[12.0].number
    return found.endpoints[name].number


@simulated
def test_equal_weights_give_what_a_trial_prints(name):
    value = weighted_value(row(name), observed())
    statistic = ENDPOINTS[name].statistic
    if isinstance(statistic, Median):
        # Blurred: it lies among the times at which survival is near one half.
        times = statistic.times(ARMS["A"])
        curve = product_limit(times.day[times.among], times.event[times.among])
        near = curve.times[np.abs(curve.survival - 0.5) < 0.06] / DAYS_PER_MONTH
        assert near.min() <= value <= near.max()
        assert value == pytest.approx(unweighted(name), rel=0.03)
        return
    rel = 0.01 if name == HAZARD_RATIO.name else 1e-9
    assert value == pytest.approx(unweighted(name), rel=rel)


@simulated
def test_only_the_ratio_of_weights_counts(name):
    one, seven = (weighted_value(row(name), observed(w)) for w in (1.0, 7.0))
    assert seven == pytest.approx(one, rel=1e-9)


@simulated
def test_a_patient_of_weight_two_counts_as_two(name):
    arms = {k: pd.concat([t, t.iloc[::3]], ignore_index=True) for k, t in ARMS.items()}
    twice = weighted_value(row(name), observed(arms=arms))
    heavy = observed()
    for weight in heavy.weight.values():
        weight[::3] = 2.0
    assert weighted_value(row(name), heavy) == pytest.approx(twice, rel=1e-6)
    assert twice != weighted_value(row(name), observed())


@simulated
def test_a_published_number_that_is_met_has_no_residual(name):
    value = weighted_value(row(name), observed())
    near = sorted((0.8 * value, 1.2 * value))
    met = row(name, estimate=value, low=near[0], high=near[1])
    z, again = endpoint_residual(met, observed())
    assert again == value
    assert z == pytest.approx(0.0, abs=1e-9)
    off = row(name, estimate=0.9 * value, low=near[0], high=near[1])
    z, _ = endpoint_residual(off, observed())
    assert z * np.sign(value) > 0.1


@simulated
def test_nobody_has_no_number(name):
    nobody = {arm: table.iloc[:0] for arm, table in ARMS.items()}
    with pytest.raises(InputError, match="X has no"):
        weighted_value(row(name), observed(arms=nobody))


def test_the_published_denominator_decides_on_responses():
    everybody = weighted_value(row("orr_percent"), observed())
    some = weighted_value(row("orr_percent", denominator="measurable"), observed())
    targets = ARMS["A"]["has_targets"].mean()
    assert some == pytest.approx(everybody / targets)


def test_rules_of_the_trial_decide_on_markers():
    strict = RULES.model_copy(update={"ki67": Ki67Biopsy(day=14)})
    seen = observed()
    lax = weighted_value(row("ki67_response_percent"), seen)
    seen = Observed(
        arms=seen.arms,
        weight=seen.weight,
        strata=seen.strata,
        effective_size=SIZE,
        analysis=strict,
    )
    assert 0 < weighted_value(row("ki67_response_percent"), seen) < lax


@pytest.mark.parametrize(
    "name", [one.name for one in ENDPOINTS.values() if one.statistic is None]
)
def test_what_the_model_cannot_tell_is_refused_with_the_reason(name):
    with pytest.raises(InputError, match=ENDPOINTS[name].missing):
        weighted_value(row(name), observed())
