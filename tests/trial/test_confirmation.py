"""A response counts when the next evaluable visit, late enough, shows it again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.trial.recist import Code, best_response, confirmed

NE, PD, SD, NON, PR, CR = Code


def confirm(visits, days, weeks=4):
    response = np.array([visits], dtype=np.int8)
    day = np.array([days], dtype=float)
    return [Code(c) for c in confirmed(response, day, weeks)[0]]


@pytest.mark.parametrize(
    ("apart", "want"), [(28.0, PR), (29.0, PR), (27.0, SD), (21.0, SD), (27.99, SD)]
)
def test_four_weeks_are_28_days(apart, want):
    assert confirm([PR, PR], [56.0, 56.0 + apart]) == [want, SD]


@given(
    weeks=st.integers(1, 12),
    apart=st.integers(1, 120),
    start=st.floats(1.0, 500.0),
    seen=st.sampled_from([PR, CR]),
)
def test_a_repeat_confirms_from_its_interval_on(weeks, apart, start, seen):
    first, last = confirm([seen, seen], [start, start + apart], weeks)
    assert first == (seen if apart >= 7 * weeks else SD)
    assert last == SD


CASES = [
    # rule, visits, days, after confirmation
    (
        "a repeat too early is not passed over for a later one",
        [PR, PR, PR], [42, 56, 84], [SD, PR, SD],
    ),
    ("a missed visit is passed over", [PR, NE, PR], [42, 56, 84], [PR, NE, SD]),
    ("CR then PR counts as PR", [CR, PR], [42, 84], [PR, SD]),
    ("PR then CR counts as PR at first", [PR, CR, CR], [42, 84, 126], [PR, CR, SD]),
    ("stable disease needs no repeat", [SD, NON, PD], [42, 84, 126], [SD, NON, PD]),
    ("progression does not confirm", [PR, PD], [42, 84], [SD, PD]),
    ("a missed visit is not turned into disease", [NE, NE], [42, 84], [NE, NE]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("visits", "days", "want"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_rules_of_confirmation(visits, days, want):
    assert confirm(visits, days) == want


def test_nobody_asks_where_no_interval_is_given():
    assert confirm([PR, SD], [42, 84], None) == [PR, SD]


def test_a_response_starts_where_it_was_first_seen():
    response = np.array([[SD, PR, PR], [PR, SD, SD]], dtype=np.int8)
    day = np.array([[42.0, 84.0, 126.0]] * 2)
    best = best_response(response, day, confirmation_weeks=4)
    assert best.start.tolist() == [84.0, np.inf]
    assert best.code.tolist() == [PR, SD]
    unasked = best_response(response, day, confirmation_weeks=None)
    assert unasked.start.tolist() == [84.0, 42.0]
