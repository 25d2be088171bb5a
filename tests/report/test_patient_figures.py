"""Swimmer and spider plots, and the tables that they are drawn from."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from oestra.core.units import DAYS_PER_MONTH
from oestra.report.patient_tables import lanes_of, lines_of
from oestra.report.spider import Lines, draw_spider
from oestra.report.swimmer import LANES, Lanes, draw_swimmer, spread_out
from oestra.trial.designs import find_design

DESIGN = find_design("BOLERO-2")


def texts(figure):
    return [t.get_text() for t in figure.findobj(Text) if t.get_text()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Write tables of three patients, and of another replicate that must not count."""
    place = tmp_path_factory.mktemp("tables")
    start = pd.Timestamp("2000-01-01")
    subjects = pd.DataFrame(
        {
            "USUBJID": ["a", "b", "c", "a"],
            "REPLNUM": [0, 0, 0, 1],
            "ARMCD": ["EXE+EVE", "EXE+EVE", "EXE", "EXE"],
            "RANDDT": [start] * 4,
            "TRTEDY": [366, 62, 31, 9],
            "EOTSTT": ["ONGOING", "DISCONTINUED", "DISCONTINUED", "ONGOING"],
            "DCTREAS": ["", "ADVERSE EVENT", "PROGRESSIVE DISEASE", ""],
            "DTHDT": [pd.NaT, pd.NaT, start + pd.Timedelta(days=100), pd.NaT],
        }
    )
    scans = pd.DataFrame(
        {
            "USUBJID": ["a", "a", "c", "a", "b", "c", "a"],
            "REPLNUM": [0, 0, 0, 0, 0, 0, 1],
            "PARAMCD": ["OVRLRESP"] * 3 + ["BOR"] * 3 + ["OVRLRESP"],
            "AVALC": ["SD", "PR", "PD", "PR", "SD", "PD", "PD"],
            "ADY": [43, 85, 31, 85, 1, 31, 9],
        }
    )
    sums = pd.DataFrame(
        {
            "USUBJID": ["a", "a", "a", "a", "c"],
            "REPLNUM": [0, 0, 0, 0, 0],
            "TRTPN": [1, 1, 1, 1, 2],
            "TRLNKID": ["", "", "T01", "", ""],
            "PCHG": [np.nan, -10.0, -50.0, -40.0, np.nan],
            "ADY": [-6, 43, 43, 85, -3],
            "AVISITN": [0, 1, 1, 2, 0],
        }
    )
    for name, table in (("adsl", subjects), ("adrs", scans), ("adtr", sums)):
        table.to_parquet(place / f"{name}.parquet", index=False)
    return place


def test_lanes_are_those_of_the_first_replicate(folder):
    treated, control = lanes_of(folder, DESIGN)
    np.testing.assert_allclose(treated.treated * DAYS_PER_MONTH, [365, 61])
    assert treated.marks["response"][0] == pytest.approx(84 / DAYS_PER_MONTH)
    assert np.isnan(treated.marks["response"][1])
    assert treated.marks["stopped for harm"][1] == treated.treated[1]
    assert treated.marks["on treatment"][0] == treated.treated[0]
    assert np.isnan(treated.marks["progression"]).all()
    assert control.marks["death"][0] == pytest.approx(100 / DAYS_PER_MONTH)
    assert control.marks["progression"][0] == pytest.approx(30 / DAYS_PER_MONTH)


def test_lines_are_sums_from_baseline(folder):
    treated, control = lines_of(folder, DESIGN)
    assert treated.response == ("PR",)
    assert treated.percent[0].tolist() == [0, -10, -40]
    np.testing.assert_allclose(
        treated.months[0] * DAYS_PER_MONTH, [0, 42, 84], atol=1e-9
    )
    # Who has no scan after baseline has no line.
    assert control.percent == ()


def test_both_are_drawn(folder):
    shown = texts(draw_swimmer(lanes_of(folder, DESIGN), title="A trial"))
    assert "A trial: time on treatment" in shown
    assert "everolimus + exemestane: 2 patients" in shown
    assert "stopped for harm" in shown
    shown = texts(draw_spider(lines_of(folder, DESIGN), title="A trial"))
    assert "placebo + exemestane: 0 patients" in shown
    assert "PR" in shown
    assert "CR" not in shown


def test_many_patients_are_spread_evenly_and_counted():
    treated = np.arange(301, dtype=float)
    some = spread_out(treated, LANES)
    assert some.size == LANES
    # From the longest to the shortest, and their mean is that of all.
    assert (np.diff(treated[some]) < 0).all()
    assert treated[some].mean() == pytest.approx(treated.mean(), abs=1)
    none = np.full(301, np.nan)
    names = ("response", "progression", "stopped for harm", "left the study")
    marks = dict.fromkeys((*names, "death", "on treatment"), none)
    arm = Lanes(label="treated", treated=treated, marks=marks)
    figure = draw_swimmer([arm], title="A trial")
    assert "treated: 32 of 301 patients" in texts(figure)


def test_few_patients_are_all_drawn():
    assert spread_out(np.array([1.0, 3.0, 2.0]), 5).tolist() == [1, 2, 0]


def test_four_arms_stand_in_a_square():
    line = np.array([0.0, -20.0])
    arms = [
        Lines(label=name, months=(line * 0,), percent=(line,), response=("SD",))
        for name in "abc"
    ]
    figure = draw_spider(arms, title="A trial")
    assert len(figure.axes) == 4
    assert [axes.get_visible() for axes in figure.axes] == [True, True, True, False]


def test_long_names_stay_above_their_panel():
    line = np.array([0.0, -20.0])
    name = "letrozole and everolimus and " * 6 + "nothing"
    arms = [
        Lines(label=one, months=(line * 0,), percent=(line,), response=("SD",))
        for one in (name, name, name)
    ]
    figure = draw_spider(arms, title="A trial")
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    drawn = canvas.get_renderer()
    for axes in figure.axes[:3]:
        (title,) = (one for one in axes.findobj(Text) if "1 patients" in one.get_text())
        assert " ".join(title.get_text().split()) == f"{name}: 1 patients"
        assert title.get_window_extent(drawn).x1 <= axes.get_window_extent(drawn).x1
