"""Known answers: Freireich's leukemia data, lifelines, R survival, limits."""

import json
import math
import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.datasets import load_lung
from lifelines.statistics import logrank_test

from oestra.core.errors import InputError
from oestra.survival import (
    FlemingHarrington,
    clopper_pearson,
    cox,
    hazard_ratio,
    kaplan_meier,
    log_rank,
    product_limit,
    restricted_mean,
    restricted_mean_difference,
    restricted_mean_time,
)

# Freireich 1963, remission of leukemia in weeks, as printed in Cox (1972).
MP6 = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
MP6_EVENT = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
TIME = np.array(MP6 + PLACEBO, dtype=float)
EVENT = np.array(MP6_EVENT + [1] * 21, dtype=bool)
GROUP = np.array([True] * 21 + [False] * 21)
STRATA = np.arange(42) % 3


def test_freireich_known_answers():
    assert product_limit(MP6, MP6_EVENT).median == 23
    assert product_limit(PLACEBO, [1] * 21).median == 8
    assert log_rank(TIME, EVENT, GROUP).statistic == pytest.approx(16.79, abs=0.005)
    found = hazard_ratio(TIME, EVENT, GROUP)
    # R survival, Efron: coef -1.5721, se 0.4124
    assert found.log_hazard_ratio == pytest.approx(-1.5721, abs=5e-5)
    assert found.standard_error == pytest.approx(0.4124, abs=5e-5)


def test_lung_cancer_as_printed_by_r():
    """Loprinzi 1994, the lung data of R's survival package: men against women."""
    lung = load_lung()
    time, event = lung["time"].to_numpy(), lung["status"].to_numpy(dtype=bool)
    women = (lung["sex"] == 2).to_numpy()
    # coxph(Surv(time, status) ~ sex): coef -0.5310, se 0.1672; survdiff: 10.3.
    found = hazard_ratio(time, event, women)
    assert found.log_hazard_ratio == pytest.approx(-0.5310, abs=5e-5)
    assert found.standard_error == pytest.approx(0.1672, abs=5e-5)
    assert found.hazard_ratio == pytest.approx(0.588, abs=5e-4)
    assert log_rank(time, event, women).statistic == pytest.approx(10.3, abs=0.05)
    # survfit(Surv(time, status) ~ sex): medians 270 and 426 days.
    assert product_limit(time[~women], event[~women]).median == 270
    assert product_limit(time[women], event[women]).median == 426


def test_numpy_cox_agrees_with_lifelines_in_strata():
    for strata in (None, STRATA):
        ours, theirs = (f(TIME, EVENT, GROUP, strata) for f in (hazard_ratio, cox))
        assert ours.log_hazard_ratio == pytest.approx(theirs.log_hazard_ratio, abs=1e-6)
        assert ours.standard_error == pytest.approx(theirs.standard_error, abs=1e-6)


def test_weights_of_fleming_and_harrington_by_hand():
    """Events at 1, 2 and 4 with 1, 3/4 and 1/2 free before; see the arithmetic."""
    data = [1, 2, 3, 4], [1, 1, 0, 1], [1, 0, 1, 0]
    early = log_rank(*data, events=FlemingHarrington(rho=1))
    # U = 1 (1 - 2/4) - 3/4 (1/3), V = 1 (1/4) + 9/16 (2/9).
    assert early.statistic == pytest.approx(0.25**2 / 0.375)
    assert early.observed - early.expected == pytest.approx(0.25)
    late = log_rank(*data, events=FlemingHarrington(gamma=1))
    # U = -1/4 (1/3), V = 1/16 (2/9); the first event counts for nothing.
    assert late.statistic == pytest.approx(0.5)
    assert log_rank(*data, events=FlemingHarrington()) == log_rank(*data)


def test_early_and_late_events_as_printed_by_r():
    """R's survdiff(rho = 1) and (rho = 0.5): leukemia and ovarian cancer."""
    found = {
        rho: log_rank(TIME, EVENT, GROUP, events=FlemingHarrington(rho)).statistic
        for rho in (0.0, 0.5, 1.0)
    }
    assert found[0.0] == pytest.approx(16.79, abs=0.005)
    assert found[1.0] == pytest.approx(14.46, abs=0.005)
    theirs = logrank_test(
        TIME[GROUP], TIME[~GROUP], EVENT[GROUP], EVENT[~GROUP],
        weightings="fleming-harrington", p=0, q=1,
    )  # fmt: skip
    ours = log_rank(TIME, EVENT, GROUP, events=FlemingHarrington(gamma=1))
    assert ours.statistic == pytest.approx(theirs.test_statistic, rel=1e-9)


