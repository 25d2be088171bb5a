"""Ovarian estradiol on trial: what no inhibitor lowers, and what suppression does."""

from functools import partial

import numpy as np
import pytest

from oestra.core.streams import Streams
from oestra.course.integrate import Doses
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects
from oestra.engagement.ovary import OVARIAN_FALL, ovarian_left
from oestra.patients.menopause import ovarian_estradiol, premenopausal

DAYS = np.arange(0.0, 393.0, 28.0)
LETROZOLE = "letrozole 2.5 mg daily"
GOSERELIN = "goserelin 3.6 mg every 28 days"
BOTH = f"{LETROZOLE} + {GOSERELIN}"


@pytest.fixture
def course(treated):
    return partial(treated, days=DAYS, ovarian=0.4)


@pytest.mark.parametrize("text", [LETROZOLE, BOTH])
def test_without_ovaries_all_is_as_it_was(course, text):
    none, zero = course(text, ovarian=None), course(text, ovarian=0.0)
    np.testing.assert_array_equal(none.clone_log_cells, zero.clone_log_cells)
    alone = course(LETROZOLE, ovarian=None)
    np.testing.assert_array_equal(zero.clone_log_cells, alone.clone_log_cells)


def test_an_inhibitor_alone_does_not_hold_a_tumor_that_ovaries_feed(course):
    alone, both = course(LETROZOLE), course(BOTH)
    after = course(LETROZOLE, ovarian=None)
    assert np.all(alone.total[:, -1] > both.total[:, -1])
    # What suppression leaves moves a tumor little beside what it takes away.
    excess = alone.total[:, -1] - after.total[:, -1]
    rest = both.total[:, -1] - after.total[:, -1]
    assert np.median(rest / excess) < 0.5


def test_ovaries_return_when_treatment_stops(course):
    stopped, none = course(BOTH, stop=140.0), course(BOTH, (140.0, "none"))
    np.testing.assert_array_equal(none.clone_log_cells, stopped.clone_log_cells)
    late = course(BOTH, (140.0, "none"), ovarian=None)
    assert np.all(none.ki67[:, -1] >= late.ki67[:, -1])
    assert np.any(none.ki67[:, -1] > late.ki67[:, -1])


def test_suppression_that_goes_on_into_a_phase_does_not_begin_again(course):
    through, again = course(BOTH), course(BOTH, (112.0, BOTH))
    np.testing.assert_array_equal(again.clone_log_cells, through.clone_log_cells)


def test_suppression_that_is_added_takes_its_time(course):
    late = course(LETROZOLE, (112.0, BOTH))
    alone, both = course(LETROZOLE), course(BOTH)
    before = DAYS <= 112.0
    np.testing.assert_array_equal(
        late.clone_log_cells[:, :, before], alone.clone_log_cells[:, :, before]
    )
    assert np.all(late.total[:, -1] < alone.total[:, -1])
    assert np.all(late.total[:, -1] > both.total[:, -1])


def test_what_is_left_is_the_mean_of_an_exponential_fall():
    edges = np.arange(0.0, 197.0, 28.0)
    left = ovarian_left(Regimen.parse(GOSERELIN), PkSubjects.typical(), edges)[0]
    # A receptor held in full, by the largest effect of the file, averaged by hand.
    day = np.linspace(0.0, 28.0, 28_001)
    fall = np.exp(-day / OVARIAN_FALL.value)
    assert left[0] == pytest.approx(1 - 0.97 * (1 - fall.mean()), abs=0.03)
    assert 0.03 < left[-1] < 0.08
    assert np.all(np.diff(left) < 1e-3)


def test_ovaries_wake_up_when_the_last_depot_is_used_up():
    edges = np.arange(0.0, 365.0, 28.0)
    text = f"{GOSERELIN} for 3 months"
    left = ovarian_left(Regimen.parse(text), PkSubjects.typical(), edges)[0]
    assert left[2] < 0.1
    assert left[-1] > 0.95


def test_what_leaves_ovaries_alone_is_told():
    edges = np.array([0.0, 28.0])
    assert ovarian_left(Regimen.parse(LETROZOLE), PkSubjects.typical(), edges) is None


def test_age_decides_who_is_before_menopause():
    ids, streams = np.arange(200_000), Streams(3)
    assert premenopausal(ids, np.full(ids.size, 30.0), streams).mean() > 0.999
    assert premenopausal(ids, np.full(ids.size, 75.0), streams).mean() < 0.001
    at_mean = premenopausal(ids, np.full(ids.size, 51.0), streams)
    assert at_mean.mean() == pytest.approx(0.5, abs=0.01)
    # Ages of the population, 62 and 10 years: the normal share of 11 over 10.77.
    ages = 62 + 10 * streams.normal("some ages", ids)[:, 0]
    assert premenopausal(ids, ages, streams).mean() == pytest.approx(0.1535, abs=0.003)
    made = ovarian_estradiol(ids, streams)
    assert np.median(made) == pytest.approx(0.4, rel=0.01)
    assert np.log(made).std() == pytest.approx(0.5, rel=0.01)


def test_a_factor_on_a_parameter_counts_only_while_drugs_are_taken():
    on = np.full((2, 1, 1), 4.0)
    doses = Doses(
        on=on,
        off=on,
        ramps={0: np.full((2, 1), 0.25)},
        stop_day=np.array([0.0, np.inf]),
    )
    np.testing.assert_array_equal(
        doses.during(np.arange(2), 0, 0.0, 28.0)[:, 0, 0], [4.0, 1.0]
    )
