"""Criteria that can mean nothing are refused when they are read."""

import numpy as np
import pandas as pd
import pytest

from oestra.core.errors import InputError
from oestra.trial.admissible import check_criterion
from oestra.trial.criterion import evaluate
from oestra.trial.rules import MOST_PATIENTS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "not age_years <= 50",
            "two ways; write 'not .age_years <= 50.' or 'age_years",
        ),
        ("bone and not sites == 2", "or 'sites != 2'"),
        ("not pik3ca in ['H1047R']", "or .pik3ca not in"),
        ("not 40 < age_years < 60", "write 'not .40 < age_years < 60.'"),
        ("ki67_percent >= 101", "can never hold: ki67_percent lies from 0 to 100"),
        ("esr1_mutant_share * 100 > 100", "can never hold"),
        ("-er_h_score > 0", "can never hold"),
        ("age_years + sites > 400", "can never hold: age_years .* sites"),
        ("sites in [1, 31]", "can never hold"),
        ("10 < sites < 0", "can never hold"),
        (
            "esr1_allele == 'D538G' and bone and esr1_allele == 'Y537S'",
            "is one word; write esr1_allele in ..D538G., .Y537S.. for either, "
            "esr1_d538g and esr1_y537s for both",
        ),
        ("cyp2d6 == 'PM' and cyp2d6 == 'IM'", "can never hold: cyp2d6 is one word;"),
        ("esr1_allele = 'D538G'", "compare with '==', and write it like"),
        ("liver == 1", "compares yes or no with a number"),
        ("liver > lung", "use == or !="),
        ("cyp2d6 >= 'PM'", "use == or !="),
        ("setting == age_years", "compares words with a number"),
        ("bone + liver > 1", "is yes or no where a number is needed"),
        ("-bone", "is a number where yes or no is needed"),
        ("age_years", "is a number where yes or no is needed"),
        ("cyp2d6", "is words where yes or no is needed"),
        ("3 < 4", "speaks of no patient"),
        ("sites / 0 > 1", "divides by zero"),
        ("sites in 3", "needs a list"),
        ("sites in []", "needs a list"),
        ("sites == [1]", "compares a number with a list"),
        ("'ab' * 999999999 == cyp2d6", "compares a number with words"),
        ("sites in [2] * 999999999", "needs a list"),
        ("sites ** 9 > 1", "uses Pow"),
        ("sites > 3j", "no number"),
        ("sites > 0x3", "no number"),
        ("sites > 1_0", "no number"),
        ("sites > 3or bone", "no number"),
        ("sites > " + "3" * 300, "no number of at most 17 digits"),
        ("sites > 3 # bone", "means nothing"),
        ("cyp2d6 == b'PM'", "holds b'PM'"),
        ("sites == None", "holds None"),
        ("größe > 3", "names are of letters"),
        ("(" * 99 + "bone" + ")" * 99, "nested more than 40 deep"),
        ("not " * 60 + "bone", "nested more than 40 deep"),
        (" or ".join(["bone"] * 250), "more than 400 words"),
        ("bone or " * 300, "more than 2,000 characters"),
    ],
)
def test_nonsense_is_refused(text, said):
    with pytest.raises(InputError, match=said) as caught:
        check_criterion(text, (), where="plan.yaml, line 9")
    assert "plan.yaml, line 9" in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "text",
    [
        "not (age_years > 60)",
        "not bone",
        "not not bone",
        "age_years >= 0",
        "old == bone",
        "sites not in [1, 2]",
        "cyp2d6 != 'PM'",
        "true",
        "0 < sites <= 30",
        "bone == false",
        "(liver or lung) == old",
        "adjuvant_months / 12 > 5",
        "sites in (1, 2)",
    ],
)
def test_sense_is_let_through(text):
    check_criterion(text, ("old",), where="plan.yaml")


def test_comparisons_with_a_missing_value_are_false():
    table = pd.DataFrame({"months_since_adjuvant": [np.nan, 5.0, 7.0]})
    for text, want in (
        ("months_since_adjuvant != 5", [False, False, True]),
        ("months_since_adjuvant not in [5]", [False, False, True]),
        ("months_since_adjuvant in [5]", [False, True, False]),
        ("months_since_adjuvant > 0", [False, True, True]),
    ):
        assert evaluate(text, table).tolist() == want


def test_definitions_are_evaluated_once_however_often_they_are_named():
    table = pd.DataFrame({"bone": [True, False]})
    chain = {f"d{n}": f"d{n + 1} and d{n + 1}" for n in range(60)}
    assert evaluate("d0", table, {**chain, "d60": "bone"}).tolist() == [True, False]
    with pytest.raises(InputError, match="defined by itself"):
        evaluate("d0", table, {**chain, "d60": "d3"})


def test_groups_enrolled_apart_share_nobody(cohort, follow):
    from oestra.trial.designs import find_design  # noqa: PLC0415 - reads the library
    from oestra.trial.run import run_trial  # noqa: PLC0415

    design = find_design("S0226_MEHTA")
    first, second = design.groups
    where = design.groups[first].where
    groups = {
        first: design.groups[first],
        second: design.groups[second].model_copy(
            update={"where": f"({where}) or bone"}
        ),
    }
    plan = design.model_copy(update={"groups": groups})
    with pytest.raises(InputError, match="share patients"):
        run_trial(plan, cohort=cohort, follow=follow, replicates=1, patients=40)


def test_sizes_are_known_before_the_run(cohort, follow, monkeypatch):
    from oestra.trial import memory  # noqa: PLC0415
    from oestra.trial.run import run_trial  # noqa: PLC0415

    given = {"cohort": cohort, "follow": follow, "replicates": 1}
    with pytest.raises(InputError, match="at most 100,000 patients"):
        run_trial("TAMRAD", patients=MOST_PATIENTS + 1, **given)
    monkeypatch.setattr(memory, "physical_memory", lambda: 1e6)
    with pytest.raises(InputError, match="GiB of memory"):
        run_trial("TAMRAD", patients=1000, **given)
