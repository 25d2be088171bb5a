"""Patients of a profile through orders of therapies."""

from dataclasses import replace

import numpy as np
import pytest

from oestra.appraisal.candidate import Candidate, severe_percent
from oestra.appraisal.profile import read_profile
from oestra.appraisal.profile_trial import profile_trial
from oestra.appraisal.sequence import compare_orders
from oestra.appraisal.sequence_course import Lived, begin, live_orders
from oestra.appraisal.sequence_error import ModelError, between, difference
from oestra.appraisal.sequence_line import ENDS, LineCourse, burden_death
from oestra.appraisal.sequence_measures import order_seen, weighted_median
from oestra.appraisal.therapy_order import read_orders
from oestra.core.errors import InputError
from oestra.core.library import SHIPPED
from oestra.core.units import DAYS_PER_MONTH
from oestra.history.store import load_cohort
from oestra.model.parameters import best_parameters
from oestra.trial.observe import observe_arms

EVEROLIMUS = "exemestane 25 mg daily + everolimus 10 mg daily"
ORDERS = (
    "exemestane + everolimus > fulvestrant > chemotherapy",
    "exemestane + everolimus > chemotherapy",
    "fulvestrant > exemestane + everolimus",
)
MOST = 40
ROWS = 800


@pytest.fixture(scope="module")
def cohort():
    """Return the first patients of the pool that ships."""
    whole = load_cohort(best_parameters())
    return replace(
        whole,
        decisions=whole.decisions.iloc[:ROWS],
        y=whole.y[:ROWS],
        log_cells=whole.log_cells[:ROWS],
    )


@pytest.fixture(scope="module")
def design():
    who = read_profile("prior AI")
    return profile_trial(who, [Candidate(id="any", regimen=EVEROLIMUS)])


@pytest.fixture(scope="module")
def orders():
    return read_orders(ORDERS)


@pytest.fixture(scope="module")
def begun(design, cohort):
    return begin(design, cohort, seed=1, most=MOST)


@pytest.fixture(scope="module")
def lived(design, orders, begun):
    return live(design, orders, begun)


def live(design, orders, begun):
    return live_orders(design, [one.regimens for one in orders], begun, seed=1)


def compared(orders, cohorts, **known):
    return compare_orders(read_profile("prior AI"), orders, cohorts, most=MOST, **known)


@pytest.fixture(scope="module")
def found(orders, cohort):
    return compared(orders, [cohort], error=ModelError(time_sd=0.2, contrast_sd=0.15))


def of(ends):
    return ENDS.index(ends)


def test_one_regimen_ends_when_an_arm_of_a_trial_sees_progression(
    design, cohort, begun, lived
):
    trial = observe_arms(design, cohort, {"ITT"}, seed=1, most=MOST)
    table, line = trial.arms["R0"], lived[0].lines[0]
    np.testing.assert_array_equal(table["patient"], begun.here.number)
    np.testing.assert_allclose(trial.weight["R0"], begun.weight)
    seen = table["pfs_event"].to_numpy() & (table["pfs_reason"] != "death").to_numpy()
    both = seen & (line.why == of("progression"))
    # Harm ends a line at once, and a trial when another therapy begins.
    assert both.sum() > 0.85 * seen.sum()
    assert (line.why[seen & ~both] == of("harm")).all()
    np.testing.assert_array_equal(table["pfs_day"][both], line.end[both])
    stopped = line.why == of("harm")
    assert table["stopped_for_harm"].to_numpy(dtype=bool)[stopped].all()


def test_orders_that_begin_alike_are_alike_until_they_part(
    design, orders, begun, lived
):
    (alone,) = live(design, orders[1:2], begun)
    for other in (lived[1], alone):
        first, same = lived[0].lines[0], other.lines[0]
        for name in ("place", "start", "end", "why", "leading"):
            assert getattr(first, name).tobytes() == getattr(same, name).tobytes()
    assert alone.death.tobytes() == lived[1].death.tobytes()


