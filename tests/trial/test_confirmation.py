"""A response counts when any later visit shows it again and none between denies it."""

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
        "a repeat too early is passed over for a later one",
        [PR, PR, PR], [42, 56, 84], [PR, PR, SD],
    ),
    (
        "three weeks apart, eight times",
        [PR] * 8, [21 * k for k in range(1, 9)], [PR] * 6 + [SD] * 2,
    ),
    ("stable disease between denies it", [PR, SD, PR], [42, 56, 84], [SD, SD, SD]),
    ("two missed visits are too many", [PR, NE, NE, PR], [42, 56, 70, 84],
     [SD, NE, NE, SD]),
    ("a missed visit is passed over", [PR, NE, PR], [42, 56, 84], [PR, NE, SD]),
    ("CR then PR is progression", [CR, PR], [42, 84], [SD, PD]),
    ("CR then SD is progression", [CR, CR, NE, SD], [42, 84, 126, 168],
     [CR, SD, NE, PD]),
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


@given(
    codes=st.lists(st.sampled_from([NE, PD, SD, PR, CR]), max_size=10),
    gaps=st.lists(st.integers(7, 84), min_size=10, max_size=10),
    weeks=st.integers(1, 12),
    missed=st.integers(0, 3),
)
def test_confirmation_by_its_definition(codes, gaps, weeks, missed):
    """Compare with the rule written out for one patient, visit by visit."""
    day = np.cumsum(gaps)[: len(codes)].astype(float)
    after, complete = [], False
    for code in codes:
        back = complete and code not in (CR, NE)
        after.append(PD if back else code)
        complete |= code == CR

    def shown_again(first, good):
        for last in range(first + 1, len(after)):
            between = after[first + 1 : last]
            if (
                after[last] in good
                and day[last] - day[first] >= 7 * weeks
                and all(code in (*good, NE) for code in between)
                and between.count(NE) <= missed
            ):
                return True
        return False

    want = []
    for visit, code in enumerate(after):
        good = {CR: (CR,), PR: (PR, CR)}.get(code)
        lasts = good is None or shown_again(visit, good)
        want.append(code if lasts else SD)
    got = confirmed(
        np.array([codes], dtype=np.int8), day[None], weeks, inevaluable_between=missed
    )
    assert got[0].tolist() == want


@given(
    codes=st.lists(st.sampled_from(list(Code)), min_size=1, max_size=8),
    more=st.integers(0, 3),
)
def test_a_rule_that_asks_less_confirms_no_less(codes, more):
    response = np.array([codes], dtype=np.int8)
    day = 28.0 * np.arange(1, len(codes) + 1)[None]

    def best(**rule):
        return best_response(response, day, **({"confirmation_weeks": 4} | rule)).code

    strict = best(inevaluable_between=0)[0]
    assert best(inevaluable_between=more)[0] >= strict
    assert best(stable_between=more, inevaluable_between=0)[0] >= strict
    assert best(confirmation_weeks=8)[0] <= best()[0] <= best(confirmation_weeks=None)


@pytest.mark.parametrize(
    ("visits", "rule", "want"),
    [
        ([PR, NE, PR], {"inevaluable_between": 0}, SD),
        ([PR, NE, NE, PR], {"inevaluable_between": 1}, SD),
        ([PR, NE, NE, PR], {"inevaluable_between": 2}, PR),
        ([PR, SD, PR], {"stable_between": 0}, SD),
        ([PR, SD, PR], {"stable_between": 1}, PR),
        ([PR, SD, SD, PR], {"stable_between": 1}, SD),
    ],
)
def test_a_trial_says_how_much_may_lie_between(visits, rule, want):
    response = np.array([visits], dtype=np.int8)
    day = 28.0 * np.arange(1, len(visits) + 1)[None]
    best = best_response(response, day, confirmation_weeks=4, **rule)
    assert best.code.tolist() == [want]


def test_an_unconfirmed_response_counts_as_the_word_that_is_asked():
    response = np.array([[CR], [CR]], dtype=np.int8)
    best = best_response(
        response,
        np.array([[42.0], [42.0]]),
        confirmation_weeks=4,
        otherwise=np.array([SD, NON], dtype=np.int8),
    )
    assert best.code.tolist() == [SD, NON]


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