def test_whole_weights_count_patients_and_others_weigh_them():
    rng = np.random.default_rng(5)
    count = rng.integers(1, 4, TIME.size)
    by = FlemingHarrington(0.5, 0.5)
    many = log_rank(
        np.repeat(TIME, count), np.repeat(EVENT, count), np.repeat(GROUP, count),
        np.repeat(STRATA, count), events=by,
    )  # fmt: skip
    one = log_rank(TIME, EVENT, GROUP, STRATA, weights=count, events=by)
    assert one.statistic == pytest.approx(many.statistic, rel=1e-12)
    # Sandwich variances do not depend on the unit of the weights.
    share = count / count.sum()
    scaled = log_rank(TIME, EVENT, GROUP, STRATA, weights=share)
    again = log_rank(TIME, EVENT, GROUP, STRATA, weights=count + 0.0 * share)
    robust = log_rank(TIME, EVENT, GROUP, STRATA, weights=7.5 * share)
    assert scaled.statistic == pytest.approx(robust.statistic, rel=1e-12)
    assert again.statistic != pytest.approx(robust.statistic, rel=1e-3)


@pytest.mark.parametrize("power", [-0.1, math.inf, math.nan])
def test_powers_that_are_none_are_refused(power):
    with pytest.raises(InputError, match="gamma must be 0 or more"):
        FlemingHarrington(gamma=power)


def test_log_rank_agrees_with_lifelines():
    theirs = logrank_test(TIME[GROUP], TIME[~GROUP], EVENT[GROUP], EVENT[~GROUP])
    ours = log_rank(TIME, EVENT, GROUP)
    assert ours.statistic == pytest.approx(theirs.test_statistic, rel=1e-10)
    assert ours.p == pytest.approx(theirs.p_value, rel=1e-8)


def test_kaplan_meier_curve_and_limits():
    curve = kaplan_meier(MP6, MP6_EVENT, times=[0, 6, 23])
    # Kalbfleisch and Prentice: 0.857 at week 6, 0.448 at week 23.
    np.testing.assert_allclose(curve.survival, [1, 0.8571, 0.4482], atol=5e-5)
    assert list(curve.at_risk) == [21, 21, 6]
    assert curve.median_low == 13
    assert curve.median_high is None
    assert (curve.lower <= curve.survival).all()
    assert (curve.survival <= curve.upper).all()


R_SCRIPT = """
library(survival); d <- read.csv(file("stdin"))
k <- survfit(Surv(time, event) ~ 1, d[d$group == 1, ], conf.type = "log-log")
c1 <- coxph(Surv(time, event) ~ group, d)
c2 <- coxph(Surv(time, event) ~ group + strata(stratum), d)
l1 <- survdiff(Surv(time, event) ~ group, d)$chisq
l2 <- survdiff(Surv(time, event) ~ group + strata(stratum), d)$chisq
q <- quantile(k, 0.5)
cat(sprintf("[%.10f,%.10f,%.10f,%.10f,%.10f,%.10f,%f,%f]", coef(c1),
  sqrt(vcov(c1)), coef(c2), sqrt(vcov(c2)), l1, l2, q$quantile, q$lower))
"""


RSCRIPT = shutil.which("Rscript")


@pytest.mark.skipif(RSCRIPT is None, reason="R is missing")
def test_agrees_with_r_survival():
    rows = ["time,event,group,stratum"] + [
        f"{t},{int(e)},{int(g)},{s}"
        for t, e, g, s in zip(TIME, EVENT, GROUP, STRATA, strict=True)
    ]
    done = subprocess.run(  # noqa: S603 - fixed program and script
        [str(RSCRIPT), "-e", R_SCRIPT],
        input="\n".join(rows),
        capture_output=True,
        text=True,
        check=True,
    )
    want = json.loads(done.stdout)
    plain = hazard_ratio(TIME, EVENT, GROUP)
    split = hazard_ratio(TIME, EVENT, GROUP, STRATA)
    median = kaplan_meier(MP6, MP6_EVENT)
    got = [
        plain.log_hazard_ratio,
        plain.standard_error,
        split.log_hazard_ratio,
        split.standard_error,
        log_rank(TIME, EVENT, GROUP).statistic,
        log_rank(TIME, EVENT, GROUP, STRATA).statistic,
        median.median,
        median.median_low,
    ]
    assert got == pytest.approx(want, abs=1e-7)