def test_lines_follow_each_other_and_nobody_is_treated_after_death(
    design, cohort, lived
):
    lead = cohort.parameters["baseline_lead_days"]
    for one in lived:
        before = None
        for line in one.lines:
            death = np.minimum(one.death[line.place], design.cut_days)
            # Some die while they wait for the line.
            assert (line.start <= line.end).all()
            assert (line.end <= death + 1e-6).all()
            if before is not None:
                ended = dict(zip(before.place, before.end, strict=True))
                gap = line.start - [ended[place] for place in line.place]
                assert (gap >= lead - 1e-6).all()
                assert set(before.why[np.isin(before.place, line.place)]) <= {
                    of("progression"),
                    of("harm"),
                }
            before = line


def test_another_line_does_not_come_with_less_time_alive(cohort):
    orders = read_orders(["fulvestrant", "fulvestrant > chemotherapy"])
    one, more = compared(orders, [cohort]).orders
    assert more.alive_months > one.alive_months
    assert more.benefit == one.benefit
    assert more.until_chemotherapy.middle < one.until_chemotherapy.middle + 1e-9
    assert one.chemotherapy_percent == 0.0
    assert one.until_chemotherapy == one.survival


def test_months_add_up_to_the_time_alive(found):
    for one in found.orders:
        parts = [line.months for line in one.lines]
        whole = sum(parts) + one.between_months + one.after_months
        assert whole == pytest.approx(one.alive_months)
        for line in one.lines:
            assert sum(line.ends_percent.values()) == pytest.approx(100.0)
            assert sum(line.leads_percent.values()) == pytest.approx(100.0)
    first, _, last = found.orders
    assert first.benefit.middle == pytest.approx(
        first.lines[0].months + first.lines[1].months
    )
    assert last.until_chemotherapy == last.survival
    assert first.severe_events == pytest.approx(
        sum(
            line.began_percent * severe_percent(line.line.regimen) / 1e4
            for line in first.lines
        )
    )


def test_what_orders_share_adds_nothing_to_their_difference(found):
    first, second = found.orders[:2]
    gap = found.differences[0]["benefit"]
    assert gap.middle == pytest.approx(-first.lines[1].months)
    assert gap.high - gap.middle == pytest.approx(
        1.644854 * 0.15 / np.sqrt(2.0) * first.lines[1].months
    )
    assert gap.better_percent < 1.0
    assert second.lines[0].months == first.lines[0].months


def test_no_result_depends_on_workers(orders, cohort):
    given = {"orders": orders[2:], "cohorts": [cohort, cohort], "months": 8.0}
    one, two = (compared(**given, workers=count) for count in (1, 2))
    assert one == two
    assert one.parameter_sets == 2
    again = compared(**given, seed=2)
    assert again.orders[0].benefit != one.orders[0].benefit


def test_a_horizon_ends_everything(orders, cohort):
    (one,) = compared(orders[2:], [cohort], months=12.0).orders
    assert one.survival.high <= 12.0
    assert one.alive_percent > 50.0
    assert one.lines[0].ends_percent["on treatment"] > 10.0
    assert one.median_survival_months is None


def test_a_profile_nobody_has_is_refused(orders, cohort):
    with pytest.raises(InputError, match="Nobody in the population"):
        compare_orders(read_profile("age_years >= 120"), orders, [cohort], most=MOST)


def test_a_set_with_hardly_anybody_is_left_out(orders, cohort):
    few = replace(cohort, decisions=cohort.decisions.iloc[:6])
    short = {"orders": orders[2:], "months": 8.0}
    both = compared(cohorts=[few, cohort], **short)
    assert (both.parameter_sets, both.left_out) == (1, 1)
    assert both.orders == compared(cohorts=[cohort], **short).orders
    with pytest.raises(InputError, match="Hardly any simulated patient"):
        compared(cohorts=[few], **short)


