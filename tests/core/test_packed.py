"""Numbers kept small: nearest of twelve bits, and back without a change."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from oestra.core.packed import pack, rounded, unpack

LARGEST = float(np.float32(1e30))
ANY = st.floats(-LARGEST, LARGEST, width=32)


@given(arrays(np.float32, (5, 2, 3), elements=ANY))
def test_rounding_keeps_one_part_in_eight_thousand(values):
    near = rounded(values)
    usual = np.abs(values) > 1e-30
    assert np.abs(near[usual] / values[usual] - 1).max(initial=0) <= 2.0**-13


@given(arrays(np.float32, (4, 3), elements=ANY))
def test_rounding_twice_is_rounding_once(values):
    once = rounded(values)
    assert rounded(once).tobytes() == once.tobytes()


@given(arrays(np.float32, (6, 2, 3), elements=ANY))
def test_packed_comes_back_unchanged(values):
    kept = rounded(values)
    back = unpack(pack(kept))
    assert back.shape == kept.shape
    assert back.tobytes() == kept.tobytes()


def test_known_numbers():
    assert rounded(np.float32([1.0, 0.5, -3.25, 0.0])).tolist() == [1, 0.5, -3.25, 0]
    assert rounded(np.float32([1 / 3]))[0] == pytest.approx(1 / 3, rel=1.3e-4)


def test_what_is_no_number_stays():
    values = np.float32([np.inf, -np.inf, np.nan])
    assert np.array_equal(rounded(values), values, equal_nan=True)
