"""Lesions share one burden, and grow as their clones do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logsumexp

from oestra.core.parameter_set import ParameterSet
from oestra.core.streams import Streams
from oestra.core.terms import Site
from oestra.tumor.burden import lesion_log_volume, log_total
from oestra.tumor.clone import MUTATION_RATES, Clone
from oestra.tumor.presentation import MAX_LESIONS, sample_presentation, with_primary
from oestra.tumor.tumor_table import tumor_table

N = 20_000
P = ParameterSet.of(tumor_table())
SITES = {
    Site.BONE: "site_bone",
    Site.NODE: "site_node",
    Site.SOFT_TISSUE: "site_soft_tissue",
    Site.LUNG: "site_lung",
    Site.LIVER: "site_liver",
}


@pytest.fixture(scope="module")
def lesions():
    return sample_presentation(np.arange(N), P, Streams(1), len(Clone))


@given(st.lists(st.floats(-50, 50) | st.just(-np.inf), min_size=1, max_size=6))
def test_log_total(logs):
    found = log_total(np.array([logs]))[0]
    with np.errstate(divide="ignore"):
        assert found == pytest.approx(logsumexp(logs), rel=1e-12, abs=1e-12)


def test_log_total_of_nothing_is_nothing():
    assert log_total(np.full((2, 5), -np.inf)).tolist() == [-np.inf, -np.inf]


def test_shares_sum_to_one_and_sit_where_there_is_a_lesion(lesions):
    assert lesions.share.sum(axis=1) == pytest.approx(1.0)
    assert np.array_equal(lesions.share > 0, lesions.site >= 0)
    assert (lesions.site >= 0).any(axis=1).all()
    assert lesions.site.shape == (N, MAX_LESIONS)


@pytest.mark.parametrize("site", [site for site in SITES if site is not Site.BONE])
def test_sites_have_their_frequency(lesions, site):
    share = P[SITES[site]]
    error = 4 * np.sqrt(share * (1 - share) / N)
    assert lesions.has(site).mean() == pytest.approx(share, abs=error)


def test_everybody_without_another_site_has_bone_disease(lesions):
    nowhere = np.prod([1 - P[name] for name in SITES.values()])
    expected = P["site_bone"] + nowhere
    error = 4 * np.sqrt(expected * (1 - expected) / N)
    assert lesions.has(Site.BONE).mean() == pytest.approx(expected, abs=error)
    others = [site for site in Site if site is not Site.BONE]
    assert np.array_equal(lesions.bone_only, ~lesions.has(*others))


def test_presentation_does_not_depend_on_the_batch(lesions):
    some = sample_presentation(np.arange(70, 90), P, Streams(1), len(Clone))
    for name in ("site", "share", "mix", "pace", "stroma", "distinct"):
        assert np.array_equal(getattr(some, name), getattr(lesions, name)[70:90])


def test_bone_is_slow_and_the_parental_clone_is_the_measure_of_mixes(lesions):
    bone = lesions.site == list(Site).index(Site.BONE)
    assert np.all(lesions.pace[bone] == P["bone_pace"])
    assert np.all(lesions.pace[~bone] == 1.0)
    assert np.all(lesions.mix[:, :, Clone.PARENTAL] == 0.0)


def test_lesions_hold_all_cells_at_the_start(lesions):
    rng = np.random.default_rng(0)
    start = rng.uniform(0, 25, (N, len(Clone)))
    start[rng.random(start.shape) < 0.3] = -np.inf
    start[:, 0] = 20.0
    still = np.zeros((N, 1, len(Clone)))
    volume = lesion_log_volume(start, still, lesions, 1e6)[:, :, 0]
    whole = np.exp(volume.astype(float)).sum(axis=1) * 1e6
    assert whole == pytest.approx(np.exp(log_total(start)), rel=1e-5)
    assert np.array_equal(np.isfinite(volume), lesions.site >= 0)


@given(rise=st.floats(-10, 10), pace=st.sampled_from(["bone", "other"]))
@settings(max_examples=20)
def test_clones_that_grow_alike_carry_every_lesion_with_them(rise, pace):
    start = np.full((N, len(Clone)), 15.0)[:50]
    growth = np.stack([np.zeros((50, len(Clone))), np.full((50, len(Clone)), rise)], 1)
    few = sample_presentation(np.arange(50), P, Streams(1), len(Clone))
    volume = lesion_log_volume(start, growth, few, 1e6)
    bone = few.site == list(Site).index(Site.BONE)
    which = bone if pace == "bone" else (few.site >= 0) & ~bone
    change = volume[:, :, 1][which] - volume[:, :, 0][which]
    expected = rise * (P["bone_pace"] if pace == "bone" else 1.0)
    assert change == pytest.approx(expected, abs=1e-4)


def test_stroma_goes_after_the_cells_and_comes_back_with_them(lesions):
    start = np.full((50, len(Clone)), 15.0)
    change = np.array([0.0, -6.0, -6.0, 0.0, 1.0])
    growth = np.broadcast_to(change[None, :, None], (50, 5, len(Clone)))
    few = sample_presentation(np.arange(50), P, Streams(1), len(Clone))
    cleared = np.array([0.0, 0.1, 50.0, 100.0, 100.0])
    volume = lesion_log_volume(start, growth, few, 1e6, cleared)
    soft = (few.site >= 0) & (few.site != list(Site).index(Site.BONE))
    shown = volume[soft] - volume[soft][:, :1]
    left = np.log(few.stroma[soft] * np.exp(-0.1) + (1 - few.stroma[soft]) * np.exp(-6))
    assert shown[:, 1] == pytest.approx(left, abs=1e-4)
    assert shown[:, 2] == pytest.approx(-6.0, abs=1e-4)
    assert shown[:, 3:] == pytest.approx(np.tile([0.0, 1.0], (len(shown), 1)), abs=1e-4)


def test_lesions_without_outline_are_shared_out_as_told(lesions):
    soft = (lesions.site >= 0) & (lesions.site != list(Site).index(Site.BONE))
    assert not lesions.distinct[~soft & (lesions.site >= 0)].any()
    half = 1 - 0.5 * P["unmeasurable_share"]
    assert lesions.distinct[soft].mean() == pytest.approx(half**2, abs=0.02)


def test_a_clone_that_dies_out_leaves_the_lesion():
    few = sample_presentation(np.arange(10), P, Streams(1), 2)
    start = np.full((10, 2), np.log(1e9))
    gone = np.zeros((10, 3, 2))
    gone[:, 1:, 0] = -np.inf
    gone[:, 2, 1] = -np.inf
    volume = lesion_log_volume(start, gone, few, 1e6)
    here = few.site >= 0
    assert np.all(volume[:, :, 1][here] < volume[:, :, 0][here])
    assert np.all(np.isfinite(volume[:, :, 1][here]))
    assert np.all(volume[:, :, 2] == -np.inf)


def test_patients_before_surgery_have_one_lesion_in_the_breast(lesions):
    before = np.arange(N) % 3 == 0
    found = with_primary(lesions, before, 1.4)
    breast = list(Site).index(Site.BREAST)
    assert np.all(found.site[before, 0] == breast)
    assert np.all(found.site[before, 1:] == -1)
    assert np.all(found.share[before, 0] == 1)
    assert np.all(found.pace[before] == 1.4)
    assert not found.mix[before].any()
    for name in ("site", "share", "mix", "pace"):
        assert np.array_equal(
            getattr(found, name)[~before], getattr(lesions, name)[~before]
        )


def test_every_mutant_clone_has_its_rate():
    assert set(MUTATION_RATES) == set(Clone) - {Clone.PARENTAL}
    assert all(name in P for name in MUTATION_RATES.values())
