"""Orders of therapies as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.appraisal.candidate import candidates_for
from oestra.appraisal.therapy_order import MOST_LINES, MOST_ORDERS, read_orders
from oestra.core.errors import InputError
from oestra.drugs.regimen import Regimen

NAMES = [one.id for one in candidates_for(her2_positive=False)]


def only(text, **known):
    (order,) = read_orders([text], **known)
    return order


def test_a_line_is_a_name_a_word_or_a_regimen():
    order = only("Fulvestrant>letrozole >  chemotherapy> exemestane 25 mg  daily")
    assert order.name == (
        "fulvestrant > letrozole > chemotherapy > exemestane 25 mg daily"
    )
    assert order.regimens == (
        "fulvestrant 500 mg on days 1, 15, 29 then every 28 days",
        "letrozole 2.5 mg daily",
        "paclitaxel 80 mg/m2 weekly for 21 days every 28 days",
        "exemestane 25 mg daily",
    )
    assert [line.chemotherapy for line in order.lines] == [False, False, True, False]
    assert order.first_chemotherapy == 2
    assert only("tamoxifen").first_chemotherapy is None


def test_chemotherapy_comes_with_trastuzumab_where_practice_gives_it():
    (regimen,) = only("chemotherapy", her2_positive=True).regimens
    assert set(Regimen.parse(regimen).drugs) == {"paclitaxel", "trastuzumab"}


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=MOST_LINES))
def test_names_that_are_offered_read_back(names):
    order = only(" > ".join(names))
    assert [line.name for line in order.lines] == names
    assert only(" > ".join(order.regimens)).regimens == order.regimens


def test_orders_share_lines_up_to_where_they_part():
    one, other, third = read_orders(
        [
            "fulvestrant > exemestane > chemotherapy",
            "fulvestrant > tamoxifen > chemotherapy",
            "fulvestrant > exemestane",
        ]
    )
    assert one.shared_with(other) == other.shared_with(one) == 1
    assert one.shared_with(third) == 2
    assert one.shared_with(one) == 3


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        ([], "From 1 to 8 orders"),
        (["fulvestrant"] * (MOST_ORDERS + 1), "got 9"),
        (["fulvestrant", "Fulvestrant"], "given twice"),
        ([""], "is empty"),
        ([" > "], "is empty"),
        (["fulvestrant > > exemestane"], "Line 2 of the order"),
        (["fulvestrant >"], "Line 2 of the order"),
        ([" > ".join(["fulvestrant"] * (MOST_LINES + 1))], "at most 8 lines, got 9"),
        (["fulvestrant > capecitabine"], "No therapy 'capecitabine' in the order"),
        (["fulvestrnat"], "nearest is 'fulvestrant'"),
        (["fulvestrant > capecitabine 1250 mg twice daily"], "No drug 'capecitabine'"),
        (["none"], "No therapy 'none'"),
    ],
)
def test_what_is_no_order_is_refused_in_one_sentence(texts, says):
    with pytest.raises(InputError) as refused:
        read_orders(texts)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
