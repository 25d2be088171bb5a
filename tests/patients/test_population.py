"""The population has the published frequencies, and no patient knows of the others."""

import numpy as np
import pandas as pd
import pytest

from oestra.core.parameter_set import ParameterSet
from oestra.core.streams import Streams
from oestra.patients import population_table, sample_population

N = 20_000
TABLE = population_table()
P = ParameterSet.of(TABLE)


@pytest.fixture(scope="module")
def c():
    return sample_population(N, P, Streams(1)).covariates


def within(share, low, high, n=N):
    """Tell whether a share is in an interval, its sampling error allowed for."""
    error = 4 * np.sqrt(max(share * (1 - share), 1e-4) / n)
    return low - error <= share <= high + error


@pytest.mark.parametrize(
    ("where", "given", "name"),
    [
        ("luminal_a", None, "luminal_a_share"),
        ("her2_positive", None, "her2_given_hr_positive"),
        ("pgr_positive", None, "pgr_positive"),
        ("pik3ca != 'wild type'", "luminal_a", "pik3ca_luminal_a"),
        ("pik3ca != 'wild type'", "not luminal_a", "pik3ca_luminal_b"),
        ("pik3ca == 'H1047R'", "pik3ca != 'wild type'", "pik3ca_share_h1047r"),
        ("pik3ca == 'E545K'", "pik3ca != 'wild type'", "pik3ca_share_e545k"),
        ("pten_loss", "luminal_a", "pten_loss_luminal_a"),
        ("pten_loss", "not luminal_a", "pten_loss_luminal_b"),
        ("inpp4b_loss", "luminal_a", "inpp4b_loss_luminal_a"),
        ("inpp4b_loss", "not luminal_a", "inpp4b_loss_luminal_b"),
        ("akt1_mutant", None, "akt1_e17k"),
        ("ccnd1_amplified", "luminal_a", "ccnd1_luminal_a"),
        ("ccnd1_amplified", "not luminal_a", "ccnd1_luminal_b"),
        ("cyp2d6 == 'PM'", None, "cyp2d6_poor"),
        ("cyp2d6 == 'IM'", None, "cyp2d6_intermediate"),
        ("cyp2d6 == 'UM'", None, "cyp2d6_ultrarapid"),
        ("de_novo_stage_iv", None, "de_novo_share"),
        ("adjuvant_therapy == 'none'", "not de_novo_stage_iv", "adjuvant_none"),
        (
            "adjuvant_therapy == 'tamoxifen'",
            "not de_novo_stage_iv",
            "adjuvant_tamoxifen",
        ),
        ("adherence < 1", None, "low_adherence"),
    ],
)
def test_frequencies(c, where, given, name):
    among = c if given is None else c.query(given)
    share = among.eval(where).mean()
    assert within(share, P[name], P[name], len(among)), name
    assert within(share, *TABLE[name].interval, len(among)), name


def traded_for_receptor(c):
    """Return the log of growth factor drive that a tumor gives up for its receptor."""
    level = np.log(c["er_h_score"] / P["er_h_score_median"])
    return P["er_growth_factor_tradeoff"] * level


@pytest.mark.parametrize(
    ("column", "median", "log_sd"),
    [
        ("drive_estrogen", "drive_estrogen_median", "drive_estrogen_log_sd"),
        ("drive_growth_factor", "drive_growth_factor_median",
         "drive_growth_factor_log_sd"),
        ("rtk_adaptation", "rtk_adaptation_median", "rtk_adaptation_log_sd"),
        ("independence", "independence_median", "independence_log_sd"),
        ("coactivator", None, "coactivator_log_sd"),
        ("egfr", None, "egfr_log_sd"),
        ("igf1r", None, "igf1r_log_sd"),
        ("erbb2", None, "erbb2_log_sd"),
        ("e2_factor", None, "e2_baseline_log_sd"),
        ("weight_kg", "weight_mean_kg", "weight_cv"),
    ],
)  # fmt: skip
def test_log_normal_traits(c, column, median, log_sd):
    logs = np.log(c[column])
    if column == "drive_growth_factor":
        logs = logs + traded_for_receptor(c)
    center = np.log(P[median]) if median else 0.0
    assert logs.mean() == pytest.approx(center, abs=4 * P[log_sd] / np.sqrt(N))
    assert logs.std() == pytest.approx(P[log_sd], rel=0.03)