def test_a_burden_kills_where_it_crosses():
    days = np.array([0.0, 10.0, 20.0])
    total = np.array([[1.0, 2.0, 4.0], [1.0, 1.0, 1.0], [5.0, 4.0, 1.0]])
    np.testing.assert_allclose(burden_death(days, total, 3.0), [15.0, np.inf, 0.0])


def test_half_of_the_weight_makes_the_median():
    time = np.array([3.0, 1.0, np.inf, 2.0])
    assert weighted_median(time, np.ones(4)) == 2.0
    assert weighted_median(time, np.array([1.0, 1.0, 5.0, 1.0])) == np.inf
    assert weighted_median(np.zeros(0), np.zeros(0)) == np.inf


def test_an_interval_is_that_of_the_sets_and_of_the_model():
    known = between([10.0, 10.0], ModelError(time_sd=0.2), 60.0)
    assert known.low == pytest.approx(10.0 * np.exp(-1.644854 * 0.2))
    assert known.middle == pytest.approx(10.0)
    assert between([50.0], ModelError(time_sd=0.2), 60.0).high == 60.0
    assert between([0.0, 0.0], ModelError(time_sd=0.2), 60.0).high == 0.0


def test_a_difference_is_as_sure_as_its_stretches_are_long():
    mine, first = np.array([12.0, 14.0]), np.array([10.0, 10.0])
    error = ModelError(contrast_sd=np.sqrt(2.0) * 0.1)
    found = difference(mine, first, [30.0, 40.0], error)
    spread = np.hypot(1.0, 0.1 * 50.0)
    assert found.middle == 3.0
    assert found.high - 3.0 == pytest.approx(1.644854 * spread)
    assert 50.0 < found.better_percent < 80.0
    sure = difference(mine[:1], first[:1], [], ModelError())
    assert sure.better_percent == 100.0
    assert difference(first, first, [], ModelError()).better_percent == 50.0


def test_an_order_is_summed_up_as_by_hand():
    """Four patients, months of 10: two lines, of which the second is chemotherapy."""
    month = DAYS_PER_MONTH
    first = LineCourse(
        place=np.arange(4),
        start=np.zeros(4),
        end=month * np.array([2.0, 4.0, 5.0, 10.0]),
        why=np.array([of("progression"), of("harm"), of("death"), of("on treatment")]),
        leading=np.array([4, 0, 0, 0]),
        death=np.array([np.inf, np.inf, 5.0 * month, np.inf]),
    )
    second = LineCourse(
        place=np.array([0, 1]),
        start=month * np.array([3.0, 5.0]),
        end=month * np.array([6.0, 10.0]),
        why=np.array([of("progression"), of("on treatment")]),
        leading=np.array([4, 4]),
        death=np.array([np.inf, np.inf]),
    )
    death = np.array([8.0 * month, np.inf, 5.0 * month, np.inf])
    (order,) = read_orders(["exemestane + everolimus > chemotherapy"])
    seen = order_seen(
        order,
        Lived(lines=(first, second), death=death),
        np.full(4, 0.25),
        10.0 * month,
        SHIPPED,
    )
    assert seen.survival_months == pytest.approx((8 + 10 + 5 + 10) / 4)
    assert seen.until_chemotherapy_months == pytest.approx((3 + 5 + 5 + 10) / 4)
    assert seen.chemotherapy_percent == pytest.approx(50.0)
    assert seen.benefit_months == pytest.approx((2 + 4 + 5 + 10) / 4)
    assert seen.after_months == pytest.approx(2 / 4)
    assert seen.alive_percent == pytest.approx(50.0)
    assert seen.median_survival_months == pytest.approx(8.0)
    one, two = seen.lines
    assert one.median_months == pytest.approx(4.0)
    assert one.ends == dict.fromkeys(ENDS, 25.0)
    assert one.leads["no receptor needed"] == 100.0
    assert two.months == pytest.approx((3 + 5) / 4)
    assert two.median_months == pytest.approx(3.0)
    assert two.end_months == pytest.approx(6.0)
