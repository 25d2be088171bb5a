"""From volumes to sums: targets, interpolation, what can be seen."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from oestra.core.streams import Streams
from oestra.core.terms import Criteria, Site
from oestra.trial.assess import Schedule, assess, read_scans
from oestra.trial.assumption import assumptions
from oestra.trial.bone import log_extent
from oestra.trial.criteria import rules_of
from oestra.trial.lesion import Lesions, at_visits, choose_targets, diameter
from oestra.trial.recist import Code

V11, V10 = Criteria.RECIST_1_1, Criteria.RECIST_1_0
BONE, NODE, _, LUNG, LIVER, _ = range(len(Site))
EXACT = replace(
    assumptions(),
    reading_error=replace(assumptions().reading_error, value=0.0, interval=(0.0, 0.12)),
)


def log_volume(mm):
    mm = np.asarray(mm, dtype=float)
    with np.errstate(divide="ignore"):
        return np.log(np.pi / 6 * mm**3)


def scans(diameters, site, measurable, criteria, *, new=np.inf, known=EXACT):
    """One patient: diameters (lesions, 1 + visits) every 42 days."""
    series = log_volume(diameters)[None]
    visits = series.shape[2] - 1
    days = 42.0 * np.arange(visits + 1)
    followed = SimpleNamespace(
        days=days,
        log_volume=series.astype(np.float32),
        site=np.array([site]),
        measurable=np.array([measurable], dtype=bool),
        new_lesion_day=np.array([new]),
    )
    schedule = Schedule(day=days[None, 1:], attended=np.ones((1, visits), dtype=bool))
    reading = read_scans(
        followed,
        schedule,
        criteria,
        np.array([0]),
        streams=Streams(1),
        assumptions=known,
    )
    return assess(reading, schedule, criteria)


def test_diameter_and_volume_of_a_sphere():
    assert diameter(log_volume([10.0]))[0] == pytest.approx(10.0)
    # RECIST 1.1: a 20 % larger diameter is 73 % more volume, 30 % smaller 66 % less.
    ratio = np.exp(log_volume([12.0, 7.0]) - log_volume([10.0]))
    assert ratio == pytest.approx([1.73, 0.34], abs=0.005)


@pytest.mark.parametrize(
    ("criteria", "want"),
    [(V11, [1, 1, 0, 1, 1, 1]), (V10, [1, 1, 1, 1, 1, 1])],
)
def test_limits_of_targets(criteria, want):
    site = np.array([[LIVER, LIVER, LIVER, LUNG, LUNG, NODE]])
    size = log_volume([[50, 40, 30, 20, 15, 16]])[:, :, None]
    lesions = Lesions(
        log_volume=size, site=site, measurable=np.ones_like(site, dtype=bool)
    )
    assert choose_targets(lesions, rules_of(criteria))[0].tolist() == want


def test_five_targets_at_most_and_the_largest_first():
    site = np.array([[LIVER, LIVER, LUNG, LUNG, NODE, 2, 2]])
    size = log_volume([[20, 21, 22, 23, 24, 25, 26]])[:, :, None]
    lesions = Lesions(
        log_volume=size, site=site, measurable=np.ones_like(site, dtype=bool)
    )
    chosen = choose_targets(lesions, rules_of(V11))[0]
    assert chosen.tolist() == [0, 0, 1, 1, 1, 1, 1]


def test_lesions_that_cannot_be_measured_are_no_targets():
    lesions = Lesions(
        log_volume=log_volume([[50, 40]])[:, :, None],
        site=np.array([[BONE, LUNG]]),
        measurable=np.array([[False, True]]),
    )
    assert choose_targets(lesions, rules_of(V11))[0].tolist() == [0, 1]


def test_interpolation_is_linear_in_log_volume_and_survives_absence():
    series = np.array([[[0.0, 2.0, 4.0], [-np.inf, -np.inf, 1.0]]])
    days = np.array([0.0, 10.0, 20.0])
    got = at_visits(series, days, np.array([[5.0, 20.0, 99.0]]))
    np.testing.assert_allclose(got[0, 0], [0.0, 1.0, 4.0, 4.0])
    assert np.isfinite(got).all()
    assert got[0, 1, 2] == 1.0


def codes(assessment):
    return [Code(c).name for c in assessment.response[0]]


SCANS = [
    ("a lesion below what can be seen is gone: CR", V10,
     [[20, 2]], [LUNG], [1], ["CR"]),
    ("a target gone while a bone lesion stays: PR", V10,
     [[20, 2], [15, 15]], [LUNG, BONE], [1, 0], ["PR"]),
    ("1.1 records 5 mm for a lesion too small to measure", V11,
     [[10, 4, 4]], [LUNG], [1], ["PR", "PR"]),
    ("a node under 10 mm is normal in 1.1: CR", V11, [[20, 9]], [NODE], [1], ["CR"]),
    ("a node of 9 mm is still disease in 1.0: PR", V10, [[20, 9]], [NODE], [1], ["PR"]),
    ("bone alone, half again as wide: unequivocal", V11,
     [[20, 29.8, 30.2]], [BONE], [0], ["NON_CR_NON_PD", "PD"]),
    ("bone half again as wide as its nadir is PD", V10, [[20, 15, 22.6]], [BONE], [0],
     ["SD", "PD"]),
    ("a non-target node is gone below 10 mm", V11,
     [[30, 0], [13, 8]], [LIVER, NODE], [1, 0], ["CR"]),
    ("a node under 15 mm is no target, though it can be measured", V11,
     [[13, 12, 8]], [NODE], [1], ["NON_CR_NON_PD", "CR"]),
    ("a node of 8 mm is no disease", V11,
     [[30, 0], [8, 8]], [LIVER, NODE], [1, 0], ["CR"]),
    ("nobody with normal nodes alone can respond", V11, [[8, 7]], [NODE], [1], ["NE"]),
    ("a normal node enlarged twice was new at first", V11,
     [[30, 30, 30, 30], [8, 11, 12, 12]], [LIVER, NODE], [1, 0], ["PD", "PD", "PD"]),
    ("a normal node enlarged once is not", V11,
     [[30, 30, 30], [8, 11, 9]], [LIVER, NODE], [1, 0], ["SD", "SD"]),
    ("a normal node of 15 mm is new at once", V11,
     [[30, 30], [8, 15]], [LIVER, NODE], [1, 0], ["PD"]),
    ("what nobody saw at baseline is new", V10,
     [[30, 30], [1, 4]], [LIVER, LUNG], [1, 0], ["PD"]),
    ("bone whose tumor died is still to be seen: not gone", V10,
     [[20, 1, 1]], [BONE], [0], ["SD", "SD"]),
    ("targets gone and bone healed: PR", V11,
     [[20, 1], [15, 1]], [LUNG, BONE], [1, 0], ["PR"]),
    ("a small nodule vanishes", V11, [[8, 1]], [LUNG], [0], ["CR"]),
    ("disease after CR is PD", V11,
     [[20, 1, 4]], [LUNG], [1], ["CR", "PD"]),
    ("WHO: one lesion a quarter larger is PD though the sum falls", Criteria.WHO,
     [[40, 20], [10, 11.3]], [LUNG, LIVER], [1, 1], ["PD"]),
    ("RECIST: it is not", V10, [[40, 20], [10, 11.3]], [LUNG, LIVER], [1, 1], ["PR"]),
    ("1.1: bone worse while the whole burden shrinks is not PD", V11,
     [[40, 36, 32], [10, 11, 15.2]], [LUNG, BONE], [1, 0], ["SD", "SD"]),
    ("1.0: bone worse is PD whatever the targets do", V10,
     [[40, 36, 32], [10, 11, 15.2]], [LUNG, BONE], [1, 0], ["SD", "PD"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("criteria", "sizes", "site", "able", "want"),
    [case[1:] for case in SCANS],
    ids=[case[0] for case in SCANS],
)
def test_scans(criteria, sizes, site, able, want):
    assert codes(scans(sizes, site, able, criteria)) == want


def test_a_new_lesion_shows_at_the_next_visit():
    got = scans([[20, 20, 20, 20]], [LUNG], [1], V11, new=50.0)
    assert codes(got) == ["SD", "PD", "PD"]


def test_reading_error_spreads_the_sum_and_keeps_its_mean():
    sizes = np.full((3, 401), 30.0)
    got = scans(sizes, [LUNG, LIVER, NODE], [1, 1, 1], V10, known=assumptions())
    change = got.change_percent[0]
    sigma = 100 * assumptions().reading_error.value / np.sqrt(3)
    assert change.std() == pytest.approx(sigma, rel=0.25)
    assert abs(np.median(change) - change.mean()) < sigma


@pytest.mark.parametrize(
    ("organ", "mm", "code"),
    [(LUNG, 11.5, "SD"), (LUNG, 13, "PD"), (BONE, 13, "SD"), (BONE, 16, "PD")],
)
def test_growth_beside_the_targets_must_be_larger_in_bone(organ, mm, code):
    seen = scans([[20, 20], [10, mm]], [LIVER, organ], [1, 0], V10)
    assert codes(seen) == [code]


def test_healed_bone_is_seen_until_it_is_renewed():
    day = np.array([[0.0, 100.0, 200.0, 300.0]])
    tumor = np.array([[[5.0, -3.0, 6.0, -9.0]]])
    got = log_extent(tumor, day, 100.0)
    np.testing.assert_allclose(got, [[[5.0, 4.0, 6.0, 5.0]]])
    assert (log_extent(tumor, day, 1e9) >= np.maximum.accumulate(tumor, 2) - 1e-6).all()


@pytest.mark.parametrize("mm", [10.0, 15.0, 3.0])
def test_a_border_is_met_though_volumes_are_kept_in_single_precision(mm):
    kept = log_volume([mm]).astype(np.float32)
    assert diameter(kept.astype(float))[0] == mm
