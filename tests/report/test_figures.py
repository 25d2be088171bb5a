"""Figures say what they must: labels, numbers at risk, published marks."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from oestra.appraisal.comparison import Cell
from oestra.appraisal.drug_sheet import Concentration
from oestra.history.patient import Happening, PatientCourse, TherapyLine
from oestra.report.canvas import save_figure
from oestra.report.concentration import draw_concentration
from oestra.report.consort import ArmFlow, Flow, draw_consort, share_text
from oestra.report.expected_curve import expected_curve
from oestra.report.harm_figure import ArmHarmShares, draw_harm, worst_grades
from oestra.report.kaplan_meier import SurvivalArm, at_risk, draw_kaplan_meier
from oestra.report.patient_course import draw_patient_course
from oestra.report.side_by_side import begin_plots
from oestra.report.waterfall import BestChange, draw_waterfall
from oestra.tumor.clone import Clone


def texts(figure):
    """Return every text drawn, that of axes, legends and tables."""
    return [t.get_text() for t in figure.findobj(Text) if t.get_text()]


def survival_arm(label, durations, *, published=None):
    durations = np.asarray(durations, dtype=float)
    return SurvivalArm(
        label=label,
        durations=durations,
        event_observed=np.arange(len(durations)) % 4 != 0,
        median=Cell(estimate=7.04, low=6.1, high=8.0),
        published=published,
    )


@pytest.fixture
def kaplan_meier_figure():
    arms = [
        survival_arm("treated", np.linspace(1, 20, 40), published=(7.8, 6.9, 8.5)),
        survival_arm("control", np.linspace(1, 10, 20)),
    ]
    return draw_kaplan_meier(arms, title="A trial", note="hazard ratio 0.5")


def test_at_risk_counts_those_not_yet_gone():
    durations = np.array([1.0, 2.0, 2.0, 5.0])
    assert at_risk(durations, np.array([0, 1, 2, 2.5, 6])).tolist() == [4, 4, 3, 1, 0]


def test_kaplan_meier_prints_numbers_at_risk(kaplan_meier_figure):
    curves, counts = kaplan_meier_figure.axes
    ticks = counts.get_xticks()
    shown = [int(text.get_text()) for text in counts.texts]
    treated = at_risk(np.linspace(1, 20, 40), ticks)
    control = at_risk(np.linspace(1, 10, 20), ticks)
    assert shown == [*treated, *control]
    assert [label.get_text() for label in counts.get_yticklabels()] == [
        "treated",
        "control",
    ]
    assert counts.get_title(loc="left") == "Number at risk"
    assert curves.get_xlabel() == "Months since randomization"
    assert curves.get_ylabel() == "Progression-free survival (%)"


def test_long_names_leave_the_curves_their_room():
    name = "letrozole and everolimus and " * 6 + "nothing"
    arms = [survival_arm(one, np.linspace(1, 20, 40)) for one in (name, "control")]
    figure = draw_kaplan_meier(arms, title="A trial", note="hazard ratio 0.5")
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    drawn = canvas.get_renderer()
    curves, counts = figure.axes
    assert curves.get_position().width > 0.5
    shown = [label.get_text() for label in counts.get_yticklabels()]
    assert shown == ["letrozole and everolimus and letrozole …", "control"]
    # The legend has the whole name, within the figure.
    assert name in " ".join(" ".join(texts(figure)).split())
    width = figure.bbox.width
    for text in figure.findobj(Text):
        if "letrozole" in text.get_text():
            assert text.get_window_extent(drawn).x1 <= width


def test_kaplan_meier_marks_the_published_median(kaplan_meier_figure):
    curves = kaplan_meier_figure.axes[0]
    marks = [
        bar for bar in curves.containers if bar.has_xerr and len(bar[0].get_xdata())
    ]
    assert len(marks) == 1
    line, _caps, bars = marks[0]
    assert line.get_xdata() == pytest.approx([7.8])
    assert bars[0].get_segments()[0][:, 0] == pytest.approx([6.9, 8.5])
    caption = "treated: median 7.0 (6.1 to 8.0) months; published 7.8 (6.9 to 8.5)"
    assert caption in texts(curves.figure)
    assert any("hazard ratio 0.5" in text for text in texts(curves.figure))


def test_no_legend_covers_a_curve(kaplan_meier_figure):
    kaplan_meier_figure.draw_without_rendering()
    (legend,) = kaplan_meier_figure.legends
    place = legend.get_window_extent()
    for axes in kaplan_meier_figure.axes:
        assert axes.get_legend() is None
        assert place.y1 <= axes.get_window_extent().y0
    assert place.x1 <= kaplan_meier_figure.bbox.x1


def test_kaplan_meier_curve_starts_at_one_hundred_and_falls(kaplan_meier_figure):
    heights = kaplan_meier_figure.axes[0].lines[0].get_ydata()
    assert heights[0] == 100
    assert np.all(np.diff(heights) <= 0)


def test_waterfall_orders_patients_and_cuts_the_tallest():
    change = np.array([-40.0, 250.0, 10.0, -100.0])
    arm = BestChange(label="treated", percent=change, response=["PR", "PD", "SD", "CR"])
    figure = draw_waterfall([arm], title="A trial")
    heights = [bar.get_height() for bar in figure.axes[0].containers[0]]
    assert heights == [100, 10, -40, -100]
    assert any("4 patients, 50 % shrank" in text for text in texts(figure))
    assert {"CR", "PR", "SD", "PD"} <= set(texts(figure))


def test_waterfall_of_nobody_is_an_empty_panel():
    arm = BestChange(label="treated", percent=np.array([]), response=[])
    assert any("0 patients" in t for t in texts(draw_waterfall([arm], title="A trial")))


def test_consort_prints_every_number():
    arm = ArmFlow(
        label="treated",
        allocated=485,
        treated=482,
        analyzed=485,
        discontinued={"progression": 310, "adverse event": 92},
        ongoing=80,
    )
    flow = Flow(
        screened=6000,
        patients=2100,
        eligible=1.32,
        randomized=724,
        excluded={f"reason {index}": index * 1.5 for index in range(1, 11)},
        arms=[arm, arm],
    )
    shown = "\n".join(texts(draw_consort(flow, title="A trial"))).replace("\u00a0", " ")
    for number in ("724", "485", "482", "402", "310", "92", "80"):
        assert f"n = {number}" in shown
    for words in (
        "2,100 patients were simulated and screened\nat 6,000 decisions",
        "Screened\n100 %",
        "Eligible\n1.3 %",
        "Not eligible  98.7 %\nby the first criterion not met:",
        "reason 10  15.0 %",
        "other reasons  15.0 %",
    ):
        assert words in shown
    assert "reason 4 " not in shown


def test_a_share_however_small_is_told_from_none():
    shown = [share_text(percent) for percent in (0.0, 0.01, 0.06, 56.45)]
    assert [text.replace("\u00a0", " ") for text in shown] == [
        "0.0 %",
        "< 0.1 %",
        "0.1 %",
        "56.5 %",
    ]


@pytest.fixture
def course():
    days = np.linspace(0, 3000, 50)
    log_cells = np.full((50, len(Clone)), -np.inf)
    log_cells[:, 0] = days / 200
    log_cells[20:, 1] = days[20:] / 200 - 5
    return PatientCourse(
        patient=4,
        seed=7,
        traits={},
        days=days,
        log_cells=log_cells,
        lines=(
            TherapyLine(
                regimen="letrozole", setting="adjuvant", start_day=10, end_day=900
            ),
        ),
        visits=np.array([2000.0, 2042.0]),
        happenings=(
            Happening(day=1500, name="relapse"),
            Happening(day=1520, name="progression"),
        ),
    )


def test_patient_course_names_lines_clones_and_events(course):
    figure = draw_patient_course(course)
    shown = set(texts(figure))
    expected = {"parental", "ESR1 mutant", "all clones", "visit", "relapse"}
    assert expected | {"progression", "letrozole (adjuvant)"} <= shown
    assert "RTK high" not in shown
    assert "Patient 4 of seed 7" in shown
    assert figure.axes[1].get_xlabel() == "Years since diagnosis"
    assert figure.axes[1].get_ylabel() == "Tumor cells"


def test_concentration_draws_the_potency():
    hours = np.linspace(0, 48, 20)
    curve = Concentration(
        substance="everolimus",
        hours=hours,
        median=1 + hours,
        potencies={"MTORC1:allosteric": 1.7},
    )
    figure = draw_concentration([curve], title="everolimus 10 mg daily")
    assert "half effect on\nMTORC1:allosteric\neverolimus\n1.7 nM" in texts(figure)
    assert figure.axes[0].get_ylabel() == "Free concentration (nM)"


def test_a_figure_is_saved_to_the_same_bytes_twice(kaplan_meier_figure, tmp_path):
    first = save_figure(kaplan_meier_figure, tmp_path, "one")
    second = save_figure(kaplan_meier_figure, tmp_path, "two")
    assert [path.suffix for path in first] == [".png", ".svg"]
    for one, two in zip(first, second, strict=True):
        assert one.read_bytes() == two.read_bytes()


def test_whoever_draws_figures_the_bytes_are_the_same(tmp_path):
    arms = [
        BestChange(label="A", percent=np.array([-40.0, 20.0]), response=["PR", "SD"])
    ]
    plots = {
        name: partial(draw_waterfall, arms, title=name) for name in ("one", "other")
    }
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
    begin_plots(plots)(here)
    with ThreadPoolExecutor(1) as executor:
        begin_plots(plots, executor)(there)
    written = {file.name: file.read_bytes() for file in here.iterdir()}
    assert sorted(written) == ["one.png", "one.svg", "other.png", "other.svg"]
    assert written["one.png"] != written["other.png"]
    assert {file.name: file.read_bytes() for file in there.iterdir()} == written


@pytest.mark.parametrize("count", [2, 3, 4, 6])
def test_boxes_of_the_flow_do_not_overlap(count):
    reasons = {"progression on scan": 187, "adverse event": 21, "left the study": 9}
    arms = [
        ArmFlow(
            label=f"exemestane 25 mg daily + everolimus {n} mg daily",
            allocated=242,
            treated=242,
            analyzed=242,
            discontinued=reasons | {"death": 5},
            ongoing=20,
        )
        for n in range(count)
    ]
    flow = Flow(screened=100, patients=50, eligible=50, randomized=968, arms=arms)
    figure = draw_consort(flow, title="A trial")
    figure.draw_without_rendering()
    boxes = [
        patch.get_window_extent()
        for text in figure.axes[0].texts
        if (patch := text.get_bbox_patch()) is not None
    ]
    assert len(boxes) == 4 + 4 * count
    width = figure.bbox.width
    assert all(box.x0 >= 0 and box.x1 <= width for box in boxes)
    overlapping = [
        (one, other)
        for one, other in itertools.combinations(boxes, 2)
        if one.overlaps(other)
    ]
    assert not overlapping


def test_the_expected_curve_is_the_mean_of_trials_within_their_band():
    draw = np.random.default_rng(1)
    trials = [(draw.exponential(5, 300), np.ones(300, dtype=bool)) for _ in range(40)]
    found = expected_curve(trials)
    truth = np.exp(-found.times / 5)
    assert np.abs(found.mean - truth).max() < 0.02
    inside = (found.low <= truth) & (truth <= found.high)
    assert inside.mean() > 0.95
    # The band is that of one trial: some 1.96 standard errors of 300 patients.
    width = (found.high - found.low) / (2 * np.sqrt(truth * (1 - truth) / 300) + 1e-9)
    assert np.median(width) == pytest.approx(1.96, rel=0.15)


def test_small_trials_keep_their_expected_curve():
    draw = np.random.default_rng(2)
    trials = [(draw.exponential(5, 25), np.ones(25, dtype=bool)) for _ in range(60)]
    found = expected_curve(trials)
    # Two of 25 are at risk where it ends, in the trial where that comes first.
    ends = min(np.sort(days)[-2] for days, _ in trials)
    assert found.times[-1] == pytest.approx(ends)
    assert np.abs(found.mean - np.exp(-found.times / 5)).max() < 0.05


def test_trials_without_patients_have_no_expected_curve():
    none = (np.zeros(0), np.zeros(0, dtype=bool))
    assert expected_curve([none]).times.tolist() == [0.0]


def test_the_worst_grade_of_a_patient_counts_once():
    events = pd.DataFrame(
        {
            "USUBJID": ["a", "a", "b", "b"],
            "AEDECOD": ["rash", "rash", "rash", "nausea"],
            "AETOXGR": [1, 3, 2, 1],
        }
    )
    found = worst_grades(events, 4)
    assert found["rash"].tolist() == [0, 25, 25, 0, 0]
    assert found["nausea"].tolist() == [25, 0, 0, 0, 0]
    assert worst_grades(events.iloc[:0], 4) == {}


def test_the_harm_figure_tells_no_rate_from_no_event():
    rash = np.array([10.0, 5, 2, 0, 0])
    arms = [
        ArmHarmShares(label="treated", percent={"rash": rash, "cough": 0 * rash}),
        ArmHarmShares(label="control", percent={"cough": rash}, no_rate=("drug X",)),
    ]
    shown = texts(draw_harm(arms, title="A trial"))
    assert "17, 2.0" in shown
    assert "0" in shown
    assert shown.count("no rate") == 1
    assert any("No rate is known for drug X" in text for text in shown)
    # No grade is named that nobody had.
    assert "grade 3" in shown
    assert "grade 4" not in shown
