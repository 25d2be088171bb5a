"""Records with expressions survive the way to bytes and back."""

import math

from hypothesis import given
from hypothesis import strategies as st

from oestra.solve.expression import Expression, const, operation, parameter, state, time
from oestra.solve.stored import pack, unpack

leaves = st.one_of(
    st.builds(const, st.floats(allow_nan=False)),
    st.builds(state, st.integers(0, 3)),
    st.builds(parameter, st.integers(0, 3)),
    st.just(time()),
)


def _joined(below: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    two = st.sampled_from(["add", "sub", "mul", "div", "pow"])
    return st.builds(operation, two, below, below)


@given(st.lists(st.recursive(leaves, _joined), max_size=4))
def test_expressions_are_the_same_objects(roots):
    record = {"roots": tuple(roots), "name": "x"}
    again = unpack(pack(record))
    assert again["name"] == "x"
    assert len(again["roots"]) == len(roots)
    assert all(a is b for a, b in zip(again["roots"], roots, strict=True))


def test_deep_graphs_and_signs_of_zero():
    deep = state(0)
    for k in range(20_000):
        deep = deep + float(k)
    zeros = (const(0.0), const(-0.0), const(math.inf))
    again = unpack(pack((deep, zeros)))
    assert again[0] is deep
    assert all(a is b for a, b in zip(again[1], zeros, strict=True))
