"""The view of the evidence: numbers of the fit and of the validation, with sources."""

import time

import pytest

from oestra.appraisal.cited import cited_sources
from oestra.appraisal.credibility_evidence import fit_record
from oestra.appraisal.fit_tables import residual_table
from oestra.appraisal.skill import validation_record
from oestra.calibration.validate import LeftOut
from oestra.evidence.published import published, sources, targets
from oestra.evidence.vocabulary import Use
from oestra.web import evidence_answer


@pytest.fixture(scope="module")
def shown(page):
    return page.get("/api/evidence").json()


def test_every_fitted_number_stands_beside_what_the_fit_gives(shown):
    expected = residual_table(fit_record()).set_index("id")
    scored = {one["id"] for one in shown["kinds"]}
    rows = {one["id"]: one for one in shown["rows"]}
    fitted = {one.id for one in targets() if one.use is Use.FIT and one.kind in scored}
    assert set(rows) == fitted
    for name, row in rows.items():
        assert row["simulated"] == pytest.approx(expected.loc[name, "simulated"])
        assert row["published"] == expected.loc[name, "published"]
        assert row["inside"] == expected.loc[name, "inside"]
    off = [abs(one["off"]) for one in shown["rows"]]
    assert off == sorted(off, reverse=True)


def test_every_number_leads_to_its_source():
    known = sources()
    for row in targets():
        cited = cited_sources(row)
        assert cited, row.id
        assert set(cited) <= set(known), row.id


def test_a_source_is_told_with_how_far_it_was_checked(page):
    name = "HORIZON/ITT/hazard_ratio/LET+TEM30int"
    found = page.get("/api/source", params={"id": name}).json()
    assert found["published"] == 0.9
    assert found["confidence"] == "verified"
    assert [one["key"] for one in found["citations"]] == ["wolff2013"]
    assert "Wolff" in found["citations"][0]["text"]
    assert found["registry"] == ["NCT00083993"]
    missing = page.get("/api/source", params={"id": "HORIZON/ITT"})
    assert missing.status_code == 422
    assert "No published number" in missing.json()["error"]


def test_predictions_that_have_reported_come_first(shown, page):
    known = shown["predictions"]
    reported = [one["reported"] is not None for one in known["trials"]]
    assert known["count"] >= len(reported) > 0
    assert reported == sorted(reported, reverse=True)
    belle = next(one for one in known["trials"] if one["trial"] == "BELLE-2")
    first = belle["reported"]["outcomes"][0]
    found = page.get("/api/source", params={"id": first["target"]}).json()
    assert found["published"] == first["published"]["estimate"]


def test_a_folder_without_predictions_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(evidence_answer, "_FOLDER", tmp_path)
    found = evidence_answer._predictions.__wrapped__()
    assert found["trials"] == []
    assert "no prediction" in found["why_none"]


def left_out():
    rows = list(published("BOLERO-2", use=Use.FIT))[:6]
    return [
        LeftOut(row=row, predicted=0.1, published=0.2, sampling=0.1, uncertainty=0.2)
        for row in rows
    ]


def test_a_validation_is_that_of_the_command_and_is_kept(page, monkeypatch):
    found = left_out()
    done = {}
    monkeypatch.setattr(evidence_answer, "_validations", lambda: done)
    monkeypatch.setattr(evidence_answer, "shipped_problem", lambda: (0, 0, 0))
    monkeypatch.setattr(evidence_answer, "leave_all_out", lambda *_, **__: found)
    job = page.post("/api/validations", json={"by": "trial"}).json()["job"]
    while True:
        told = page.get(f"/api/runs/{job}").json()
        if told["state"] not in {"waiting", "running"}:
            break
        time.sleep(0.02)
    assert (told["state"], told["error"]) == ("done", "")
    expected = validation_record(found)
    (ratios,) = [
        one for one in told["result"]["kinds"] if one["name"] == "hazard ratios"
    ]
    assert ratios["weighted_error"] == expected["hazard_ratios"]["weighted_error"]
    assert told["result"]["command"] == "oestra validate --by trial"
    again = page.get("/api/evidence").json()
    assert again["validations"]["trial"]["rows"] == told["result"]["rows"]


def test_what_is_left_out_is_a_trial_or_its_class(page):
    answer = page.post("/api/validations", json={"by": "drug"})
    assert answer.status_code == 422
    assert "known are class, trial" in answer.json()["error"]
