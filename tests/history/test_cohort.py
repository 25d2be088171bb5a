"""Patients' status: the same in any batch, and possible."""

import numpy as np

from oestra.history import cohort as cohort_module
from oestra.history.cohort import simulate_cohort
from oestra.model.parameters import prior_parameters
from oestra.network.cell import cell
from oestra.tumor.clone import Clone


def test_neither_batches_nor_workers_matter(cohort, monkeypatch, same):
    monkeypatch.setattr(cohort_module, "_CHUNK", 7)
    same(simulate_cohort(32, prior_parameters(), seed=3, workers=3), cohort)


def test_another_seed_is_another_cohort(cohort):
    other = simulate_cohort(2, prior_parameters(), seed=4, workers=1)
    assert not np.array_equal(
        other.covariates["age_years"], cohort.covariates["age_years"][:2]
    )


def test_shapes(cohort):
    decisions = len(cohort.decisions)
    assert decisions > 20
    assert cohort.y.shape == (decisions, len(Clone), len(cell().states))
    assert cohort.log_cells.shape == (decisions, len(Clone))
    assert len(cohort.covariates) == 32
    assert cohort.decisions["patient"].is_monotonic_increasing
    assert np.isfinite(cohort.y).all()
    assert not np.isnan(cohort.log_cells).any()


def test_histories_are_possible(cohort):
    m = cohort.decisions
    assert set(m["setting"]) <= {"primary", "de_novo", "relapse", "progression"}
    assert m["prior_lines"].between(0, 3).all()
    assert (m["prior_lines"].gt(0) == m["setting"].eq("progression")).all()
    de_novo = m["de_novo_stage_iv"]
    assert (m.loc[de_novo, "adjuvant_therapy"] == "none").all()
    assert (m.loc[de_novo, "disease_free_months"] == 0).all()
    relapse = m[m["setting"] == "relapse"]
    assert (relapse["disease_free_months"] > 0).all()
    assert (~relapse["de_novo_stage_iv"]).all()
    assert m["adjuvant_months"].between(0, 120).all()
    assert (m["adjuvant_months"] <= m["disease_free_months"] + 1e-9).all()
    assert m["ki67_percent"].between(0, 100).all()
    assert m["sites"].between(1, 6).all()
    lines = m[m["prior_lines"] > 0]
    assert (lines["last_therapy_setting"] == "metastatic").all()
    assert (lines["last_therapy_months"] > 0).all()
    assert (~lines["last_therapy"].eq("none")).all()
    given = lines[["prior_tamoxifen", "prior_nonsteroidal_ai", "prior_fulvestrant"]]
    known = given.any(axis=1) | lines["last_therapy"].eq("exemestane")
    assert known[lines["prior_lines"] == 1].all()


def test_a_patient_keeps_what_she_has_had(cohort):
    metastatic = cohort.decisions[cohort.decisions["setting"] != "primary"]
    for _, own in metastatic.groupby("patient"):
        assert own["prior_lines"].tolist() == list(range(len(own)))
        for name in ("prior_tamoxifen", "prior_nonsteroidal_ai", "prior_fulvestrant"):
            assert own[name].is_monotonic_increasing
        assert own["her2_positive"].all() or not own["her2_positive"].any()


def test_one_in_four_is_kept_before_surgery(cohort):
    primary = cohort.decisions[cohort.decisions["setting"] == "primary"]
    untreated = cohort.covariates[~cohort.covariates["de_novo_stage_iv"]]
    expected = [patient for patient in untreated.index if patient % 4 == 0]
    assert primary["patient"].tolist() == expected
    assert (primary["bone_only"] == 0).all()
    assert (primary["prior_lines"] == 0).all()


def test_metastases_that_slow_down_relapse_while_therapy_lasts():
    p = prior_parameters()
    early = []
    for limit in (1e6, p["limit_log10_cells"]):
        found = simulate_cohort(
            120, p.replace(limit_log10_cells=limit), seed=5, workers=1
        ).decisions
        relapses = found[found["setting"] == "relapse"]
        early.append((relapses["disease_free_months"] < 60).mean())
    assert early[1] > early[0] + 0.1
