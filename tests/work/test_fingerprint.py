"""Equal input has an equal name, other input another."""

import copy
from dataclasses import dataclass
from enum import Enum
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.core.library import SHIPPED, library_of
from oestra.trial.designs import find_design
from oestra.work.fingerprint import fingerprint

PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary()
)
NESTED = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)
    ),
    max_leaves=12,
)


class Color(Enum):
    """A kind."""

    RED = 1


@dataclass(frozen=True)
class Point:
    """A record."""

    x: float
    y: float


@given(NESTED)
def test_a_value_has_one_name(value):
    assert fingerprint(value) == fingerprint(copy.deepcopy(value))


@given(st.dictionaries(st.text(), PLAIN, min_size=2))
def test_the_order_of_a_mapping_does_not_matter(value):
    turned = dict(reversed(list(value.items())))
    assert fingerprint(value) == fingerprint(turned)


def test_different_values_have_different_names():
    values = [
        1, 1.0, True, "1", b"1", None, (1,), (1, 1), ((1,), 1), {"1": 1}, {1}, {"1"},
        Color.RED, Point(1, 2), Point(2, 1), np.array([1]), np.array([1.0]),
        np.array([[1]]), np.int64(1), pd.DataFrame({"a": [1]}),
        pd.DataFrame({"b": [1]}), pd.DataFrame({"a": [1]}, index=[1]), max, min,
        partial(max, 1), partial(max, 2), np.array(["1", None], dtype=object),
        find_design("BOLERO-2"), find_design("SoFEA"), ["ab", "c"], ["a", "bc"],
    ]  # fmt: skip
    assert len({fingerprint(value) for value in values}) == len(values)


def test_a_list_and_a_tuple_are_the_same_to_a_task():
    assert fingerprint([1, 2]) == fingerprint((1, 2))


def test_what_has_no_name_is_refused():
    with pytest.raises(TypeError, match="no fingerprint"):
        fingerprint(lambda: 1)


def test_a_library_is_named_by_its_files(tmp_path):
    for name, text in (("one", "a: 1"), ("two", "a: 1"), ("three", "a: 2")):
        (tmp_path / name / "drugs").mkdir(parents=True)
        (tmp_path / name / "drugs" / "mine.yaml").write_text(text)
    names = [fingerprint(library_of([tmp_path / n])) for n in ("one", "two", "three")]
    assert names[0] == names[1] != names[2]
    assert fingerprint(SHIPPED) not in names
