"""Files that people write or that a disk has harmed: read, or explained."""

import json

import numpy as np
import pytest

from oestra.appraisal.prediction import content_hash, read_predictions
from oestra.calibration.checkpoint import State, read_state, write_state
from oestra.claims.claim_library import read_claim
from oestra.core.json_text import read_json
from oestra.core.library import SHIPPED, Kind
from oestra.core.text_file import read_text
from oestra.core.yaml_text import load_yaml
from oestra.drugs.load import read_drug
from oestra.report.prediction_index import check_index
from oestra.trial.design_file import parse_design
from oestra.trial.doubts import doubts

TRIAL = """\
id: MINE
title: A trial of mine
arms:
  - {id: A, label: two, regimen: letrozole 2.5 mg daily + everolimus 10 mg daily, n: 90}
  - {id: B, label: one, regimen: letrozole 2.5 mg daily, n: 90}
definitions: {young: age_years < 50}
eligibility: [prior_nonsteroidal_ai, not young]
case_mix: [{where: visceral, percent: 50}]
strata: [visceral]
groups: {g: {where: bone, n: {A: 90, B: 90}}}
visits: {interval_weeks: 8, later_interval_weeks: 12, later_after_weeks: 24}
criteria: RECIST-1.1
accrual_months: 12
data_cut_months: 24
block_size: 4
analysis:
  landmarks_months: [6, 12]
  looks: [{events: 40, efficacy_p: 0.01}, {events: 80}]
  clinical_benefit: {weeks: 24}
subgroups: {liver: liver}
"""
VALUES = ["true", "[]", "{}", "~", "x", "''", "-1", "0", "0.5", "1e9", "1e308", ".nan",
          ".inf", "99999999999999999999", "[1, 1]", "{a: 1}", "2020-02-30", "!!bool x",
          "*a", "&a [*a]", "[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]", "'[/]'",
          "\"\\e[1m\"", "yes", "'</script>'", "BOLERO-2", "../x", "/var/x", "NUL",
          "100000", "everolimus 100000 g daily", "age_years > 200", "not a > 5",
          "A"]  # fmt: skip


def read_trial(text):
    """Read a trial file and ask for doubts."""
    doubts(parse_design(text, "file.yaml", SHIPPED))


def test_trial_files_are_read_or_explained(make, explained):
    lines = TRIAL.splitlines()
    seen = []
    for _ in range(220):
        number = make.chance.randrange(len(lines))
        key, colon, _ = lines[number].partition(":")
        new = f"{key}{colon} {make.chance.choice(VALUES)}"
        changed = [*lines[:number], new, *lines[number + 1 :]]
        seen.append(explained(read_trial, "\n".join(changed)))
    seen += [explained(read_trial, make.changed(TRIAL)) for _ in range(130)]
    assert explained(read_trial, TRIAL)
    assert 10 < sum(seen) < 300


def test_yaml_is_read_or_explained(make, explained):
    known = ["a: 1", "\n", "- b", "{c: d}", "[e, f]", "&g", "*g", "<<: *g", "? h",
             "|", ">", "---", "...", "%YAML 1.2", "'i'", '"j"', "# k"]  # fmt: skip
    for _ in range(600):
        explained(load_yaml, make.words(known, 20), "file.yaml")


@pytest.mark.parametrize("name", ["letrozole"])
def test_drug_files_are_read_or_explained(make, explained, tmp_path, name):
    file = SHIPPED.files(Kind.DRUGS, "oestra.drugs.library")
    (whole,) = (one for one in file if one.name == f"{name}.yaml")
    lines = whole.read_text(encoding="utf-8").splitlines()
    path = tmp_path / f"{name}.yaml"
    for _ in range(40):
        number = make.chance.randrange(len(lines))
        key, colon, _ = lines[number].partition(":")
        new = f"{key}{colon} {make.chance.choice(VALUES)}"
        path.write_text("\n".join([*lines[:number], new, *lines[number + 1 :]]))
        explained(read_drug, path)


def test_claims_are_read_or_explained(make, explained):
    text = (
        "id: C001\nstatement: s\nsection: t\nreferences: []\nevidence: weak\n"
        "level: cell\norigin: input\nruns: {a: {line: MCF7, days: 3}}\n"
        "checks: [{measure: m, value: a.ki67, expect: '> 1', why: w}]\n"
    )
    for _ in range(200):
        explained(read_claim, make.changed(text), "file.yaml")


def test_bytes_are_read_or_explained(make, explained, tmp_path):
    path = tmp_path / "file.yaml"
    seen = []
    for _ in range(300):
        path.write_bytes(make.harmed(TRIAL.encode() + "é".encode()))
        seen.append(explained(lambda: read_trial(read_text(path))))
    assert not all(seen)


def prediction():
    """Return a prediction as it is registered."""
    number = {"estimate": 0.5, "low": 0.4, "high": 0.6}
    hashes = dict.fromkeys(
        ("model", "parameters", "evidence", "design", "code"), "0" * 64
    )
    record = {
        "kind": "Oestra prediction", "trial": "MINE", "title": "t",
        "date": "2026-01-01",
        "hashes": hashes, "seed": 1, "replicates": 2, "calibration": "c",
        "primary": "pfs", "arms": {"A": {"pfs_median_months": number}},
        "contrasts": [{"endpoint": "pfs", "arm": "A", "control": "B",
                       "hazard_ratio": number}],
    }  # fmt: skip
    return {**record, "sha256": content_hash(record)}


def test_predictions_are_checked_or_explained(make, explained, tmp_path):
    record = prediction()
    text = json.dumps(record, indent=1)
    path = tmp_path / "MINE-00000000-00000000.json"
    (tmp_path / "README.md").write_text("# Registered predictions\n")
    accepted = 0
    for _ in range(300):
        path.write_bytes(make.harmed(text.encode()))
        accepted += explained(lambda: check_index(tmp_path, read_predictions(tmp_path)))
    assert accepted == 0


def test_records_with_their_own_hash_are_checked_or_explained(
    make, explained, tmp_path
):
    path = tmp_path / "MINE-00000000-00000000.json"
    for _ in range(200):
        record = prediction()
        key = make.chance.choice([k for k in record if k != "sha256"])
        odd = [None, 1, -1.5, "x", [], {}, [1], {"a": None}, True, "</script>"]
        record[key] = make.chance.choice(odd)
        record["sha256"] = content_hash(record)
        path.write_text(json.dumps(record))
        explained(lambda: check_index(tmp_path, read_predictions(tmp_path)))


def test_json_is_read_or_explained(make, explained, tmp_path):
    path = tmp_path / "x.json"
    known = ["{", "}", "[", "]", ",", ":", '"a"', '"a": 1', "1", "NaN", "1e999", "null",
             "[" * 50, '"\\u001b"', '"\\ud800"', "-", "9" * 30]  # fmt: skip
    for _ in range(500):
        path.write_bytes(make.words(known, 10).encode("utf-8", "surrogatepass"))
        explained(read_json, path)


def test_checkpoints_are_read_or_explained(make, explained, tmp_path):
    whole, path = tmp_path / "whole.npz", tmp_path / "harmed.npz"
    state = State(key="k", z=np.ones(3), residual=np.ones(2), columns=np.ones((3, 2)))
    write_state(state, whole)
    content = whole.read_bytes()
    for _ in range(300):
        path.write_bytes(make.harmed(content))
        explained(read_state, path, "k")
    assert read_state(whole, "k").key == "k"
