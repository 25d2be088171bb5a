"""The public judge of one patient: its properties, and what it refuses."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oestra
from oestra.core.errors import InputError
from oestra.core.terms import Criteria, Response

GOOD = (Response.PR, Response.CR)
sizes = st.lists(
    st.one_of(st.integers(0, 80), st.just("NE")), min_size=4, max_size=4
).map(list)
lesions = st.lists(
    st.builds(
        lambda site, first, later: {"site": site, "sizes": [first, *later]},
        st.sampled_from(["liver", "lung", "node", "bone", "skin"]),
        st.integers(5, 60),
        sizes,
    ),
    min_size=1,
    max_size=6,
)
new = st.lists(
    st.sampled_from(["no", "no", "no", "equivocal", "yes"]), min_size=4, max_size=4
)
criteria = st.sampled_from(list(Criteria))


def history(lesions, new=("no",) * 4):
    visits = [{"day": 42 * (at + 1), "new_lesion": word} for at, word in enumerate(new)]
    return {"lesions": lesions, "visits": visits}


@given(lesions, new, criteria)
def test_what_always_holds(lesions, new, criteria):
    found = oestra.best_response(history(lesions, new), criteria=criteria)
    progressed = [Response.PD in found.responses[: at + 1] for at in range(4)]
    for at, visit in enumerate(found.visits):
        # A new lesion is progression, and nothing but CR or NE follows CR.
        assert not visit.new_lesion or visit.overall is Response.PD
        if Response.CR in found.responses[:at]:
            assert visit.overall in (Response.CR, Response.NE, Response.PD)
    if any(progressed):
        assert found.progression_day == 42 * (1 + progressed.index(True))
    else:
        assert found.progression_day is None
    # A confirmed response was seen, before progression, and needs no more than once.
    assert (found.best in GOOD) == (found.response_day is not None)
    if found.best in GOOD:
        assert found.best_unconfirmed in GOOD
        assert found.responses[int(found.response_day / 42) - 1] in GOOD
        assert found.duration_days >= 28
    words = {str(one) for one in found.responses}
    if criteria is not Criteria.RECIST_1_1:
        assert "NON-CR/NON-PD" not in {*words, str(found.best)}
    elif not found.targets:
        assert not {"SD", "PR"} & {*words, str(found.best)}
    json.dumps(found.to_json_dict(), allow_nan=False)


@given(lesions, criteria, st.permutations(range(6)))
def test_the_order_of_lesions_of_one_size_does_not_matter(lesions, criteria, order):
    first = {one["sizes"][0] for one in lesions}
    if len(first) < len(lesions):
        return
    shuffled = [lesions[at] for at in order if at < len(lesions)]
    one, other = (
        oestra.best_response(history(which), criteria=criteria)
        for which in (lesions, shuffled)
    )
    assert (one.best, one.responses) == (other.best, other.responses)


@given(lesions, criteria, st.integers(0, 3))
@settings(max_examples=50)
def test_a_visit_knows_nothing_of_later_ones(lesions, criteria, visits):
    short = [one | {"sizes": one["sizes"][: visits + 1]} for one in lesions]
    early = oestra.best_response(
        {"lesions": short, "visits": [42 * (at + 1) for at in range(visits)]},
        criteria=criteria,
    )
    whole = oestra.best_response(history(lesions), criteria=criteria)
    if not any(one["site"] == "node" for one in lesions):
        assert whole.responses[:visits] == early.responses


@given(st.integers(10, 300), st.integers(0, 300))
def test_one_lesion_by_the_printed_rule(first, later):
    found = oestra.best_response({"lesions": {"lung": [first, later]}, "visits": [42]})
    want = Response.SD
    if later == 0:
        want = Response.CR
    elif 10 * later <= 7 * first:
        want = Response.PR
    elif 10 * later >= 12 * first and later - first >= 5:
        want = Response.PD
    assert found.responses == (want,)


@given(st.integers(100, 3000), st.floats(0.001, 10.0))
def test_borders_do_not_depend_on_the_unit_of_writing(tenths, scale):
    """Exactly 30 % smaller is PR and exactly 20 % larger PD, whatever the decimals."""
    base = tenths * scale
    if not 25 <= base <= 800:
        return
    found = oestra.best_response(
        {"lesions": {"lung": [base, base * 0.7, base * 0.7 * 1.2]}, "visits": [42, 84]}
    )
    rise = base * 0.7 * 0.2
    assert found.responses[0] is Response.PR
    if abs(rise - 5) > 1e-6:
        assert (found.responses[1] is Response.PD) == (rise > 5)


def test_names_of_criteria_and_ways_to_ask_for_confirmation():
    one = {"lesions": {"lung": [30, 20, 20]}, "visits": [42, 63]}
    assert oestra.best_response(one, criteria="recist 1.0").criteria == "RECIST-1.0"
    assert oestra.best_response(one, confirm=3).best is Response.PR
    assert oestra.best_response(one, confirm=True).best is Response.SD
    assert oestra.best_response(one, confirm=False).best is Response.PR


def test_sums_and_nadirs_are_told():
    found = oestra.best_response(
        {
            "lesions": [
                {"site": "liver", "sizes": [30, 20, 25]},
                {"site": "lung", "sizes": [20, 10, "NE"]},
            ],
            "visits": [42, 84],
        }
    )
    assert found.baseline == 50
    assert [visit.sum for visit in found.visits] == [30, None]
    assert [visit.nadir for visit in found.visits] == [50, 30]


LUNG = {"site": "lung", "sizes": [30, 20]}
NODE = {"site": "node", "sizes": [13, 8], "target": True}
REFUSED = [
    ([], "mapping"),
    ({}, "needs 'visits'"),
    ({"visit": [42]}, "nearest is 'visits'"),
    ({"visits": 42}, "visits is a list"),
    ({"visits": [42, 42]}, "day 42 follows 42"),
    ({"visits": [np.nan]}, "Visit 1: day is a number"),
    ({"visits": [-1]}, "up to 36500, got -1"),
    ({"visits": [True]}, "Visit 1: day"),
    ({"visits": [{"day": 42, "new_lesions": True}]}, "nearest is 'new_lesion'"),
    ({"visits": [{"day": 42, "new_lesion": "perhaps"}]}, "known are equivocal, no"),
    ({"visits": [{"day": 42, "response": "PRR"}]}, "nearest is 'PR'"),
    ({"visits": [{"day": 42, "response": "PR"}, 84]}, "1 responses at 2 visits"),
    ({"visits": [{"day": 42, "response": "PR"}], "lesions": [LUNG]}, "either lesions"),
    ({"visits": [{"day": 42, "response": "PR", "evaluable": False}]}, "not evaluable"),
    ({"visits": [{"day": 42, "response": "PR", "new_lesion": True}]}, "already"),
    ({"visits": [{"day": 42, "evaluable": "no"}]}, "true or false"),
    ({"visits": [42], "lesions": [{"site": "lung"}]}, "Lesion 1 needs 'sizes'"),
    ({"visits": [42], "lesions": [LUNG | {"sizes": [30]}]}, "2 in all, got 1"),
    ({"visits": [42], "lesions": [LUNG | {"site": ""}]}, "name of an organ"),
    ({"visits": [42], "lesions": {"lung": [30, "gon"]}}, "nearest is 'gone'"),
    ({"visits": [42], "lesions": {"lung": [30, -3]}}, "at least 0 up to 1000"),
    ({"visits": [42], "lesions": {"lung": [30, [1, 2, 3]]}}, "one or two diameters"),
    ({"visits": [42], "lesions": {"lung": [30, {"split": []}]}}, "has parts"),
    ({"visits": [42], "lesions": {"lung": [30, {"spilt": [3]}]}}, "nearest is 'split'"),
    ({"visits": [42], "lesions": {"lung": [0, 20]}}, "before treatment"),
    ({"visits": [42], "lesions": {"lung": ["NE", 20]}}, "before treatment"),
    ({"visits": [42], "lesions": {"lung": [30, "worse"]}}, "target lesion has a size"),
    ({"visits": [42], "lesions": {"lung": [30, "present"]}}, "target lesion has a"),
    (
        {
            "visits": [42],
            "lesions": [{"site": "node", "sizes": [13, 8], "target": True}],
        },
        "a node measures 15 mm or more",
    ),
    ({"visits": [42], "lesions": [LUNG | {"target": True}] * 3}, "one target too many"),
    ({"visits": [42], "lesions": [LUNG | {"target": "yes"}]}, "true or false"),
    ({"visits": [{"day": 42, "evaluable": False}], "lesions": [LUNG]}, "has a reading"),
    (
        {
            "visits": [{"day": 42, "nontarget": "gone"}],
            "lesions": {"bone": ["present", "gone"]},
        },
        "either by lesion or by visit",
    ),
    ({"visits": [{"day": 42, "nontarget": "gone"}, 84]}, "at 1 of 2 visits"),
    ({"visits": [42], "death_day": 30}, "before the last visit"),
    ({"visits": [42], "lesions": {"lung": [10**400, 20]}}, "got 1000000"),
    ({"visits": [10**400]}, "Visit 1: day is a number of at least 0 up to 36500"),
    ({"visits": [42], "lesions": {"lung": ["30 mm", 20]}}, "mm without a unit"),
    ({"visits": [42], "lesions": {"lung": [30, [10, 0]]}}, "both diameters"),
    ({"visits": [42], "lesions": {"lung": [30, {"split": [9, 0]}]}}, "sizes above 0"),
    ({"visits": [42], "lesions": {"lung": [{"split": [9, 8]}, 9]}}, "so many lesions"),
    ({"visits": [42], "lesions": {"lung": [30, "merged"]}}, "no other lesion of this"),
    (
        {
            "visits": [42],
            "lesions": {"lung": [30, "merged"], "liver": [30, 60]},
        },
        "no other lesion of this organ",
    ),
    (
        {
            "visits": [42],
            "lesions": [
                LUNG | {"sizes": [30, "merged"]},
                LUNG | {"sizes": [30, 60], "target": False},
            ],
        },
        "goes on as the target",
    ),
    ({"visits": [42], "lesions": [LUNG | {"name": "x"}] * 2}, "2 lesions have the"),
    ({"visits": [42], "lesions": [LUNG | {"name": {}}]}, "name is a line of text"),
    ({"visits": [42], "lesions": [LUNG], "measurable": False}, "measurable is false"),
    (
        {"visits": [{"day": 42, "response": "PR"}], "measurable": False},
        "which needs targets",
    ),
    ({"visits": [{"day": 42, "nontarget": "merged"}]}, "known are NE, gone, present"),
    (
        {"visits": [{"day": 42, "evaluable": False, "nontarget": "gone"}]},
        "its non-target lesions are gone",
    ),
    (
        {
            "visits": [42],
            "lesions": [{"site": "ascites", "sizes": [30, 8], "target": True}],
        },
        "is not measured by these criteria",
    ),
]


@pytest.mark.parametrize(("given_", "says"), REFUSED, ids=[x[1] for x in REFUSED])
def test_a_history_that_cannot_be_meant_is_refused_in_one_sentence(given_, says):
    with pytest.raises(InputError) as refused:
        oestra.best_response(given_)
    assert says in str(refused.value)
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"criteria": "RECIST-1.2"}, "nearest is"),
        ({"confirm": -1}, "confirm is a number from 0"),
        ({"confirm": "4"}, "confirm is a number"),
        ({"inevaluable_between": 1.5}, "a whole number"),
        ({"stable_weeks": np.nan}, "stable_weeks is a number"),
    ],
)
def test_rules_that_cannot_be_meant_are_refused(options, says):
    with pytest.raises(InputError, match=says):
        oestra.best_response({"visits": [42]}, **options)


def test_older_criteria_have_no_size_for_what_is_too_small():
    one = {"lesions": {"lung": [30, "too small"]}, "visits": [42]}
    assert oestra.best_response(one).visits[0].sum == 5
    with pytest.raises(InputError, match="no size to a lesion too small"):
        oestra.best_response(one, criteria="RECIST-1.0")


def test_older_criteria_know_no_word_for_disease_without_targets():
    one = {"visits": [{"day": 42, "response": "NON-CR/NON-PD"}]}
    assert oestra.best_response(one).best is Response.NON_CR_NON_PD
    for criteria in ("RECIST-1.0", "WHO"):
        with pytest.raises(InputError, match="without targets the word is SD"):
            oestra.best_response(one, criteria=criteria)


def test_bone_is_never_measured_in_recist_1_0():
    one = {
        "lesions": [{"site": "bone", "sizes": [30, 20], "target": True}],
        "visits": [42],
    }
    assert oestra.best_response(one).responses == (Response.PR,)
    with pytest.raises(InputError, match="is not measured by these criteria"):
        oestra.best_response(one, criteria="RECIST-1.0")


@pytest.mark.parametrize(
    "site", ["LN axilla", "lymphnodes", "nodal", "Lymph\u00a0Node", "lymph-node"]
)
def test_words_for_nodes(site):
    found = oestra.best_response({"lesions": {site: [20, 9, 9]}, "visits": [42, 84]})
    assert found.best is Response.CR


@pytest.mark.parametrize(
    "site", ["bones", "skeletal", "pleural effusion", "Ascites", "lymphangitis"]
)
def test_words_for_what_is_not_measured(site):
    found = oestra.best_response({"lesions": {site: [20, 9, 9]}, "visits": [42, 84]})
    assert found.best is Response.NON_CR_NON_PD
    assert found.targets == ()


def test_the_nearest_criteria_is_told_as_it_is_written():
    with pytest.raises(InputError, match=r"nearest is 'RECIST-1\.1'"):
        oestra.best_response({"visits": [42]}, criteria="RECIST 1.2")


@pytest.mark.parametrize(
    "site", ["node, axillary", "LN.", "nodes/neck", "Lymph node (left)", "axillary: LN"]
)
def test_a_node_is_one_however_its_site_is_written(site):
    # A node of 13 mm is no target, and one of 8 mm is normal.
    lesion = {"site": site, "sizes": [13, 8]}
    found = oestra.best_response({"lesions": [lesion], "visits": [42]}, confirm=None)
    assert (found.targets, found.best) == ((), Response.CR)


def test_bone_and_effusion_are_no_targets_however_they_are_written():
    for site in ("bone: L2", "pleural effusion, left"):
        lesion = {"site": site, "sizes": [30, 15]}
        found = oestra.best_response({"lesions": [lesion], "visits": [42]})
        assert found.targets == ()


def test_a_visit_comes_after_the_baseline():
    lesion = {"site": "liver", "sizes": [30, 15]}
    with pytest.raises(InputError, match="Visit 1: day 0 is that of the baseline"):
        oestra.best_response({"lesions": [lesion], "visits": [0]})


def test_arrays_and_their_numbers_are_numbers():
    plain = {"lesions": [{"site": "liver", "sizes": [30, 20, 10]}], "visits": [42, 84]}
    sizes, days = np.array([30, 20, 10]), np.array([42, 84])
    for one in (sizes, pd.Series(sizes), list(sizes), sizes.astype(np.float32)):
        given = {"lesions": [{"site": "liver", "sizes": one}], "visits": days}
        assert oestra.best_response(given) == oestra.best_response(plain)
    marked = [{"day": day, "new_lesion": np.bool_(day > 50)} for day in days]
    found = oestra.best_response(plain | {"visits": marked}, confirm=np.int64(4))
    assert found.progression_day == 84


def test_nan_is_no_size():
    lesion = {"site": "liver", "sizes": [30, float("nan")]}
    with pytest.raises(InputError, match="visit 1: a size is missing, got nan; write"):
        oestra.best_response({"lesions": [lesion], "visits": [42]})
