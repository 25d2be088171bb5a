"""The folder a trial leaves behind."""

import json

import pandas as pd
import pytest

from oestra.report.manifest import Run
from oestra.report.trial_figures import patient_flow, survival_arms
from oestra.report.trial_folder import trial_hashes, write_trial


@pytest.fixture(scope="module")
def folder(trial_result, design, tmp_path_factory):
    target = tmp_path_factory.mktemp("results")
    run = Run(command=["oestra"], seed=1, hashes=trial_hashes(trial_result))
    write_trial(target, trial_result, design, run)
    return target


def test_every_file_is_there_and_in_the_manifest(folder):
    figures = {
        f"{n}.{e}" for n in ("km", "waterfall", "consort") for e in ("png", "svg")
    }
    tables = {"patients.parquet", "responses.parquet", "table.csv", "summary.json"}
    present = {path.name for path in folder.iterdir()}
    assert present == figures | tables | {"manifest.json"}
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["files"]) == figures | tables
    assert manifest["hashes"]["model"] == "mmmmmmmm"
    assert len(manifest["hashes"]["evidence"]) == 32


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
    times, low, high = treated.band
    assert (low <= high).all()
    assert times[0] == 0
    assert low[0] == 1


def test_the_flow_counts_each_patient_once(trial_result, design):
    flow = patient_flow(trial_result, design)
    assert (flow.screened, flow.eligible, flow.randomized) == (1000, 300, 60)
    assert flow.excluded == {"unmet: not her2 positive": 700}
    for arm in flow.arms:
        assert arm.allocated == sum(arm.discontinued.values()) + arm.ongoing
    assert flow.arms[0].discontinued["adverse event"] == 3
    assert "adverse event" not in flow.arms[1].discontinued
