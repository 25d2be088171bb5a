"""What grows at progression in a trial: shares, carriers, who stands for whom."""

import numpy as np
import pytest

from oestra.appraisal.failures import Failed, failures, leaders
from oestra.appraisal.mechanism import mechanisms
from oestra.core.errors import InputError
from oestra.history.cohort import SECOND_ALLELE
from oestra.history.store import load_cohort
from oestra.model.parameters import best_parameters
from oestra.trial.designs import find_design
from oestra.trial.two_alleles import cohort_of
from oestra.tumor.clone import SECOND_ESR1, Clone


@pytest.fixture(scope="module")
def cohort():
    return load_cohort(best_parameters())


@pytest.fixture(scope="module")
def found(cohort):
    return failures(find_design("BOLERO-2"), cohort, criteria=mechanisms().criteria)


def test_shares_are_of_those_who_progress_by_weight():
    failed = Failed(
        who=np.array([True, True, False, True]),
        month=np.array([1.0, 2.0, np.inf, 3.0]),
        leading=np.array([0, 1, 1, 1]),
    )
    shares = failed.shares(np.array([1.0, 2.0, 50.0, 1.0]))
    assert shares[Clone.PARENTAL] == pytest.approx(25.0)
    assert shares[Clone.ESR1_MUTANT] == pytest.approx(75.0)
    assert sum(shares.values()) == pytest.approx(100.0)


def test_mutants_of_either_allele_lead_as_mutants_and_are_told_by_allele(cohort):
    both = cohort_of(find_design("EXAMPLE-TWO-ALLELES"), cohort)
    told = both.decisions
    pair = (told["esr1_allele"] == "D538G") & (told[SECOND_ALLELE] == "Y537S")
    rows = np.flatnonzero(pair)[:3]
    failed = Failed(
        who=np.ones(3, dtype=bool),
        month=np.ones(3),
        leading=np.array([Clone.ESR1_MUTANT, SECOND_ESR1, Clone.RTK_HIGH]),
    )
    weight = np.array([1.0, 2.0, 1.0])
    assert failed.shares(weight)[Clone.ESR1_MUTANT] == pytest.approx(75.0)
    named = leaders(failed, both, rows, weight)
    assert named["ESR1 D538G"] == pytest.approx(25.0)
    assert named["ESR1 Y537S"] == pytest.approx(50.0)
    assert named["ESR1 Y537N"] == 0.0
    assert named["high RTKs"] == pytest.approx(25.0)
    # Where nobody has two, mutants are mutants.
    assert leaders(failed, cohort, rows, weight)["ESR1 mutants"] == pytest.approx(75.0)


def test_arms_have_the_same_patients_and_more_fail_on_the_weaker(found):
    both, alone = found
    assert (both.arm, alone.arm) == ("EXE+EVE", "EXE")
    assert both.patients == alone.patients
    assert alone.progressed_percent > both.progressed_percent
    assert 0 < both.early_percent <= both.progressed_percent
    for criterion, (enrolled, _) in both.carriers_percent.items():
        assert alone.carriers_percent[criterion][0] == enrolled


def test_carriers_are_as_frequent_as_the_trial_admits(found):
    enrolled = {text: both for text, (both, _) in found[0].carriers_percent.items()}
    assert enrolled["her2_positive"] == 0
    assert 30 < enrolled['pik3ca != "wild type"'] < 60


def test_mutants_lead_more_often_where_only_they_are_left_to_grow(found):
    for arm in found:
        assert sum(arm.leading_percent.values()) == pytest.approx(100.0)
        enrolled, early = arm.carriers_percent["esr1_mutant"]
        assert early > enrolled


def test_the_same_seed_gives_the_same_shares(cohort, found):
    again = failures(find_design("BOLERO-2"), cohort, criteria=mechanisms().criteria)
    assert again == found


def test_a_trial_without_a_plain_arm_is_told(cohort):
    design = find_design("BOLERO-2")
    bare = design.model_copy(
        update={
            "arms": tuple(a.model_copy(update={"regimen": ""}) for a in design.arms)
        }
    )
    with pytest.raises(InputError, match="No arm of BOLERO-2"):
        failures(bare, cohort)