def test_pace_follows_subtype_and_her2(c):
    def median(where):
        return c.query(where)["doubling_time_days"].median()

    plain = median("luminal_a and not her2_positive")
    assert plain == pytest.approx(P["doubling_time_days"], rel=0.05)
    luminal_b = median("not luminal_a and not her2_positive")
    assert plain / luminal_b == pytest.approx(P["luminal_b_pace"], rel=0.06)
    her2 = median("luminal_a and her2_positive")
    assert plain / her2 == pytest.approx(P["her2_pace"], rel=0.1)


def test_what_cannot_be(c):
    assert c["er_h_score"].between(0, 300, inclusive="right").all()
    assert c["adherence"].between(0, 1).all()
    assert (c["weight_kg"] > 20).all()
    de_novo = c[c["de_novo_stage_iv"]]
    assert (de_novo["adjuvant_therapy"] == "none").all()
    assert (c.loc[c["adjuvant_therapy"] == "none", "adjuvant_years"] == 0).all()
    given = c.loc[c["adjuvant_therapy"] != "none", "adjuvant_years"]
    assert given.between(0, P["adjuvant_years"]).all()
    early = (given < P["adjuvant_years"]).mean()
    assert early == pytest.approx(P["adjuvant_stop_early"], abs=0.02)
    assert not c.isna().any().any()


def test_traits_that_share_no_cause_are_independent(c):
    numeric = c[["drive_estrogen", "drive_growth_factor", "egfr", "age_years",
                 "weight_kg", "e2_factor", "er_h_score"]].copy()  # fmt: skip
    numeric["drive_growth_factor"] *= np.exp(traded_for_receptor(c))
    off = numeric.corr("spearman").to_numpy() - np.eye(numeric.shape[1])
    assert np.abs(off).max() < 5 / np.sqrt(N)


def test_tumors_with_little_receptor_live_by_growth_factors(c):
    low, high = c["er_h_score"].quantile([0.25, 0.75])
    drive = c["drive_growth_factor"]
    weak = drive[c["er_h_score"] < low].median()
    strong = drive[c["er_h_score"] > high].median()
    assert weak > 1.2 * strong


def test_a_patient_is_herself_in_any_batch(c):
    some = sample_population(30, P, Streams(1), first=123)
    assert len(some) == 30
    pd.testing.assert_frame_equal(some.covariates, c.iloc[123:153])
    one = sample_population(1, P, Streams(1), first=19_999)
    pd.testing.assert_frame_equal(one.covariates, c.iloc[[19_999]])


def test_a_seed_is_a_population(c):
    other = sample_population(N, P, Streams(2)).covariates
    assert abs(np.corrcoef(c["age_years"], other["age_years"])[0, 1]) < 0.05


def test_changing_a_frequency_changes_no_other_trait(c):
    changed = P.replace(pik3ca_luminal_a=0.1)
    other = sample_population(N, changed, Streams(1)).covariates
    assert (other["pik3ca"] != c["pik3ca"]).any()
    rest = c.columns.drop("pik3ca")
    pd.testing.assert_frame_equal(other[rest], c[rest])


def test_enriched_patients_weigh_what_the_population_has():
    p = P
    drawn = sample_population(40_000, p, Streams(5), enriched=True).covariates
    plain = sample_population(40_000, p, Streams(5)).covariates
    assert drawn["her2_positive"].mean() > 2 * plain["her2_positive"].mean()
    weight = drawn["weight"]
    assert weight.mean() == pytest.approx(1.0, abs=0.02)
    for trait in ("her2_positive", "luminal_a", "de_novo_stage_iv"):
        share = np.average(drawn[trait], weights=weight)
        assert share == pytest.approx(plain[trait].mean(), abs=0.015)
    for therapy in ("none", "tamoxifen", "nonsteroidal_ai"):
        share = np.average(drawn["adjuvant_therapy"] == therapy, weights=weight)
        expected = (plain["adjuvant_therapy"] == therapy).mean()
        assert share == pytest.approx(expected, abs=0.015)
    assert (plain["weight"] == 1.0).all()


def test_cdk2_takes_over_a_share_of_its_own_in_each_tumor(c):
    share = c["cdk2_takeover"]
    assert share.between(0, 1, inclusive="neither").all()
    assert share.median() == pytest.approx(P["cdk2_takeover_median"], rel=0.05)
    logit = np.log(share / (1 - share))
    assert logit.std() == pytest.approx(P["cdk2_takeover_logit_sd"], rel=0.03)