@pytest.mark.parametrize(
    ("event", "group", "reason"),
    [
        ([0, 0, 0, 0], [1, 1, 0, 0], "no events"),
        ([1, 1, 1, 1], [0, 0, 0, 0], "one group has no patients"),
        ([1, 1, 1, 1], [1, 1, 1, 1], "one group has no patients"),
    ],
)
def test_not_estimable_says_why(event, group, reason):
    for compare in (log_rank, cox, hazard_ratio):
        found = compare([1, 2, 3, 4], event, group)
        assert found.p is None
        assert found.reason == reason


def test_events_in_one_group_only_give_no_ratio_but_a_test():
    found = hazard_ratio([1, 2, 3, 4], [1, 1, 0, 0], [True, True, False, False])
    assert found.hazard_ratio is None
    assert found.reason == "one group has no events"
    assert log_rank([1, 2, 3, 4], [1, 1, 0, 0], [1, 1, 0, 0]).p is not None


@pytest.mark.parametrize(
    ("event", "group", "toward"),
    [
        ([1, 1, 0, 0], [1, 1, 0, 0], "infinity"),
        ([1, 1, 0, 0], [0, 0, 1, 1], "zero"),
        ([1, 1, 1, 1], [1, 1, 0, 0], "infinity"),
        ([0, 0, 1, 1], [1, 1, 0, 0], "any"),
    ],
)
def test_a_monotone_likelihood_says_where_it_leads(event, group, toward):
    for ties in ("efron", "breslow"):
        found = hazard_ratio([1, 2, 3, 4], event, group, ties=ties)
        assert found.hazard_ratio is None
        assert found.toward == toward
    assert cox([1, 2, 3, 4], event, group).toward == toward


def test_separated_groups_have_no_finite_ratio():
    found = cox([1, 2, 3, 4], [1, 1, 1, 1], [True, True, False, False])
    assert found.hazard_ratio is None
    assert "no maximum" in found.reason


def test_curves_without_events_or_patients():
    assert kaplan_meier([1, 2], [0, 0]).reason == "no events"
    assert kaplan_meier([], []).reason == "no patients"
    assert product_limit([], []).median is None
    assert kaplan_meier([1, 2, 3], [1, 0, 0]).reason == "median not reached"


def test_restricted_mean_by_hand():
    assert restricted_mean([1, 2], [1, 1], 2) == pytest.approx(1.5)
    assert restricted_mean([1, 2], [1, 0], 5) is None


def test_clopper_pearson_as_published():
    # 61/485: the published interval of the response rate is 9.8 to 15.9 %.
    found = clopper_pearson(61, 485)
    assert (round(100 * found.low, 1), round(100 * found.high, 1)) == (9.8, 15.9)
    assert clopper_pearson(0, 10).low == 0
    assert clopper_pearson(10, 10).high == 1
    assert clopper_pearson(0, 0).reason == "no patients"
    with pytest.raises(InputError, match="between 0 and n"):
        clopper_pearson(3, 2)


def test_bad_durations_are_refused():
    with pytest.raises(InputError, match="not negative"):
        product_limit([1, -2], [1, 1])
    with pytest.raises(InputError, match="finite"):
        log_rank([1, math.nan], [1, 1], [1, 0])
    with pytest.raises(InputError, match="equally long"):
        product_limit([1, 2], [1])


NOT_MARKS = [
    ([1, 2, 1, 2], "got 2 at position 1; a status of 1 and 2"),
    ([1.0, 0.0, math.nan, 1.0], "got nan at position 2"),
    ([1, 0, None, 1], "got None at position 2"),
    (["yes", "no", "yes", "no"], "got yes at position 0"),
    ([12.5, 3.0, 1.0, 0.0], "got 12.5 at position 0"),
    ([-1, 0, 1, 1], "got -1 at position 0"),
    ([True, False, "1", True], "got True at position 0|got 1 at position 2"),
    (np.array([1, 0, np.datetime64("NaT"), 1], dtype=object), "got NaT at position 2"),
]


@pytest.mark.parametrize(("marks", "told"), NOT_MARKS)
@pytest.mark.parametrize("asked", [product_limit, kaplan_meier])
def test_what_is_no_event_mark_is_refused(asked, marks, told):
    with pytest.raises(InputError, match=told) as caught:
        asked([1, 2, 3, 4], marks)
    assert "Event marks must be true or false" in str(caught.value)


