"""What every endpoint of the registry must do, whichever it is."""

import json
from pathlib import Path

import numpy as np
import pytest

from oestra.core.errors import InputError
from oestra.core.streams import Streams
from oestra.evidence.target_row import TargetRow
from oestra.evidence.vocabulary import Endpoint as Word
from oestra.trial.adam import response_table
from oestra.trial.analysis import Analysis, Ki67Biopsy, MetabolicScan, TimeToEvent
from oestra.trial.analyze import analyze_arm, compare_arms
from oestra.trial.assumption import assumptions
from oestra.trial.case_mix import weigh
from oestra.trial.conduct import conduct
from oestra.trial.designs import find_design
from oestra.trial.eligibility import screen
from oestra.trial.endpoint_kinds import KINDS, TIMES
from oestra.trial.endpoints import (
    ENDPOINTS,
    HAZARD_RATIO,
    LANDMARK,
    LOG_KINDS,
    arm_statistics,
    find_endpoint,
    median_of,
)
from oestra.trial.recist import Code
from oestra.trial.run import run_trial
from oestra.trial.statistic import Share
from oestra.trial.trial_setting import Setting

PAGE = Path(__file__).parents[2] / "docs" / "trial-file.md"
WHOLE = Analysis(
    primary=TimeToEvent.PFS,
    secondary=(TimeToEvent.TTP, TimeToEvent.OS),
    landmarks_months=(6, 12),
    ki67=Ki67Biopsy(day=14, evaluable_percent=80),
    metabolic=MetabolicScan(day=28),
)
"""Asks for everything that can be asked for."""
every = pytest.mark.parametrize("endpoint", ENDPOINTS.values(), ids=list(ENDPOINTS))
simulated = pytest.mark.parametrize("name", arm_statistics(WHOLE))


@pytest.fixture(scope="module")
def design():
    return find_design("BOLERO-2").model_copy(update={"analysis": WHOLE})


@pytest.fixture(scope="module")
def result(design, cohort, follow):
    return run_trial(design, cohort=cohort, follow=follow, replicates=2)


@pytest.fixture(scope="module")
def patients(design, cohort, follow):
    """Return the patients of one replicate, as they are analyzed."""
    eligible = screen(design, cohort.decisions).rows
    setting = Setting(
        decisions=cohort.decisions,
        weighted=weigh(design, cohort.decisions, eligible),
        follow=follow,
        assumptions=assumptions(),
    )
    table = conduct(design, setting, Streams(1)).patients
    responded = np.arange(len(table)) % 3 == 0
    return table.assign(
        stratum=0,
        best_response=np.where(responded, int(Code.PR), table["best_response"]),
        response_day=np.where(responded, 0.4 * table["pfs_day"], np.inf),
    )


def test_the_registry_and_the_evidence_have_the_same_words():
    assert set(ENDPOINTS) == {word.value for word in Word}
    labels = [one.label for one in ENDPOINTS.values()]
    assert len(set(labels)) == len(labels)


@every
def test_an_endpoint_is_simulated_or_says_why_not(endpoint):
    assert (endpoint.statistic is None) == bool(endpoint.missing)
    assert endpoint.kind in KINDS
    assert endpoint.name.endswith(
        {"month": "_months", "percent": "_percent", "1": "_ratio"}[endpoint.unit]
    )
    assert endpoint.heading.startswith(endpoint.label)


@every
def test_the_way_to_the_scale_and_back(endpoint):
    lowest, highest = endpoint.scale.lowest, min(endpoint.scale.highest, 90.0)
    numbers = np.linspace(lowest, highest, 23)
    there = [endpoint.scale.to(number) for number in numbers]
    assert np.all(np.diff(there) > 0)
    back = [endpoint.scale.back(number) for number in there]
    assert back == pytest.approx(numbers, rel=1e-9)
    # Beyond the range a number counts as its end, and stays finite.
    assert endpoint.scale.to(lowest - 1.0) == pytest.approx(there[0])
    assert np.isfinite(endpoint.scale.to(1e9))


