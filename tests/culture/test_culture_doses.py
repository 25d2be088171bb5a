"""Dose series, dose-response curves and matrices of simulated cells."""

import numpy as np
import pytest

from oestra.core.errors import InputError
from oestra.culture.combination import combination
from oestra.culture.dose_response import dose_response, half_maximal_dose
from oestra.culture.doses import dose_series, parse_matrix, parse_series
from oestra.culture.experiment import prepare, run_cell
from oestra.culture.medium import parse_condition, parse_step


def test_a_range_is_even_in_the_logarithm():
    series = parse_series("everolimus 0.1..100 nM")
    assert series.name == "everolimus"
    assert len(series.doses) == 13
    assert np.ptp(np.diff(np.log(series.doses))) == pytest.approx(0.0, abs=1e-9)
    assert len(parse_series("everolimus 0.1..100 in 7 nM").doses) == 7
    assert parse_series("RAD001 1,5, 20 nM").doses.tolist() == [1.0, 5.0, 20.0]
    assert parse_series("E2 1..10 pM").doses[-1] == pytest.approx(0.01)


def test_names_with_digits_and_hyphens_are_read():
    first, second = parse_matrix("4-hydroxytamoxifen 1..10 nM x PF-04691502 1, 2 nM")
    assert first.name == "4-hydroxytamoxifen"
    assert second.doses.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("text", "nanomolar"),
    [
        ("estradiol 1 uM", 1e3),
        ("estradiol 1 μM", 1e3),
        ("estradiol 1 µM", 1e3),
        ("estradiol 10pM", 0.01),
        ("estradiol 1e-3 nM", 1e-3),
        ("estradiol 272.4 pg/mL", 1.0),
        ("17β-estradiol 272.4 NG/ML", 1000.0),
        ("oestradiol 0 nM", 0.0),
    ],
)
def test_units_of_concentration(text, nanomolar):
    found = parse_condition(text).substances["estradiol"]
    assert found == pytest.approx(nanomolar)


def test_antibodies_may_be_given_by_mass():
    level = parse_condition("trastuzumab 10 ug/mL").drugs["trastuzumab"]
    assert level == pytest.approx(68.7, rel=0.02)


def test_lengths_of_pretreatments():
    assert parse_step("fulvestrant 1 nM for 36 hours").days == pytest.approx(1.5)
    assert parse_step("estradiol 0 nM + EGF 1 nM for 2 weeks").days == 14.0


def test_half_maximal_dose_of_a_known_curve():
    doses = np.geomspace(1e-3, 1e3, 121)
    response = 5.0 - 3.0 * doses / (2.0 + doses)
    assert half_maximal_dose(doses, response, 5.0) == pytest.approx(2.0, rel=0.01)
    assert half_maximal_dose(doses, np.full(121, 5.0), 5.0) is None


def test_a_dose_of_the_series_gives_what_a_single_experiment_gives():
    curve = dose_response(
        prepare("MCF7"), dose_series("fulvestrant", [0.0, 1.0, 100.0]), days=5
    )
    one = run_cell("MCF7", drug="fulvestrant 100 nM", days=5)
    untreated, treated = one.final("cell_number_fold")
    assert curve.untreated["cell_number_fold"] == pytest.approx(untreated, rel=1e-5)
    assert curve.responses["cell_number_fold"][-1] == pytest.approx(treated, rel=1e-5)
    assert len(curve.table()) == 3


def test_growth_falls_with_the_dose_of_antiestrogens():
    cells = prepare("MCF7")
    for text in ("fulvestrant 0.1..1000 nM", "4-hydroxytamoxifen 0.1..1000 nM"):
        curve = dose_response(cells, parse_series(text))
        assert np.all(np.diff(curve.responses["cell_number_fold"]) < 1e-3)
        half = curve.half_maximal("cell_number_fold")
        assert half is not None
        assert 0.1 < half < 100


def test_estradiol_is_a_dose_like_any_other():
    cells = prepare("MCF7", medium="estradiol 0 nM")
    curve = dose_response(
        cells, parse_series("estradiol 0.001..10 nM"), readouts=["growth_rate"]
    )
    assert curve.responses["growth_rate"][-1] > curve.untreated["growth_rate"]


def test_a_drug_combined_with_itself_is_additive():
    series = parse_series("fulvestrant 1..30 in 4 nM")
    result = combination(prepare("MCF7"), series, series, days=6)
    seen = result.index[np.isfinite(result.index)]
    assert len(seen) > 8
    assert seen == pytest.approx(np.ones(len(seen)), abs=0.02)
    assert result.index_on_isobole == pytest.approx(1.0, abs=0.02)


def test_no_index_where_a_drug_alone_falls_short():
    first, second = parse_matrix("letrozole 10, 100 nM x fulvestrant 1, 10 nM")
    result = combination(prepare("MCF-7"), first, second, days=3)
    assert result.intercepts[0] == np.inf
    assert result.index_on_isobole is None
    isobole = result.to_json_dict()["isobole"]
    assert isobole["combination_index"] is None
    assert "alone" in isobole["reason"]


def test_matrix_and_table_agree():
    first, second = parse_matrix("letrozole 10, 100 nM x everolimus 1, 10 nM")
    result = combination(prepare("MCF-7/Aro"), first, second, days=6)
    table = result.table().set_index(["letrozole_nm", "everolimus_nm"])
    assert len(table) == 9
    assert table.loc[(100.0, 10.0), "effect"] == pytest.approx(result.effect[1, 1])
    assert table.loc[(0.0, 0.0), "cell_number_fold"] == pytest.approx(result.untreated)
    assert table.loc[(0.0, 1.0), "effect"] == pytest.approx(result.alone[1][0])
    record = result.to_json_dict()
    assert record["bliss_excess"][1][1] == pytest.approx(result.bliss[1, 1])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("everolimus", ["everolimus", "0.1..100 nM"]),
        ("everolimus 10..1 nM", ["rises"]),
        ("everolimus 0..1 nM", ["above 0"]),
        ("everolimus -1, 2 nM", ["-1"]),
        ("everolimus 1..1e7 nM", ["1e+07"]),
        ("everolimus 1..10 in 999 nM", ["999"]),
        ("everolimus 1..10 mg", ["mg", "nM"]),
        ("everolimos 1..10 nM", ["everolimus"]),
    ],
)
def test_bad_series_are_explained(text, words):
    with pytest.raises(InputError) as error:
        parse_series(text)
    assert all(word in str(error.value) for word in words), str(error.value)


def test_a_matrix_needs_two_series():
    with pytest.raises(InputError, match="joined by 'x'"):
        parse_matrix("everolimus 1..10 nM")
