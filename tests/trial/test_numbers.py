"""Arms and cohorts have the numbers that a file gives them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from oestra.core.errors import InputError
from oestra.core.streams import Streams
from oestra.report.trial_figures import day_zero, patient_flow
from oestra.trial.case_mix import weigh
from oestra.trial.designs import find_design, read_design
from oestra.trial.eligibility import screen
from oestra.trial.enroll import block_size, enroll
from oestra.trial.error_account import planned
from oestra.trial.randomize import fixed_numbers
from oestra.trial.run import run_trial

HEAD = """
id: MINE
title: mine
arms:
  - {id: A, label: a, n: %d, regimen: exemestane 25 mg daily + everolimus 10 mg daily}
  - {id: B, label: b, n: %d, regimen: exemestane 25 mg daily}
eligibility: [prior_nonsteroidal_ai]
strata: [visceral, luminal_a]
visits: {interval_weeks: 8}
criteria: RECIST-1.1
accrual_months: 12
data_cut_months: 24
"""


def read(tmp_path, text, numbers=(200, 100)):
    path = tmp_path / "mine.yaml"
    path.write_text(HEAD % numbers + text)
    return read_design(path)


def enrolled(design, cohort, seed, patients=None):
    weighted = weigh(design, cohort.decisions, screen(design, cohort.decisions).rows)
    return enroll(
        design, cohort.decisions, weighted, streams=Streams(seed), patients=patients
    )


@pytest.mark.parametrize("numbers", [(200, 100), (120, 80), (97, 61), (300, 11)])
def test_exact_numbers_in_every_replicate(tmp_path, cohort, numbers):
    design = read(tmp_path, "exact_numbers: true\n", numbers)
    for seed in range(5):
        found = enrolled(design, cohort, seed)
        assert tuple(np.bincount(found.arm)) == numbers
        # Each stratum has its share within the patients of two blocks.
        table = pd.crosstab(found.stratum, found.arm)
        share = table.sum(axis=1) * numbers[0] / sum(numbers)
        assert (table[0] - share).abs().max() <= 8


def test_open_blocks_let_numbers_vary_where_nobody_asks(cohort):
    design = find_design("BOLERO-2")
    sizes = [int((enrolled(design, cohort, seed).arm == 0).sum()) for seed in range(9)]
    assert len(set(sizes)) > 1
    # Blocks of six in four strata: each leaves at most two too many or too few.
    assert max(abs(size - 724 * 2 / 3) for size in sizes) <= 4 * 2


def test_fewer_patients_keep_the_ratio(tmp_path, cohort):
    design = read(tmp_path, "exact_numbers: true\n", (120, 80))
    found = enrolled(design, cohort, 1, patients=50)
    assert tuple(np.bincount(found.arm)) == (30, 20)


GROUPS = """
groups:
  visceral: {where: visceral, n: {A: 120, B: 40}}
  other: {where: not visceral, n: {A: 80, B: 60}}
