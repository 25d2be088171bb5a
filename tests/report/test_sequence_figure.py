"""The picture of orders of therapies."""

from itertools import pairwise

import pytest

from oestra.appraisal.profile import read_profile
from oestra.appraisal.sequence_error import Between, ModelError
from oestra.appraisal.sequence_result import LineResult, OrderResult, Sequences
from oestra.appraisal.therapy_order import read_orders
from oestra.report.canvas import save_figure
from oestra.report.sequence_figure import draw_sequences

LONG = "fulvestrant 500 mg on days 1, 15, 29 then every 28 days + everolimus 5 mg daily"
ORDERS = (
    f"{LONG} > letrozole > tamoxifen > exemestane > anastrozole > elacestrant "
    "> exemestane + everolimus > chemotherapy",
    "chemotherapy > fulvestrant",
)


def result(order):
    lines = tuple(
        LineResult(
            line=line,
            began_percent=100.0,
            months=4.0,
            median_months=4.0,
            end_months=None,
            ends_percent={},
            leads_percent={},
            severe_percent=0.0,
            trials=(),
        )
        for line in order.lines
    )
    months = 4.0 * len(lines) + 3.0
    known = Between(middle=months, low=0.8 * months, high=1.2 * months)
    return OrderResult(
        order=order,
        lines=lines,
        survival=known,
        until_chemotherapy=known,
        benefit=known,
        median_survival_months=None,
        alive_percent=50.0,
        chemotherapy_percent=50.0,
        alive_months=months,
        after_months=2.0,
        severe_events=0.1,
    )


@pytest.fixture(scope="module")
def figure():
    found = Sequences(
        profile=read_profile("prior AI"),
        months=60.0,
        orders=tuple(result(order) for order in read_orders(ORDERS)),
        differences=({},),
        parameter_sets=1,
        left_out=0,
        patients=100.0,
        error=ModelError(),
    )
    return draw_sequences(found)


def test_every_stretch_is_drawn_where_the_one_before_ends(figure):
    (axes,) = figure.axes
    bars = [one for one in axes.patches if one.get_y() > -1.0]
    first = [one for one in bars if one.get_y() < 0.0]
    assert len(first) == 8 + 2
    assert len(bars) - len(first) == 2 + 2
    for before, after in pairwise(first):
        assert after.get_x() == pytest.approx(before.get_x() + before.get_width())
    assert first[-1].get_x() + first[-1].get_width() == pytest.approx(35.0)


def test_chemotherapy_is_hatched_and_nothing_looks_like_another(figure):
    (legend,) = figure.legends
    looks = {
        " ".join(text.get_text().split()): (
            one[0].get_facecolor(),
            one[0].get_hatch(),
        )
        for one, text in zip(
            figure.axes[0].get_legend_handles_labels()[0][1:],
            legend.get_texts()[1:],
            strict=True,
        )
    }
    assert len(set(looks.values())) == len(looks) == 9 + 2
    assert [name for name, (_, hatch) in looks.items() if hatch == "////"] == [
        "chemotherapy"
    ]


def test_long_names_stay_on_the_paper(figure, tmp_path):
    save_figure(figure, tmp_path, "orders")
    width = figure.get_window_extent().x1
    texts = [*figure.axes[0].texts, *figure.legends[0].get_texts()]
    assert max(text.get_window_extent().x1 for text in texts) < width
