"""Practice by year: who was given what, and one pool that serves all years."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.core.errors import InputError
from oestra.core.quantity import Origin
from oestra.history import era
from oestra.history.by_year import ByYear
from oestra.history.cohort import simulate_cohort
from oestra.history.era import ERAS, era_columns, log_share
from oestra.history.therapies import practice
from oestra.model.parameters import prior_parameters

PATIENTS = 240


def by_year(**given_):
    rest = {"factor": (0.5, 2.0), "origin": Origin.ASSUMED, "reason": "a test"}
    return ByYear(**{"years": {2000: 1.0, 2010: 3.0}, **rest, **given_})


@pytest.fixture(scope="module")
def pool():
    return simulate_cohort(PATIENTS, prior_parameters(), seed=5, workers=2)


def test_between_years_numbers_lie_on_a_line_and_outside_they_stay():
    year = np.array([1990.0, 2000.0, 2005.0, 2010.0, 2024.0])
    assert by_year().at(year) == pytest.approx([1, 1, 2, 3, 3])


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"years": {}}, "at least one year"),
        ({"years": {20: 1.0}}, "20 is no year"),
        ({"years": {2000: -1.0}}, "2000: must be 0 or more"),
        ({"factor": (2.0, 3.0)}, "factor must hold 1"),
        ({"reason": ""}, "needs a reason"),
        ({"origin": Origin.MEASURED}, "needs a source"),
    ],
)
def test_a_number_by_year_is_checked(given_, said):
    with pytest.raises(InputError, match=said):
        by_year(**given_)


@given(st.lists(st.floats(0.01, 10), min_size=2, max_size=6), st.integers(0, 5))
def test_the_log_of_a_share_is_that_of_its_odds(odds, place):
    code = np.array([place % len(odds)])
    found = np.exp(log_share(np.array([odds]), code))[0]
    assert found == pytest.approx(odds[code[0]] / sum(odds))


def test_drugs_are_given_from_their_approval_on():
    known = practice()
    first = {
        "letrozole with palbociclib": 2014,
        "fulvestrant with alpelisib": 2018,
        "exemestane with everolimus": 2011,
        "fulvestrant 500": 2010,
    }
    for name, year in first.items():
        odds = known.odds(2, np.array([1995.0, float(year), year + 2.0]))
        assert (odds[:, known.code(name)] > 0).tolist() == [False, False, True], name


def test_what_shares_a_class_fails_together():
    known = practice()

    def alike(one, other):
        return bool(known.alike[known.code(one), known.code(other)])

    assert alike("letrozole", "anastrozole")
    assert alike("letrozole", "letrozole with palbociclib")
    assert alike("fulvestrant with palbociclib", "letrozole with palbociclib")
    assert not alike("letrozole", "fulvestrant with palbociclib")
    assert not alike("none", "letrozole")
    assert known.class_of_drug["palbociclib"] == "cdk46_inhibitor"
    assert known.class_of_drug["fulvestrant"] == "fulvestrant"


def test_nobody_was_given_what_her_year_or_her_tumor_rules_out(pool):
    m = pool.decisions
    modern = m["prior_cdk46_inhibitor"]
    assert modern.any()
    assert (m.loc[modern, ["era_2000", "era_2006"]] == 0).to_numpy().all()
    assert (m.loc[modern & (m["prior_lines"] == 1), "era_2012"] == 0).all()
    assert not (modern & m["her2_positive"]).any()
    assert not (m["prior_pi3k_inhibitor"] & (m["pik3ca"] == "wild type")).any()
    assert not (m["prior_anti_her2"] & ~m["her2_positive"]).any()


def test_most_were_given_a_cdk46_inhibitor_in_2023_who_could_be(pool):
    m = pool.decisions
    m = m[(m["setting"] == "progression") & ~m["her2_positive"]]
    weight = m["weight"] * m["era_2023"]
    assert weight[m["prior_cdk46_inhibitor"]].sum() / weight.sum() > 0.6


def test_months_on_a_class_are_those_of_its_lines(pool):
    m = pool.decisions
    first = m[(m["prior_lines"] == 1) & (m["adjuvant_therapy"] == "none")]
    for name in ("tamoxifen", "nonsteroidal_ai"):
        on = first[first["last_therapy"] == name]
        assert len(on)
        assert np.allclose(on[f"{name}_months"], on["last_therapy_months"])
    partner = first[first["last_partner"] == "cdk46_inhibitor"]
    assert np.allclose(
        partner["cdk46_inhibitor_months"], partner["last_therapy_months"]
    )
    assert ((m["tamoxifen_months"] > 0) <= m["prior_tamoxifen"]).all()


def test_weights_of_an_era_keep_the_size_of_the_population(pool):
    m = pool.decisions
    m = m[m["setting"] == "relapse"]
    for name in era_columns():
        weight = m[name].to_numpy()
        error = weight.std() / np.sqrt(len(weight))
        assert abs(weight.mean() - 1.0) < 5 * error + 0.05, name


def test_lives_of_one_era_and_of_all_say_the_same_of_it(pool, monkeypatch):
    """Two designs of the sample agree on the practice of 2012."""
    monkeypatch.setattr(era, "FIRST_YEARS", (2010.0,))
    monkeypatch.setattr("oestra.history.onset.FIRST_YEARS", (2010.0,))
    other = simulate_cohort(PATIENTS, prior_parameters(), seed=6, workers=2)
    asked = ("last_therapy == 'exemestane'", "last_therapy == 'tamoxifen'")

    def shares(cohort):
        m = cohort.decisions
        m = m[m["setting"] == "progression"]
        weight = (m["weight"] * m["era_2012"]).to_numpy()
        size = weight.sum() ** 2 / (weight**2).sum()
        found = [weight[m.eval(text)].sum() / weight.sum() for text in asked]
        return np.array(found), size

    (one, n), (two, k) = shares(pool), shares(other)
    # A patient decides up to three times.
    error = np.sqrt(3 * one * (1 - one) * (1 / n + 1 / k))
    assert (np.abs(one - two) < 4 * error).all()


def test_eras_are_columns_in_order():
    assert era_columns() == tuple(f"era_{year}" for year in ERAS)
    assert list(ERAS) == sorted(ERAS)