"""


def test_unequal_groups_keep_their_numbers(tmp_path, cohort):
    design = read(tmp_path, GROUPS)
    for seed in range(5):
        found = enrolled(design, cohort, seed)
        table = pd.crosstab(found.group, found.arm)
        assert table.to_numpy().tolist() == [[120, 40], [80, 60]]


@given(
    counts=st.lists(st.integers(0, 40), min_size=1, max_size=4).filter(any),
    block=st.integers(1, 12),
    strata=st.integers(1, 5),
    seed=st.integers(0, 99),
)
def test_fixed_numbers_are_fixed(counts, block, strata, seed):
    stratum = np.random.default_rng(seed).integers(0, strata, sum(counts))
    arm = fixed_numbers(stratum, counts, block, Streams(seed))
    assert np.bincount(arm, minlength=len(counts)).tolist() == counts


def test_cohorts_have_their_numbers_criteria_and_results(cohort, follow):
    result = run_trial("EXAMPLE-COHORTS", cohort=cohort, follow=follow, replicates=2)
    assert {name: arm.n for name, arm in result.arms.items()} == {"MUT": 40, "WILD": 25}
    assert result.contrasts == ()
    assert set(result.strata["mutant"].arms) == {"MUT"}
    assert set(result.strata["wild type"].arms) == {"WILD"}
    design = find_design("EXAMPLE-COHORTS")
    found = enrolled(design, cohort, 3)
    who = cohort.decisions.iloc[found.row]
    mutant = (who["pik3ca"] != "wild type").to_numpy()
    np.testing.assert_array_equal(found.arm == 0, mutant)
    assert (who["prior_lines"].to_numpy()[~mutant] <= 1).all()
    assert (who["prior_lines"].to_numpy()[mutant] > 1).any()
    for name in ("MUT", "WILD"):
        whole = result.arms[name].endpoints["pfs_median_months"]
        stratum = "mutant" if name == "MUT" else "wild type"
        own = result.strata[stratum].arms[name].endpoints["pfs_median_months"]
        assert own == whole


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        ((20, 10), "gives it about 15; set allocation (2:1), or exact_numbers"),
        ((60, 40), "gives it about 50; set allocation (3:2), or exact_numbers"),
        ((150, 50), "gives it about 100; set allocation (3:1), or exact_numbers"),
        ((300, 11), "gives it about 156; set allocation or exact_numbers"),
    ],
)
def test_unequal_numbers_without_allocation_are_refused(tmp_path, numbers, says):
    with pytest.raises(InputError, match=r"line 5: A has n") as caught:
        read(tmp_path, "", numbers)
    assert says in str(caught.value)


@pytest.mark.parametrize("numbers", [(43, 50), (11, 9), (109, 102)])
def test_numbers_as_open_blocks_leave_them_are_taken(tmp_path, numbers):
    assert [arm.n for arm in read(tmp_path, "", numbers).arms] == [*numbers]


def uneven(tmp_path, text=""):
    path = tmp_path / "mine.yaml"
    head = HEAD % (300, 100)
    path.write_text(head.replace("n: 300", "n: 300, allocation: 3") + text)
    return read_design(path)


def test_events_of_unequal_arms_tell_less(tmp_path):
    """The information of an event is the product of the shares: 3/16, not 1/4."""
    (end,) = planned(uneven(tmp_path, "analysis: {final_events: 200}\n"))
    assert end.hazard_ratio == pytest.approx(
        np.exp(-norm.ppf(0.975) / np.sqrt(200 * 3 / 16)), abs=1e-9
    )


def test_three_to_one_is_kept_within_every_stratum(tmp_path, cohort):
    design = uneven(tmp_path)
    assert block_size(design) == 8
    for seed in range(4):
        found = enrolled(design, cohort, seed)
        table = pd.crosstab(found.stratum, found.arm)
        # An open block of eight lacks at most two of the one, or six of the three.
        assert (table[1] - table.sum(axis=1) / 4).abs().max() <= 2
    few = enrolled(design, cohort, 1, patients=40)
    assert abs(int((few.arm == 0).sum()) - 30) <= 4 * 2


POOLED = """\
randomized: false
groups:
  mutant: {where: pik3ca != "wild type", n: {A: 40, B: 12}}
  wild type: {where: pik3ca == "wild type", n: {A: 25}}
"""


def test_an_arm_of_several_groups_without_control_is_an_arm_a_group(
    tmp_path, cohort, follow
):
    design = read(tmp_path, POOLED, (65, 12))
    numbers = {"A mutant": 40, "A wild type": 25, "B": 12}
    assert {arm.id: arm.n for arm in design.arms} == numbers
    assert [arm.label for arm in design.arms] == ["a, mutant", "a, wild type", "b"]
    assert design.groups["mutant"].n == {"A mutant": 40, "B": 12}
    assert type(design).model_validate(design.model_dump()) == design
    result = run_trial(design, cohort=cohort, follow=follow, replicates=2)
    assert {name: arm.n for name, arm in result.arms.items()} == numbers
    assert set(result.patients["TRTP"]) == set(numbers)
    # As written with an arm a group, by hand.
    assert set(result.strata["mutant"].arms) == {"A mutant", "B"}
    assert "A" not in result.to_json_dict()["arms"]
    flow = patient_flow(result, design)
    assert [arm.allocated for arm in flow.arms] == [40, 25, 12]
    assert not flow.by_chance
    assert day_zero(design) == "enrollment"


def test_groups_of_a_randomized_trial_are_pooled_over(tmp_path):
    randomized = read(tmp_path, GROUPS)
    assert randomized.arm_ids == ("A", "B")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("A: 25", "A: 24", r"line 5: the groups put 64 patients into A, its n is 65"),
        ("A: 25", "A: -1", r"line 16: .*A needs at least 1 patient"),
        ("randomized: false", "randomized: no way", "line 13"),
        (
            "randomized: false",
            "randomized: false\nanalysis: {contrasts: [{arm: A, control: B}]}",
            "line 14: there is no arm 'A'; arms: A mutant, A wild type, B",
        ),
    ],
)
def test_faults_of_such_arms_are_told_where_they_are_written(tmp_path, old, new, says):
    with pytest.raises(InputError, match=says):
        read(tmp_path, POOLED.replace(old, new, 1), (65, 12))


def test_faults_in_an_arm_after_such_an_arm_keep_their_line(tmp_path):
    text = HEAD.replace("b, n: %d", "b, n: 0") % 65 + POOLED
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=r"line 6: arms\.1\.n") as caught:
        read_design(path)
    assert "arms.2" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"exact_numbers: true\n{GROUPS}", "groups have their numbers exactly anyway"),
        ("exact_numbers: true\nrandomized: false\n", "arms that are not randomized"),
    ],
)
def test_an_idle_word_is_refused(tmp_path, text, says):
    with pytest.raises(
        InputError, match=rf"line 1\d: exact_numbers .*{says}"
    ) as caught:
        read(tmp_path, text)
    assert "\n" not in str(caught.value)