@pytest.mark.parametrize(("marks", "told"), NOT_MARKS)
@pytest.mark.parametrize("asked", [log_rank, hazard_ratio, cox])
def test_what_is_no_arm_is_refused(asked, marks, told):
    with pytest.raises(InputError, match="Group marks must be true or false"):
        asked([1, 2, 3, 4], [1, 0, 1, 1], marks)


@pytest.mark.parametrize(
    "marks", [[1, 0, 1, 1], [1.0, 0.0, 1.0, 1.0], np.array([True, False, True, True]),
              np.array([1, 0, True, 1.0], dtype=object)]
)  # fmt: skip
def test_marks_of_any_kind_are_the_same(marks):
    want = product_limit([1, 2, 3, 4], [True, False, True, True])
    assert (
        product_limit([1, 2, 3, 4], marks).survival.tolist() == want.survival.tolist()
    )


def test_other_bad_input_is_refused():
    data = [1, 2, 3, 4], [1, 0, 1, 1], [1, 1, 0, 0]
    with pytest.raises(InputError, match="Stratum is missing at position 1"):
        log_rank(*data, ["a", None, "b", "b"])
    with pytest.raises(InputError, match="Stratum is missing at position 3"):
        hazard_ratio(*data, [1, 1, 2, math.nan])
    with pytest.raises(InputError, match="positive, got 0 at position 2"):
        hazard_ratio(*data, weights=[1, 1, 0, 1])
    with pytest.raises(InputError, match="as long as the durations"):
        kaplan_meier(*data[:2], weights=[1, 1])
    with pytest.raises(InputError, match="nearest is 'breslow'"):
        hazard_ratio(*data, ties="breslov")
    with pytest.raises(InputError, match="nearest is 'log-log'"):
        kaplan_meier(*data[:2], limits="loglog")
    with pytest.raises(InputError, match="level must lie"):
        kaplan_meier(*data[:2], level=95)
    with pytest.raises(InputError, match="must be numbers"):
        product_limit(["a", "b"], [1, 0])
    with pytest.raises(InputError, match="horizon must be"):
        restricted_mean_time(*data[:2], math.inf)


def test_the_median_is_the_middle_of_a_stretch_at_one_half():
    assert product_limit(np.arange(1.0, 9.0), np.ones(8)).median == 4.5
    # An end of follow-up ends the stretch, as in R's quantile.
    assert product_limit([1, 2, 3, 4], [1, 1, 0, 0]).median == 3
    # Six times a sixth is not exactly one half in floating point.
    assert product_limit(np.arange(1.0, 7.0), np.ones(6)).median == 3.5


@given(st.lists(st.integers(1, 50), min_size=1, max_size=40))
def test_without_censoring_the_median_is_that_of_the_list(times):
    found = product_limit(times, np.ones(len(times))).median
    assert found == pytest.approx(float(np.median(times)))


def test_no_limits_where_the_curve_is_zero():
    found = kaplan_meier([3], [1])
    assert (found.median, found.median_low, found.median_high) == (3, None, None)
    assert np.isnan([found.lower[-1], found.upper[-1]]).all()


def test_times_that_differ_by_rounding_are_ties():
    curve = product_limit([0.3, 3 * 0.1, 0.1 + 0.2, 0.5], [1, 1, 1, 1])
    assert curve.events.tolist() == [3, 1]
    # A censored time that ties with an event is still at risk then.
    first, second = ([0.3, 3 * 0.1, 1.0], [3 * 0.1, 0.3, 1.0])
    group = [1, 0, 0]
    assert log_rank(first, [1, 0, 1], group) == log_rank(second, [1, 0, 1], group)


def test_whole_weights_are_copies_of_patients():
    rng = np.random.default_rng(5)  # any patients will do
    time, event = rng.integers(1, 9, 30), rng.random(30) < 0.7
    group, often = rng.random(30) < 0.5, rng.integers(1, 4, 30)
    copies = [np.repeat(a, often) for a in (time, event, group)]
    weighted, copied = (
        kaplan_meier(time, event, weights=often),
        kaplan_meier(*copies[:2]),
    )
    for name in ("survival", "lower", "upper", "at_risk"):
        np.testing.assert_allclose(getattr(weighted, name), getattr(copied, name))
    # Breslow's ties are those of copies; Efron's share them out another way.
    got = hazard_ratio(time, event, group, weights=often, ties="breslow")
    want = hazard_ratio(*copies, ties="breslow")
    assert got.log_hazard_ratio == pytest.approx(want.log_hazard_ratio, abs=1e-9)
    assert got.standard_error == pytest.approx(want.standard_error, abs=1e-9)


