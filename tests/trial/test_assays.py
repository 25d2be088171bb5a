"""Assays in plasma and tissue: known answers, and who is called mutant."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from oestra.core.errors import InputError
from oestra.core.streams import Streams
from oestra.history.cohort import simulate_cohort
from oestra.model.parameters import prior_parameters
from oestra.trial.assay import ASSAYS, assays_asked, with_assays
from oestra.trial.assay_agreement import assay_agreement
from oestra.trial.assumption import assumptions
from oestra.trial.candidates import candidates
from oestra.trial.designs import find_design, read_design
from oestra.trial.two_alleles import PLASMA_ALLELES
from oestra.tumor.clone import Clone

NAME = "EXAMPLE-ASSAYS"
N = 20_000
ALL = tuple(name for name in ASSAYS if name not in PLASMA_ALLELES)
"""Assays of genes; those of alleles have tests of their own."""


def shedding(spread):
    """Return the assumptions with tumors that shed as differently as told."""
    usual = assumptions().plasma_shedding
    told = replace(usual, value=spread, interval=(spread, spread))
    return replace(assumptions(), plasma_shedding=told)


KNOWN = shedding(0.0)


def people(cells, mutant_share, *, pik3ca="wild type", lines=1):
    """Return decisions of equal tumors, and a pool of them, with one lesion each."""
    log_cells = np.full((N, len(Clone)), -np.inf)
    log_cells[:, Clone.PARENTAL] = np.log(cells * (1 - mutant_share))
    if mutant_share:
        log_cells[:, Clone.ESR1_MUTANT] = np.log(cells * mutant_share)
    lesions = SimpleNamespace(
        site=np.tile(np.array([0, -1], dtype=np.int8), (N, 1)),
        mix=np.zeros((N, 2, len(Clone))),
    )
    pool = SimpleNamespace(
        log_cells=log_cells, streams=Streams(4), presentation=lambda _: lesions
    )
    decisions = pd.DataFrame(
        {
            "patient": np.arange(N) // lines,
            "setting": "progression",
            "prior_lines": np.arange(N) % lines,
            "esr1_mutant": mutant_share > 0.01,
            "pik3ca": pik3ca,
            "weight": 1.0,
        }
    )
    return decisions, pool


def share(name, *given, known=KNOWN, **more):
    decisions, pool = people(*given, **more)
    return with_assays(decisions, pool, (name,), known)[name].mean()


@pytest.mark.parametrize("billions", [0.5, 1.0, 5.0])
def test_plasma_calls_two_copies_of_a_poisson_number(billions):
    mean = 0.8 * billions
    called = 1 - np.exp(-mean) * (1 + mean)
    found = share("esr1_mutant_plasma", 1e9 * billions / 0.2, 0.2)
    assert found == pytest.approx(called, abs=0.012)
    # PIK3CA is mutated in every cell, so that a smaller tumor is enough.
    found = share("pik3ca_mutant_plasma", 1e9 * billions, 0.0, pik3ca="H1047R")
    assert found == pytest.approx(called, abs=0.012)


def test_without_the_mutation_calls_are_as_rare_as_the_assay_is_specific():
    assert share("esr1_mutant_plasma", 1e11, 0.0) == pytest.approx(0.01, abs=0.003)
    assert share("pik3ca_mutant_plasma", 1e11, 0.0) == pytest.approx(0.01, abs=0.003)
    expected = 0.005 * 0.9
    assert share("esr1_mutant_tissue", 1e11, 0.0) == pytest.approx(expected, abs=0.002)


def test_a_biopsy_finds_a_clone_that_is_not_rare_in_it():
    calls = 0.9 * 0.95
    assert share("esr1_mutant_tissue", 1e10, 0.3) == pytest.approx(calls, abs=0.01)
    assert share("esr1_mutant_tissue", 1e10, 0.05) == 0.0
    assert share("pik3ca_mutant_tissue", 1e10, 0.0, pik3ca="E545K") == pytest.approx(
        calls, abs=0.01
    )


def test_shedding_is_the_patients_and_each_tube_its_own():
    decisions, pool = people(1e10, 0.2, lines=2)
    known = shedding(2.0)
    called = with_assays(decisions, pool, ALL, known)["esr1_mutant_plasma"]
    first, second = called.to_numpy()[::2], called.to_numpy()[1::2]
    both = (first & second).mean()
    assert both > 1.15 * first.mean() * second.mean()
    assert both < 0.97 * first.mean()


def test_one_seed_has_one_answer_and_assays_do_not_share_it():
    decisions, pool = people(1e9, 0.5, pik3ca="H1047R")
    once = with_assays(decisions, pool, ALL, KNOWN)
    again = with_assays(decisions, pool, ALL[::-1], KNOWN)
    for name in ALL:
        np.testing.assert_array_equal(once[name], again[name])
    agree = (once["esr1_mutant_tissue"] == once["pik3ca_mutant_tissue"]).mean()
    assert agree < 0.9


def test_agreement_is_counted_by_weight_among_who_meets_the_other_criteria():
    design = find_design(NAME)
    called = [True, True, False, False, True, False]
    table = pd.DataFrame(
        {
            "her2_positive": [False] * 5 + [True],
            "setting": "progression",
            "prior_nonsteroidal_ai": True,
            "esr1_mutant": [True, False, True, False, True, True],
            "pik3ca": "wild type",
            "esr1_mutant_plasma": called,
            "esr1_mutant_tissue": False,
            "weight": [3.0, 1.0, 1.0, 4.0, 1.0, 90.0],
        }
    )
    found = assay_agreement(design, table)["esr1_mutant_plasma"]
    assert found.mutant_percent == pytest.approx(50.0)
    assert found.called_percent == pytest.approx(50.0)
    assert found.sensitivity_percent == pytest.approx(80.0)
    assert found.specificity_percent == pytest.approx(80.0)
    assert found.called_mutant_percent == pytest.approx(80.0)
    none = assay_agreement(design, table)["esr1_mutant_tissue"]
    assert none.called_mutant_percent is None
    assert none.to_json_dict()["sensitivity_percent"] == 0.0


def test_only_a_trial_that_asks_has_the_columns():
    pool = simulate_cohort(48, prior_parameters(), seed=3, workers=1)
    assert not assays_asked(find_design("BOLERO-2"))
    assert not set(ASSAYS) & set(candidates(find_design("BOLERO-2"), pool))
    asked = candidates(find_design(NAME), pool)
    assert set(ASSAYS) & set(asked) == {"esr1_mutant_plasma", "esr1_mutant_tissue"}
    assert asked["esr1_mutant_plasma"].dtype == bool


@pytest.mark.parametrize(
    ("criterion", "says"),
    [
        ("esr1_mutant_plazma", "nearest is 'esr1_mutant_plasma'"),
        ('esr1_mutant_plasma == "D538G"', "holds no words, got 'D538G'"),
    ],
)
def test_refusals(tmp_path, criterion, says):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "id: MINE\ntitle: mine\narms:\n"
        "  - {id: A, label: a, n: 50, regimen: exemestane 25 mg daily}\n"
        "  - {id: B, label: b, n: 50, regimen: elacestrant 345 mg daily}\n"
        f"eligibility: ['{criterion}']\nvisits: {{interval_weeks: 8}}\n"
        "criteria: RECIST-1.1\naccrual_months: 12\ndata_cut_months: 24\n"
    )
    with pytest.raises(InputError, match=says) as caught:
        read_design(path)
    assert "line 6" in str(caught.value)
    assert "\n" not in str(caught.value)
