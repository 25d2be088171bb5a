"""Trials that speak of two ESR1 alleles: who is enrolled, assays, refusals."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from oestra.cdisc.formats import Format
from oestra.cdisc.writer import table_writer
from oestra.core.errors import InputError
from oestra.core.streams import Streams
from oestra.course.assemble import esr1_alleles
from oestra.history.cohort import SECOND_ALLELE
from oestra.history.store import load_cohort
from oestra.model.parameters import prior_parameters
from oestra.trial.assay import with_assays
from oestra.trial.assumption import assumptions
from oestra.trial.candidates import candidates
from oestra.trial.case_mix import effective_patients, weigh
from oestra.trial.designs import designs, find_design, read_design
from oestra.trial.eligibility import screen
from oestra.trial.run import run_trial
from oestra.trial.tables.plan import table_plan
from oestra.trial.tables.sink import TableSink
from oestra.trial.two_alleles import PLASMA_ALLELES, cohort_of
from oestra.tumor.clone import SECOND_ESR1, Clone

NAME = "EXAMPLE-TWO-ALLELES"
N = 20_000
ALIKE = replace(assumptions().plasma_shedding, value=0.0, interval=(0.0, 0.0))
KNOWN = replace(assumptions(), plasma_shedding=ALIKE)
GENE = "esr1_mutant_plasma"


@pytest.fixture(scope="module")
def pool():
    return load_cohort()


def people(first, second, other=1e11):
    """Return patients with so many cells of two clones; none of a second is none."""
    cells = np.zeros((N, len(Clone) + 1))
    cells[:, Clone.PARENTAL] = other
    cells[:, Clone.ESR1_MUTANT], cells[:, SECOND_ESR1] = first, second
    with np.errstate(divide="ignore"):
        log_cells = np.log(cells)
    own = SimpleNamespace(
        log_cells=log_cells, streams=Streams(4), parameters=prior_parameters()
    )
    patient = np.arange(N)
    allele = esr1_alleles(patient, own.parameters, own.streams)
    beside = np.where(allele == "D538G", "Y537S", "D538G")
    mutant = first + second > 0.01 * cells.sum(axis=1)
    decisions = pd.DataFrame(
        {
            "patient": patient,
            "setting": "progression",
            "prior_lines": 1,
            "esr1_mutant": mutant,
            "esr1_allele": np.where(mutant, allele, "wild type"),
            SECOND_ALLELE: beside if second else "wild type",
        }
    )
    for column, name in PLASMA_ALLELES.items():
        has = (decisions["esr1_allele"] == name) | (decisions[SECOND_ALLELE] == name)
        decisions[column.removesuffix("_plasma")] = has
    called = with_assays(decisions, own, (GENE, *PLASMA_ALLELES), KNOWN)
    return called, allele


def called_for(copies):
    """Return how often two or more of a Poisson number of copies are read."""
    mean = 0.8 * copies
    return 1 - np.exp(-mean) * (1 + mean)


def test_each_allele_is_called_by_the_copies_of_its_own_clone():
    seen, allele = people(3e9, 1e9)
    for name in ("D538G", "Y537S"):
        column = f"esr1_{name.lower()}_plasma"
        first = seen.loc[allele == name, column]
        assert first.mean() == pytest.approx(called_for(3), abs=0.02)
        second = seen.loc[seen[SECOND_ALLELE] == name, column]
        assert second.mean() == pytest.approx(called_for(1), abs=0.02)
    assert seen[GENE].mean() == pytest.approx(called_for(4), abs=0.012)
    # Copies of two clones come each for themselves.
    pair = seen[(allele == "D538G")]
    both = pair["esr1_d538g_plasma"] & pair["esr1_y537s_plasma"]
    assert both.mean() == pytest.approx(called_for(3) * called_for(1), abs=0.015)


def test_the_gene_is_called_by_both_clones_as_by_one_of_their_size():
    apart, _ = people(1.5e9, 1e9)
    whole, _ = people(2.5e9, 0.0)
    assert (apart[GENE] == whole[GENE]).all()


def test_who_is_called_for_an_allele_is_called_mutant():
    seen, _ = people(3e9, 1e9)
    one, gene = seen[[*PLASMA_ALLELES]].any(axis=1), seen[GENE]
    assert not (one & ~gene).any()
    # A copy of each calls the gene and neither allele.
    assert (gene & ~one).any()
    for first in (2e9, 5e8, 0.0):
        seen, _ = people(first, 0.0)
        assert (seen[[*PLASMA_ALLELES]].any(axis=1) == seen[GENE]).all()


def test_an_error_names_one_allele_as_often_as_it_is_found():
    seen, _ = people(0.0, 0.0)
    for column, often in zip(PLASMA_ALLELES, (0.6, 0.32, 0.08), strict=True):
        assert seen[column].mean() == pytest.approx(0.01 * often, abs=0.002)
    assert seen[[*PLASMA_ALLELES]].sum(axis=1).max() == 1


def test_only_a_trial_that_tells_alleles_apart_has_another_population(pool):
    asking = [one.id for one in designs().values() if cohort_of(one, pool) is not pool]
    assert asking == [NAME]
    design = find_design("EXAMPLE-ASSAYS")
    own = design.model_copy(update={"definitions": {"y537s": "esr1_y537s_plasma"}})
    assert SECOND_ALLELE in cohort_of(own, pool).decisions


def test_whoever_is_enrolled_has_both(pool):
    design = find_design(NAME)
    table = candidates(design, cohort_of(design, pool))
    told = table.iloc[screen(design, table).rows]
    assert len(told) > 100
    pairs = told[["esr1_allele", SECOND_ALLELE]].apply(sorted, axis=1, result_type=None)
    assert set(map(tuple, pairs)) == {("D538G", "Y537S")}


def test_shares_that_speak_of_no_allele_do_not_move(pool):
    # No criterion of it reads ESR1, which a second clone may bring above a limit.
    plain = find_design("BOLERO-2").model_copy(update={"subgroups": {}})
    speaks = plain.model_copy(update={"subgroups": {"two": "esr1_y537s_plasma"}})
    share = []
    for design in (plain, speaks):
        table = candidates(design, cohort_of(design, pool))
        found = weigh(design, table, screen(design, table).rows)
        visceral = table["visceral"].to_numpy()[found.rows]
        share.append((found.weight @ visceral, found.effective_size))
    # As far as raking goes, which ends within a ten thousandth of every margin.
    assert share[1] == pytest.approx(share[0], rel=1e-4)


def test_who_stands_several_times_counts_once():
    table = pd.DataFrame(
        {
            "patient": [1, 1, 1, 2],
            "setting": "progression",
            "prior_lines": [1, 1, 2, 1],
            SECOND_ALLELE: ["wild type", "Y537S", "wild type", "wild type"],
        }
    )
    weight = np.array([0.5, 0.5, 1.0, 1.0])
    assert effective_patients(table, weight) == pytest.approx(3.0)
    plain = table.drop(columns=SECOND_ALLELE)
    assert effective_patients(plain, weight) == pytest.approx(9 / 2.5)


def test_the_example_runs_alike_each_time_and_tables_name_both(pool, tmp_path):
    design, formats = find_design(NAME), (Format.PARQUET,)
    names = {"study": NAME, "title": design.title, "version": "0"}
    with table_writer(tmp_path, table_plan(design), formats, **names) as add:
        result = run_trial(
            design,
            cohort=pool,
            replicates=1,
            patients=40,
            tables=TableSink(formats=formats, add=add),
        )
    alleles = pd.read_parquet(tmp_path / "adsl.parquet")["ESR1"]
    assert set(alleles) == {"D538G+Y537S", "Y537S+D538G"}
    assert set(result.screening["assays"]) == {
        "esr1_d538g_plasma",
        "esr1_y537s_plasma",
    }
    again = run_trial(NAME, cohort=pool, replicates=1, patients=40)
    assert again.to_json_dict() == result.to_json_dict()


@pytest.mark.parametrize(
    ("criteria", "says"),
    [
        (["esr1_y537s", "esr1_d538g", "esr1_y537n"], "a third allele of ESR1"),
        (["esr1_y537s and esr1_d538g and esr1_y537n"], "a third allele of ESR1"),
        (["esr1_y573s"], "nearest is 'esr1_y537s'"),
        (["esr1_second_allele == 'Y537C'"], "nearest is 'Y537"),
        (["esr1_y537s == 'Y537S'"], "holds no words"),
    ],
)
def test_refusals(tmp_path, criteria, says):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "id: MINE\ntitle: mine\narms:\n"
        "  - {id: A, label: a, n: 50, regimen: exemestane 25 mg daily}\n"
        "  - {id: B, label: b, n: 50, regimen: elacestrant 345 mg daily}\n"
        f"eligibility: {criteria}\nvisits: {{interval_weeks: 8}}\n"
        "criteria: RECIST-1.1\naccrual_months: 12\ndata_cut_months: 24\n"
    )
    with pytest.raises(InputError, match=says) as caught:
        read_design(path)
    assert "\n" not in str(caught.value)
