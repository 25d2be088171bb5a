"""Patients' status: the same in any batch, and possible."""

import numpy as np
import pandas as pd
import pytest

from oestra.core.errors import InputError
from oestra.core.streams import Streams
from oestra.course import cohort as cohort_module
from oestra.course import store
from oestra.course.assemble import assemble
from oestra.history.cohort import simulate_cohort
from oestra.model.parameters import prior_parameters
from oestra.network.alteration import find_alteration
from oestra.network.cell import cell
from oestra.patients import sample_population
from oestra.tumor.clone import Clone


def same(one, other):
    pd.testing.assert_frame_equal(one.covariates, other.covariates)
    pd.testing.assert_frame_equal(one.decisions, other.decisions)
    assert one.y.tobytes() == other.y.tobytes()
    assert one.log_cells.tobytes() == other.log_cells.tobytes()


def test_neither_batches_nor_workers_matter(cohort, monkeypatch):
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


@pytest.fixture(scope="module")
def lanes():
    p = prior_parameters()
    c = sample_population(400, p, Streams(1)).covariates
    return c, assemble(cell(), p, c, Streams(1))


def column(lanes, name, clone=Clone.PARENTAL):
    return lanes.p[:, clone, cell().column(name)]


def test_lanes_carry_the_traits_of_patients(lanes):
    c, built = lanes
    assert np.array_equal(column(built, "igf1r_level"), c["igf1r"])
    assert np.array_equal(column(built, "drive_estrogen"), c["drive_estrogen"])
    allele = find_alteration("PIK3CA", "H1047R")
    have = (c["pik3ca"] == "H1047R").to_numpy()
    for name, value in allele.set.items():
        assert np.all(column(built, name)[have] == value)
    amplified = find_alteration("ERBB2", "amplification").set["erbb2_level"]
    level = column(built, "erbb2_level") / c["erbb2"]
    expected = np.where(c["her2_positive"], amplified, 1.0)
    assert level.to_numpy() == pytest.approx(expected)
    lost = c["pten_loss"].to_numpy()
    assert np.unique(column(built, "pten_level")[~lost]).tolist() == [1.0]
    assert (column(built, "pten_level")[lost] < 1).all()


def test_clones_differ_from_the_parental_one_in_what_names_them(lanes):
    _, built = lanes
    assert (column(built, "esr1_constitutive", Clone.ESR1_MUTANT) > 0).all()
    assert not column(built, "esr1_constitutive").any()
    parent = column(built, "egfr_level")
    factor = column(built, "egfr_level", Clone.RTK_HIGH) / parent
    assert factor == pytest.approx(prior_parameters()["rtk_clone_level"])
    level = column(built, "er_level", Clone.AUTONOMOUS)
    lost = level < 0.1
    assert lost.mean() == pytest.approx(
        prior_parameters()["autonomy_receptor_loss"], abs=0.15
    )
    assert level[~lost] == pytest.approx(column(built, "er_level")[~lost])
    for drive in ("estrogen", "growth_factor"):
        name = f"drive_{drive}"
        factor = column(built, name, Clone.AUTONOMOUS) / column(built, name)
        assert factor == pytest.approx(prior_parameters()[f"autonomy_{drive}"])
    gain = column(built, "pik3ca_constitutive", Clone.PI3K_HIGH)
    gain = gain - column(built, "pik3ca_constitutive")
    assert gain == pytest.approx(prior_parameters()["pi3k_clone_constitutive"])


def test_drugs_touch_only_the_patients_and_parameters_they_are_given_to(lanes):
    _, built = lanes
    load = np.arange(400.0)
    treated = built.treated({"load_egfr": load}, np.array([5, 9]))
    at = cell().column("load_egfr")
    assert np.array_equal(treated[:, :, at], np.array([[5.0], [9.0]]) * np.ones(5))
    treated[:, :, at] = 0.0
    assert np.array_equal(treated, built.p[[5, 9]])


@pytest.fixture
def cache(monkeypatch, tmp_path):
    monkeypatch.setattr(store.platformdirs, "user_cache_dir", lambda _: str(tmp_path))
    return tmp_path


@pytest.fixture
def simulated(monkeypatch, cohort):
    """Count simulations, and give the shared cohort instead of one more."""
    calls = []

    def simulate(n, parameters, **settings):
        calls.append((n, parameters.digest, settings["seed"]))
        return cohort

    monkeypatch.setattr(store, "simulate_cohort", simulate)
    return calls


def test_a_cohort_is_simulated_once_and_read_back_exactly(cohort, cache, simulated):
    p = prior_parameters()
    for _ in range(2):
        same(store.load_cohort(p, n=32, seed=3), cohort)
    assert len(simulated) == 1
    assert len(list(cache.iterdir())) == 1


@pytest.mark.parametrize(
    "harm",
    [
        lambda content: content[: len(content) // 2],
        lambda content: content[:5000] + bytes([content[5000] ^ 8]) + content[5001:],
        lambda _: b"",
        lambda _: b"not a cohort",
    ],
)
def test_a_harmed_cohort_is_simulated_anew(cohort, cache, simulated, harm):
    p = prior_parameters()
    store.load_cohort(p, n=32, seed=3)
    (file,) = cache.iterdir()
    file.write_bytes(harm(file.read_bytes()))
    same(store.load_cohort(p, n=32, seed=3), cohort)
    assert len(simulated) == 2
    same(store.load_cohort(p, n=32, seed=3), cohort)
    assert len(simulated) == 2


def test_the_key_changes_with_all_a_cohort_depends_on(monkeypatch):
    p = prior_parameters()
    key = store.cohort_key(10, p, 1)
    assert key == store.cohort_key(10, p, 1)
    others = {
        store.cohort_key(11, p, 1),
        store.cohort_key(10, p, 2),
        store.cohort_key(10, p.replace(k_fate=0.46), 1),
    }
    monkeypatch.setattr(store, "source_digest", lambda: "edited")
    others.add(store.cohort_key(10, p, 1))
    monkeypatch.setattr(store, "_code_digest", lambda: "edited")
    others.add(store.cohort_key(10, p, 1))
    assert len(others | {key}) == 6


def test_a_cohort_of_another_key_is_not_believed(cohort, cache, simulated, tmp_path):
    p = prior_parameters()
    store.load_cohort(p, n=32, seed=3)
    (file,) = cache.iterdir()
    key = store.cohort_key(33, p, 3)
    file.rename(cache / f"cohort-{key[:16]}.npz")
    store.load_cohort(p, n=33, seed=3)
    assert len(simulated) == 2


def test_a_parameter_nobody_knows_is_refused():
    with pytest.raises(InputError, match="nearest is 'k_fate'"):
        prior_parameters().replace(k_fat=1.0)
