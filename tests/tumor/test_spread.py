"""New lesions come by growth and by burden, and hardly where a tumor responds."""

import numpy as np
import pytest

from oestra.tumor.spread import new_lesion_risk

P = {
    "new_lesion_hazard": 0.001,
    "new_lesion_growth": 0.5,
    "new_lesion_burden": 0.5,
    "detection_log10_cells": 10.0,
    "visible_log10_cells": 7.5,
}
FULL = np.log(1e10)


def test_a_tumor_at_detection_has_the_hazard_that_is_declared():
    at = np.array([FULL])
    assert new_lesion_risk(at, at, 100.0, P) == pytest.approx([0.1])


def test_a_tenth_of_the_burden_has_the_power_of_a_tenth():
    at = np.array([FULL - np.log(10.0)])
    assert new_lesion_risk(at, at, 100.0, P) == pytest.approx([0.1 * 10**-0.5])


def test_growth_adds_and_shrinkage_does_not():
    low, high = np.array([FULL - 0.5]), np.array([FULL + 0.5])
    grown, shrunk = (
        new_lesion_risk(*pair, 100.0, P) for pair in ((low, high), (high, low))
    )
    assert grown == pytest.approx([0.1 + 0.5])
    assert shrunk == pytest.approx([0.1])


def test_growth_that_no_scan_shows_does_not_count():
    low, high = np.array([np.log(1e4)]), np.array([np.log(1e6)])
    assert new_lesion_risk(low, high, 100.0, P) < 0.01
    seen = np.array([np.log(10**7.5) + 0.5])
    risk = new_lesion_risk(low, seen, 0.0, P)
    assert risk == pytest.approx([0.25])


def test_a_tumor_that_is_gone_has_next_to_none():
    gone = np.array([-np.inf])
    risk = new_lesion_risk(gone, gone, 1000.0, P)
    assert np.all((risk >= 0) & (risk < 1e-4))