@every
def test_one_number_of_two_is_better(endpoint):
    assert endpoint.better(1.0, 2.0) == endpoint.lower_is_better
    assert endpoint.better(2.0, 1.0) != endpoint.lower_is_better
    assert not endpoint.better(1.0, 1.0)


@every
def test_the_evidence_may_name_it(endpoint):
    row = TargetRow.model_validate(
        {
            "id": f"X/ITT/{endpoint.name}/A", "trial": "X", "stratum": "ITT",
            "endpoint": endpoint.name, "arm": "A", "estimate": 10.0, "low": 5.0,
            "high": 20.0, "ci": "published", "n": 100, "flag": "V", "use": "check",
            "reason": "a row",
        }
    )  # fmt: skip
    assert (row.kind, row.unit) == (endpoint.kind, endpoint.unit)


def test_kinds_of_which_ratios_are_compared():
    assert LOG_KINDS == ("hazard_ratio", "median")


@pytest.mark.parametrize("time", TimeToEvent)
def test_each_time_to_an_event_has_its_median(time):
    assert median_of(time).name == f"{time}_median_months"
    assert median_of(time).label.endswith(TIMES[time].short)


def test_an_unknown_name_gets_the_nearest():
    with pytest.raises(InputError, match="orr_percent"):
        find_endpoint("orr_percents")


def test_results_are_keyed_by_the_registry_in_its_order(result):
    printed = json.loads(json.dumps(result.to_json_dict(), allow_nan=False))
    names = [*arm_statistics(WHOLE)]
    for arm in printed["arms"].values():
        keys = [key for key in arm if key not in ("label", "n", LANDMARK.name)]
        assert keys == names == [name for name in ENDPOINTS if name in names]
        assert [each["months"] for each in arm[LANDMARK.name]] == [6, 12]
    assert all(HAZARD_RATIO.name in one for one in printed["contrasts"])


@simulated
def test_a_number_is_possible_and_none_has_a_reason(result, name):
    for arm in result.to_json_dict()["arms"].values():
        low, middle, high = (arm[name][key] for key in ("low", "estimate", "high"))
        if middle is None:
            assert arm[name]["reason"]
            continue
        if low is None:
            assert "replicates" in arm[name]["reason"]
            continue
        assert low <= middle + 1e-9
        assert high is None or middle <= high + 1e-9
        lowest = -100.0 if name == "ki67_change_percent" else 0.0
        assert lowest <= low
        assert ENDPOINTS[name].unit == "month" or middle <= 100.0


@simulated
def test_every_endpoint_is_found_where_there_is_something_to_find(
    patients, design, name
):
    found = analyze_arm(patients, design).endpoints[name]
    assert found.number is not None
    assert found.reason == ""


@simulated
def test_an_arm_without_patients_has_no_number_but_a_reason(design, name, patients):
    nobody = patients.iloc[:0]
    found = analyze_arm(nobody, design)
    assert found.n == 0
    assert found.endpoints[name].number is None
    assert found.endpoints[name].reason
    assert all(value.reason for value in found.landmarks.values())
    ratio = compare_arms(nobody, nobody, design, TimeToEvent.PFS).hazard_ratio
    assert ratio.number is None
    assert ratio.reason


def test_flags_of_the_patient_table_count_what_the_endpoint_counts(design, patients):
    flags = [one.flag for one in ENDPOINTS.values() if one.flag]
    assert len(set(flags)) == len(flags)
    table = response_table(patients, design, 0)
    for endpoint in (one for one in ENDPOINTS.values() if one.flag):
        assert isinstance(endpoint.statistic, Share)
        assert len(endpoint.flag) <= 8
        counted = endpoint.statistic.count(patients, WHOLE)
        share = 100.0 * (table[endpoint.flag] == "Y")[counted.among].mean()
        found = endpoint.statistic.estimate(patients, WHOLE).number
        assert share == pytest.approx(found)


@every
def test_the_page_says_what_is_reported(endpoint):
    row = f"| {endpoint.label} | `{endpoint.name}` |"
    assert (row in PAGE.read_text("utf-8")) == (endpoint.statistic is not None)