def test_difference_of_restricted_means():
    found = restricted_mean_difference([1, 2, 2, 2], [1, 1, 0, 0], [0, 0, 1, 1], 2)
    assert found.estimate == pytest.approx(0.5)
    assert found.standard_error == pytest.approx(math.sqrt(0.5 / 4))
    assert found.p == pytest.approx(0.1573, abs=5e-5)
    assert found.low < 0 < found.high
    late = restricted_mean_difference([1, 2, 1, 2], [1, 1, 0, 0], [0, 0, 1, 1], 5)
    assert (late.estimate, late.reason) == (None, "follow-up ends before the horizon")
    none = restricted_mean_difference([3, 4, 5], [1, 1, 1], [0, 0, 0], 2)
    assert none.reason == "one group has no patients"
    still = restricted_mean_difference([3, 4, 5], [1, 1, 1], [1, 0, 0], 2)
    assert (still.estimate, still.p) == (0.0, None)


def test_a_horizon_that_differs_from_the_last_time_by_rounding_is_reached():
    """As R's aeqSurv has it: 3 times 0.1 is 0.3."""
    assert 3 * 0.1 > 0.3
    found = restricted_mean_time([0.1, 0.2, 0.3], [1, 0, 0], 3 * 0.1)
    assert found.estimate == pytest.approx(0.1 + 0.2 * 2 / 3)
    assert restricted_mean_time([0.1, 0.2, 0.3], [1, 0, 0], 0.301).estimate is None


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(st.integers(1, 12), st.booleans(), st.booleans()),
        min_size=2,
        max_size=40,
    )
)
def test_swapping_groups_inverts_the_ratio(rows):
    time, event, group = (np.array(column) for column in zip(*rows, strict=True))
    there, back = hazard_ratio(time, event, group), hazard_ratio(time, event, ~group)
    assert (there.hazard_ratio is None) == (back.hazard_ratio is None)
    if there.log_hazard_ratio is not None:
        assert there.log_hazard_ratio == pytest.approx(-back.log_hazard_ratio, abs=1e-8)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (lambda: kaplan_meier(["1", "2"], [1, 1]), "Durations must be numbers"),
        (
            lambda: kaplan_meier(np.array(["2020-01-01"], dtype="M8[D]"), [1]),
            "Durations must be numbers",
        ),
        (lambda: kaplan_meier([1, 10**400], [1, 1]), "Durations must be numbers"),
        (lambda: kaplan_meier([1, 2], [1, 1], weights=["a", 1]), "Weights must be num"),
        (lambda: kaplan_meier([1, 2], [1, 1], times=[0, np.nan]), "nan at position 1"),
        (lambda: kaplan_meier([1, 2], [1, 1], level="0.9"), "A level must be a number"),
        (lambda: restricted_mean([1, 2], [1, 1], "3"), "A horizon must be a number"),
        (
            lambda: restricted_mean([1, 2], [1, 1], 10**400),
            "A horizon must be a number",
        ),
        (
            lambda: restricted_mean([1, 2], [1, 1], horizon=True),
            "A horizon must be a number",
        ),
        (lambda: FlemingHarrington(rho="1"), "rho must be a number"),
        (lambda: FlemingHarrington(gamma=10**400), "gamma must be a number"),
        (lambda: clopper_pearson(2, 10, level=95), "between 0 and 1, got 95"),
        (lambda: clopper_pearson(2.5, 10), "A count must be a whole number, got 2.5"),
        (lambda: clopper_pearson(2, 10.5), "n must be a whole number"),
        (lambda: clopper_pearson(np.True_, 10), "A count must be a number"),
    ],
)
def test_what_is_no_number_is_refused(asked, told):
    with pytest.raises(InputError, match=told):
        asked()


def test_what_pandas_and_numpy_call_missing_is_missing():
    time, event, group = [3.0, 4.0, 5.0, 6.0], [1, 1, 1, 1], [1, 0, 1, 0]
    with pytest.raises(InputError, match="Stratum is missing at position 1"):
        hazard_ratio(time, event, group, pd.Series([1, pd.NA, 1, 1]))
    masked = np.ma.array(time, mask=[0, 0, 1, 0])
    with pytest.raises(InputError, match="got nan at position 2"):
        kaplan_meier(masked, event)
    with pytest.raises(InputError, match="got nan at position 0"):
        kaplan_meier(time, np.ma.array(event, mask=[1, 0, 0, 0]))
