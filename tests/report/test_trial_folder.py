"""The folder a trial leaves behind."""

import json

import pandas as pd
import pytest

from oestra.appraisal.comparison import WHOLE, compare
from oestra.report.manifest import Run
from oestra.report.trial_figures import patient_flow, survival_arms, trial_plots
from oestra.report.trial_folder import trial_hashes, write_trial
from oestra.trial.criterion_words import criterion_words


@pytest.fixture(scope="module")
def folder(trial_result, design, tmp_path_factory):
    target = tmp_path_factory.mktemp("results")
    run = Run(command=["oestra"], seed=1, hashes=trial_hashes(trial_result))
    write_trial(target, trial_result, design, run)
    return target


def test_every_file_is_there_and_in_the_manifest(folder, manifest):
    figures = {
        f"{n}.{e}"
        for n in ("km", "waterfall", "adverse_events", "consort")
        for e in ("png", "svg")
    }
    tables = {"patients.parquet", "responses.parquet", "table.csv", "summary.json"}
    tables |= {"adverse_events.parquet", "adverse_events.csv"}
    present = {path.name for path in folder.iterdir()}
    assert present == figures | tables | {"manifest.json", "ro-crate-metadata.json"}
    found = manifest(folder)
    assert set(found["files"]) == figures | tables
    assert found["hashes"]["model"] == "mmmmmmmm"
    assert len(found["hashes"]["evidence"]) == 32


def test_the_patients_read_back(folder, trial_result):
    table = pd.read_parquet(folder / "patients.parquet")
    pd.testing.assert_frame_equal(table, trial_result.patients)


def test_the_summary_is_the_contract(folder, trial_result):
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert summary == json.loads(json.dumps(trial_result.to_json_dict()))


def test_curves_are_those_of_the_first_replicate(trial_result, design):
    treated, control = survival_arms(trial_result, design)
    assert (len(treated.durations), len(control.durations)) == (40, 20)
    assert treated.published == (7.8, 6.9, 8.5)
    assert control.published == (3.2, 2.8, 4.1)
    many = treated.expected
    assert many is not None
    assert (many.low <= many.mean).all()
    assert (many.mean <= many.high).all()
    assert (many.times[0], many.low[0]) == (0, 1)


def test_medians_are_those_of_all_trials_as_the_terminal_prints_them(
    trial_result, design
):
    rows = {
        row.arm: row.simulated.text()
        for row in compare(trial_result, [])
        if (row.stratum, row.endpoint) == (WHOLE, "pfs_median_months")
    }
    arms = survival_arms(trial_result, design)
    assert [arm.median.text() for arm in arms] == [rows["EXE+EVE"], rows["EXE"]]
    assert rows == {"EXE+EVE": "7.0 (6.3 to 7.7)", "EXE": "not reached"}
    (legend,) = trial_plots(trial_result, design)["km"]().legends
    first, second = [text.get_text() for text in legend.get_texts()][:2]
    assert "median 7.0 (6.3 to 7.7) months; published 7.8 (6.9 to 8.5)" in first
    assert "median not reached; published" in second


def test_screening_is_shown_by_weight(trial_result, design):
    flow = patient_flow(trial_result, design)
    assert flow.eligible == 12.5
    assert flow.excluded == {"not HER2 positive": 87.5}


def test_the_flow_counts_each_patient_once(trial_result, design):
    flow = patient_flow(trial_result, design)
    assert (flow.screened, flow.patients, flow.randomized) == (1000, 400, 60)
    for arm in flow.arms:
        assert arm.allocated == sum(arm.discontinued.values()) + arm.ongoing
    assert flow.arms[0].discontinued["adverse event"] == 3
    assert "adverse event" not in flow.arms[1].discontinued


@pytest.mark.parametrize(
    ("criterion", "words"),
    [
        ("not her2_positive", "not HER2 positive"),
        ('setting in ["de_novo", "relapse"]', "setting = de novo, relapse"),
        ("setting not in ['primary']", "setting ≠ primary"),
        (
            'adjuvant_therapy != "nonsteroidal_ai" or prior_lines <= 1',
            "adjuvant therapy ≠ nonsteroidal AI or prior lines ≤ 1",
        ),
        (
            "not (pik3ca == 'E545K' and ki67_percent > 10)",
            "not (PIK3CA = E545K and Ki67 percent > 10)",
        ),
    ],
)
def test_criteria_in_words(criterion, words):
    assert criterion_words(criterion) == words
