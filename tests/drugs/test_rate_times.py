"""Times over which shares of patients with harm were counted."""

from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.core.errors import InputError
from oestra.drugs.fingerprint import acting_parts
from oestra.drugs.load import drugs, find, read_drug
from oestra.drugs.onset import calendar_months, initial_hazard, onset_months
from oestra.drugs.rate_times import harms, rate_times


@given(st.floats(0.001, 0.99), st.floats(0.5, 40), st.floats(0.5, 20))
def test_a_share_of_patients_comes_out_of_its_hazard(share, months, constant):
    hazard = initial_hazard(share, months, constant)
    # A hundred thousand equal parts of the times on the drug.
    part = (np.arange(100_000) + 0.5) / 100_000
    times = -np.log(part) * months / np.log(2)
    found = 1 - np.exp(-hazard * onset_months(times, constant)).mean()
    assert found == pytest.approx(share, rel=2e-3)


@given(st.floats(0, 100), st.floats(0.5, 20))
def test_onset_time_and_calendar_time_are_inverse(months, constant):
    onset = onset_months(months, constant)
    assert onset <= min(months, constant) + 1e-12
    if onset < 0.999 * constant:
        assert calendar_months(onset, constant) == pytest.approx(months, abs=1e-9)


def test_a_hazard_that_never_adds_up_harms_nobody():
    assert calendar_months([3.0, 4.0], 3.0).tolist() == [np.inf, np.inf]


def test_nobody_harmed_has_no_hazard():
    assert initial_hazard(0.0, 6, 3) == 0


def test_rates_of_one_drug_have_the_times_of_their_trials():
    tamoxifen = find("tamoxifen")
    by_event = {one.event: rate_times(tamoxifen, one, 6) for one in harms(tamoxifen)}
    assert by_event["fatigue"] == (4.5, 4.5)
    assert by_event["hot flushes"] == (6, 6)


def test_every_time_belongs_to_a_rate():
    for drug in drugs().values():
        for key in (drug.times_on_drug, drug.control_times):
            assert all(months.value > 0 for months in key.values())


def changed(tmp_path, old, new):
    file = tmp_path / "everolimus.yaml"
    text = (files("oestra.drugs") / "library" / file.name).read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "times_on_drug:\n  yardley2013: ",
            "times_on_drug:\n  yardley2014: ",
            "nearest is 'yardley2013'",
        ),
        (
            "times_on_drug:\n  yardley2013: {value: 7.8, unit: month",
            "times_on_drug:\n  yardley2013: {value: 7.8, unit: day",
            "must be in month, got 'day'",
        ),
        (
            "times_on_drug:\n  yardley2013: {value: 7.8, unit: month, interval: [6.5",
            "times_on_drug:\n  yardley2013: {value: 0, unit: month, interval: [0",
            "must be above 0 months, got 0",
        ),
    ],
)
def test_a_time_that_cannot_be_is_refused(tmp_path, old, new, told):
    with pytest.raises(InputError, match=told):
        read_drug(changed(tmp_path, old, new))


def test_times_count_where_harm_does(tmp_path):
    file = changed(
        tmp_path,
        "times_on_drug:\n  yardley2013: {value: 7.8",
        "times_on_drug:\n  yardley2013: {value: 8.8",
    )
    own, shipped = read_drug(file), find("everolimus")
    assert acting_parts([own], harm=True) != acting_parts([shipped], harm=True)
    assert acting_parts([own], harm=False) == acting_parts([shipped], harm=False)
