"""A second ESR1 allele is given to whom it is asked for, and to nobody else."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from oestra.course.assemble import ESR1_ALLELES, esr1_shares
from oestra.drugs.regimen import Regimen
from oestra.follow.treatment import Changes, run_course
from oestra.history.cohort import SECOND_ALLELE
from oestra.history.second_allele import (
    ALLELE_COLUMNS,
    TWO_ALLELES,
    with_second_alleles,
)
from oestra.history.store import load_cohort
from oestra.network.alteration import find_alteration
from oestra.network.cell import cell
from oestra.tumor.burden import log_total
from oestra.tumor.clone import SECOND_ESR1, Clone

FULVESTRANT = "fulvestrant 500 mg on days 1, 15, 29 then every 28 days"
DAYS = np.arange(0.0, 337.0, 28.0)


@pytest.fixture(scope="module")
def plain():
    """Return some patients of the pool that ships, many of them with a mutation."""
    pool = load_cohort()
    mutant = pool.decisions["esr1_mutant"].to_numpy()
    rows = np.sort(
        np.concatenate([np.flatnonzero(mutant)[::6], np.flatnonzero(~mutant)[::60]])
    )
    return replace(
        pool,
        decisions=pool.decisions.iloc[rows].reset_index(drop=True),
        y=pool.y[rows],
        log_cells=pool.log_cells[rows],
    )


@pytest.fixture(scope="module")
def both(plain):
    return with_second_alleles(plain)


def treated(cohort, rows, **changes):
    """Follow patients on fulvestrant."""
    return run_course(
        replace(cohort, **changes),
        rows,
        Regimen.parse(FULVESTRANT),
        days=DAYS,
        changes=Changes(stop_day=np.full(len(rows), np.inf)),
        streams=cohort.streams,
    )


def having(both):
    """Return the rows of tumors with two alleles, and their decisions in the pool."""
    two = (both.decisions[SECOND_ALLELE] != "wild type").to_numpy()
    known = ["patient", "setting", "prior_lines"]
    whole = both.decisions.loc[~two, known].reset_index()
    found = both.decisions.loc[two, known].merge(whole, on=known, how="left")
    return np.flatnonzero(two), found["index"].to_numpy()


def test_everything_known_before_stays(plain, both):
    count = len(plain.decisions)
    rest = both.decisions.iloc[:count].drop(columns=[SECOND_ALLELE, *ALLELE_COLUMNS])
    without = ["weight"]
    pd.testing.assert_frame_equal(
        rest.drop(columns=without), plain.decisions.drop(columns=without)
    )
    assert both.y[:count, : len(Clone)].tobytes() == plain.y.tobytes()
    assert both.log_cells[:count, : len(Clone)].tobytes() == plain.log_cells.tobytes()
    assert np.isneginf(both.log_cells[:count, SECOND_ESR1]).all()
    two, one = having(both)
    assert len(two) > 40
    same = ["esr1_mutant", "esr1_mutant_share", "esr1_allele", "ki67_percent", "sites"]
    pd.testing.assert_frame_equal(
        both.decisions.iloc[two][same].reset_index(drop=True),
        plain.decisions.iloc[one][same].reset_index(drop=True),
    )


def test_weights_say_how_often_and_add_up(plain, both):
    two, one = having(both)
    whole = plain.decisions["weight"].to_numpy()
    parts = both.decisions["weight"].to_numpy()
    total = parts[: len(whole)] + np.bincount(one, parts[two], minlength=len(whole))
    np.testing.assert_allclose(total, whole, rtol=1e-12)
    able = (plain.decisions["esr1_mutant_share"] > 0.02).to_numpy()
    assert set(one) == set(np.flatnonzero(able))
    assert parts[two].sum() == pytest.approx(TWO_ALLELES.value * whole[able].sum())


def test_the_second_is_another_allele_by_its_share(plain, both):
    shares = dict(zip(ESR1_ALLELES, esr1_shares(plain.parameters), strict=True))
    assert shares == pytest.approx({"D538G": 0.6, "Y537S": 0.32, "Y537N": 0.08})
    two, one = having(both)
    told = both.decisions.iloc[two]
    assert (told["esr1_allele"] != told[SECOND_ALLELE]).all()
    whole = plain.decisions["weight"].to_numpy()[one]
    for first, second, often in (
        ("D538G", "Y537S", 0.32 / 0.4),
        ("Y537S", "D538G", 0.6 / 0.68),
        ("Y537N", "Y537S", 0.32 / 0.92),
    ):
        pair = (told["esr1_allele"] == first) & (told[SECOND_ALLELE] == second)
        assert pair.any()
        found = told.loc[pair, "weight"].to_numpy() / whole[pair.to_numpy()]
        np.testing.assert_allclose(found, TWO_ALLELES.value * often)


def test_columns_tell_who_has_which(both):
    told = both.decisions
    for column, allele in ALLELE_COLUMNS.items():
        has = (told["esr1_allele"] == allele) | (told[SECOND_ALLELE] == allele)
        assert (told[column] == has).all()
    number = told[[*ALLELE_COLUMNS]].sum(axis=1)
    two = told[SECOND_ALLELE] != "wild type"
    assert (number == told["esr1_mutant"].astype(int) + two).all()


def test_mutants_are_shared_and_both_clones_can_be_detected(plain, both):
    two, one = having(both)
    larger, smaller = (both.log_cells[two, k] for k in (Clone.ESR1_MUTANT, SECOND_ESR1))
    np.testing.assert_allclose(
        np.logaddexp(larger, smaller), plain.log_cells[one, Clone.ESR1_MUTANT]
    )
    assert (smaller <= larger).all()
    share = np.exp(smaller - log_total(both.log_cells[two]))
    assert share.min() > plain.parameters["esr1_detectable_share"]
    other = np.delete(both.log_cells[two], [Clone.ESR1_MUTANT, SECOND_ESR1], axis=1)
    before = np.delete(plain.log_cells[one], Clone.ESR1_MUTANT, axis=1)
    assert other.tobytes() == before.tobytes()


def test_given_once(both):
    assert with_second_alleles(both) is both


def test_the_second_clone_has_its_allele_and_the_others_what_they_had(plain, both):
    two, one = having(both)
    model = cell()
    found, before = both.lanes(two).p, plain.lanes(one).p
    assert found[:, : len(Clone)].tobytes() == before.tobytes()
    own = found[:, SECOND_ESR1]
    for name in ESR1_ALLELES:
        has = (both.decisions[SECOND_ALLELE].iloc[two] == name).to_numpy()
        assert has.any()
        for parameter, value in find_alteration("ESR1", name).set.items():
            assert (own[has, model.column(parameter)] == value).all()
    mix = both.presentation(two).mix
    assert mix[:, :, : len(Clone)].tobytes() == plain.presentation(one).mix.tobytes()
    assert (mix[:, :, SECOND_ESR1] != mix[:, :, Clone.ESR1_MUTANT]).any()


def test_without_a_second_allele_a_course_is_what_it_was(plain, both):
    rows = np.arange(0, len(plain.decisions), 3)
    before, after = treated(plain, rows), treated(both, rows)
    for name in ("total", "ki67", "measurable"):
        assert getattr(after, name).tobytes() == getattr(before, name).tobytes(), name
    # A clone that is absent weighs as one cell in lesions, of the millions there are.
    large = log_total(plain.log_cells[rows]) > np.log(1e7)
    assert large.mean() > 0.9
    for name in ("log_volume", "fdg_uptake"):
        np.testing.assert_allclose(
            getattr(after, name)[large],
            getattr(before, name)[large],
            rtol=1e-6,
            atol=1e-5,
        )
    clones = np.ascontiguousarray(after.clone_log_cells[:, : len(Clone)])
    assert clones.tobytes() == np.ascontiguousarray(before.clone_log_cells).tobytes()
    assert np.isneginf(after.clone_log_cells[:, SECOND_ESR1]).all()


def test_a_second_clone_of_the_same_allele_changes_no_burden(plain, both):
    two, one = having(both)
    first = both.decisions.assign(**{SECOND_ALLELE: both.decisions["esr1_allele"]})
    alike = treated(both, two, decisions=first)
    before = treated(plain, one)
    # A handful of cells dies out by chance, and the chance of two clones is another.
    some = before.total > np.log(1e4)
    assert some.mean() > 0.98
    np.testing.assert_allclose(alike.total[some], before.total[some], atol=2e-3)


def test_y537s_beside_d538g_withstands_fulvestrant_and_takes_over(both):
    told = both.decisions
    rows = np.flatnonzero(
        (told["esr1_allele"] == "D538G") & (told[SECOND_ALLELE] == "Y537S")
    )
    seen = treated(both, rows)
    cells = seen.clone_log_cells[:, [SECOND_ESR1, Clone.ESR1_MUTANT]].astype(float)
    ahead = cells[:, 0] - cells[:, 1]
    # Fulvestrant ends the smallest of the clones of D538G altogether.
    lasting = np.isfinite(ahead).all(axis=1)
    assert lasting.mean() > 0.95
    assert (np.diff(ahead[lasting][:, [0, 6, 12]]) > 0).all()
