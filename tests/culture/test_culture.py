"""Experiments on cell lines: growth as measured, and what treatments do."""

import math

import pytest

from oestra.core.errors import InputError
from oestra.culture.experiment import run_cell
from oestra.model.parameters import cell_parameters
from oestra.network.cell_line import cell_lines

FOUNDERS = ("MCF-7", "T47D", "BT-474", "ZR-75-1")


@pytest.mark.parametrize("name", FOUNDERS)
def test_untreated_lines_double_within_the_published_range(name):
    line = cell_lines()[name]
    assert line.doubling_time is not None
    assert line.ki67 is not None
    result = run_cell(name, days=7, readouts=["cell_number_fold", "ki67"])
    fold, _ = result.final("cell_number_fold")
    hours = 7 * 24 * math.log(2) / math.log(fold)
    low, high = line.doubling_time.interval
    assert low <= hours <= high
    assert result.final("ki67")[0] == pytest.approx(line.ki67.value, rel=1e-3)


def test_both_cultures_start_alike_and_stay_alike_without_a_drug():
    result = run_cell("MCF7", readouts=["ki67", "cell_number_fold"], points=8)
    assert result.untreated["cell_number_fold"][0] == pytest.approx(1.0)
    assert list(result.untreated["ki67"]) == list(result.treated["ki67"])
    assert len(result.times_days) == 8
    assert result.times_days[-1] == 7.0


def test_estrogen_withdrawal_lowers_ki67_and_growth():
    # The set that measurements on cells hold; trials move it (0.53 of Ki67 is left).
    cells = cell_parameters()
    fed = run_cell("MCF7", parameters=cells)
    starved = run_cell("MCF7", medium="estradiol 0 nM", parameters=cells)
    assert starved.final("ki67")[0] < 0.5 * fed.final("ki67")[0]
    assert starved.final("growth_rate")[0] < 0.3 * fed.final("growth_rate")[0]


def test_withdrawal_as_a_treatment_equals_withdrawal_as_a_medium():
    treated = run_cell("MCF7", drug="estradiol 0 nM").final("ki67")[1]
    assert treated == pytest.approx(
        run_cell("MCF7", medium="E2 0 nM").final("ki67")[0], rel=1e-6
    )


def test_fulvestrant_removes_most_of_the_receptor():
    result = run_cell("MCF7", drug="fulvestrant 100 nM", readouts=["er_total"])
    assert result.ratio("er_total") < 0.5


def test_everolimus_silences_s6k():
    result = run_cell("MCF7", drug="RAD001 20 nM", readouts=["p_s6k"])
    assert result.ratio("p_s6k") < 0.5


def test_letrozole_acts_only_where_the_cells_make_estradiol():
    made = run_cell("MCF-7/Aro", drug="letrozole 300 nM", readouts=["estradiol"])
    added = run_cell("MCF-7", drug="letrozole 300 nM", readouts=["estradiol"])
    assert made.ratio("estradiol") < 0.1
    assert added.ratio("estradiol") == pytest.approx(1.0)


def test_long_deprivation_is_simulated():
    line = run_cell("LTED", readouts=["growth_rate", "egfr"])
    steps = run_cell(
        "MCF-7",
        medium="estradiol 0 nM",
        pretreat=["estradiol 0 nM for 180 days"],
        readouts=["growth_rate", "egfr"],
    )
    for name in ("growth_rate", "egfr"):
        assert line.final(name)[0] == pytest.approx(steps.final(name)[0], rel=1e-4)
    fresh = run_cell("MCF-7", medium="estradiol 0 nM", readouts=["growth_rate", "egfr"])
    assert line.final("egfr")[0] > 1.2 * fresh.final("egfr")[0]


def test_a_lesion_takes_the_place_of_the_lines_own():
    result = run_cell("MCF7", set=["PIK3CA=H1047R", "HER2=amplification"])
    assert result.genotype == {"PIK3CA": "H1047R", "ERBB2": "amplification"}
    wild = run_cell("BT474", set=["ERBB2=wild-type"], readouts=["her2"])
    assert (
        wild.final("her2")[0]
        < 0.2 * run_cell("BT474", readouts=["her2"]).final("her2")[0]
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"line": "MCF8"}, ["cell line", "MCF8", "MCF7"]),
        ({"set": ["PIK3CA=H1047X"]}, ["H1047X", "PIK3CA", "H1047R"]),
        ({"set": ["PIK3CB2=loss"]}, ["PIK3CB2", "PIK3CB"]),
        ({"set": ["PIK3CA"]}, ["PIK3CA=H1047R"]),
        ({"set": ["PIK3CA=E545K", "pik3ca=H1047R"]}, ["PIK3CA", "twice"]),
        ({"set": ["PTEN=loss", "PTEN=knockdown"]}, ["PTEN", "twice"]),
        ({"medium": "estradol 1 nM"}, ["estradol", "estradiol"]),
        ({"medium": "fulvestrant 1 nM"}, ["fulvestrant", "drug"]),
        ({"medium": "estradiol -1 nM"}, ["-1", "estradiol"]),
        ({"medium": "estradiol 1 nM + E2 2 nM"}, ["estradiol", "twice"]),
        ({"medium": "estradiol 1 furlong"}, ["furlong", "nM"]),
        ({"medium": "estradiol"}, ["estradiol", "number"]),
        ({"drug": "fulvestrant 1e6 nM"}, ["1e+06", "fulvestrant"]),
        ({"drug": "fulvestrant nan nM"}, ["fulvestrant"]),
        ({"drug": "fulvestrent 1 nM"}, ["fulvestrent", "fulvestrant"]),
        ({"pretreat": ["estradiol 0 nM"]}, ["for 180 days"]),
        ({"pretreat": ["estradiol 0 nM for -3 days"]}, ["-3"]),
        ({"pretreat": ["estradiol 0 nM for 3 dogs"]}, ["dogs", "day"]),
        ({"readouts": ["ki76"]}, ["ki76", "ki67"]),
        ({"days": 0}, ["days", "0"]),
        ({"days": math.nan}, ["days", "nan"]),
        ({"points": 1}, ["1"]),
    ],
)
def test_bad_input_is_explained(options, words):
    with pytest.raises(InputError) as error:
        run_cell(**{"line": "MCF7", **options})
    message = str(error.value)
    assert all(word in message for word in words), message
    assert message.endswith(".")
    assert "\n" not in message
