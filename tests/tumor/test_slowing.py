"""Small tumors turn over faster, as Gompertz has it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.tumor.slowing import pace_of_size

P = {"detection_log10_cells": 10.0, "limit_log10_cells": 12.5}


@pytest.mark.parametrize(
    ("log10_cells", "pace"), [(10.0, 1.0), (11.0, 1.0), (7.5, 2.0), (5.0, 3.0), (0, 5)]
)
def test_pace_falls_with_the_log_of_the_size(log10_cells, pace):
    found = pace_of_size(np.array([log10_cells * np.log(10.0)]), P)
    np.testing.assert_allclose(found, [pace], rtol=1e-12)


def test_a_tumor_without_cells_is_as_fast_as_one_cell():
    assert pace_of_size(np.array([-np.inf]), P) == pace_of_size(np.zeros(1), P)


@given(st.lists(st.floats(-5, 40), min_size=2, max_size=9), st.floats(11.7, 30.0))
def test_it_never_rises_and_is_one_once_found(sizes, limit):
    p = {"detection_log10_cells": 10.0, "limit_log10_cells": limit}
    pace = pace_of_size(np.sort(np.array(sizes)), p)
    assert (np.diff(pace) <= 0).all()
    assert (pace >= 1.0).all()


def test_without_a_limit_nothing_slows_down():
    p = {"detection_log10_cells": 10.0, "limit_log10_cells": 1e9}
    np.testing.assert_allclose(pace_of_size(np.zeros(1), p), 1.0, rtol=1e-7)
