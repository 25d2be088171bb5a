"""The figure of a power study."""

import pytest

from oestra.report.power_figure import draw_power
from oestra.survival.proportion import clopper_pearson
from oestra.trial.look_summary import LookResult
from oestra.trial.power import PowerPoint, Required
from oestra.trial.result import Estimate
from oestra.trial.sizing import Sizing


def sizing(label, *, looks, required=150):
    return Sizing(
        label=label,
        eligible_percent=100.0,
        points=tuple(
            PowerPoint(
                patients=n,
                power=clopper_pearson(won, 100),
                hazard_ratio=Estimate(estimate=0.7, low=0.6, high=0.8),
                looks=looks,
            )
            for n, won in ((100, 60), (200, 90))
        ),
        required=required and Required(estimate=required, low=120, high=None),
        reason="" if required else "power does not rise",
    )


LOOK = LookResult(
    events=50,
    reached_percent=100.0,
    efficacy_percent=30.0,
    futility_percent=20.0,
    month=12.0,
)


def test_each_level_has_its_curve_and_interval():
    levels = [
        sizing("as designed", looks=()),
        sizing("mutant", looks=(), required=None),
    ]
    figure = draw_power(levels, title="MINE", target=0.8)
    (axes,) = figure.axes
    captions = axes.get_legend_handles_labels()[1]
    assert captions == [
        "as designed: 150 patients (95 % interval 120 to an open number)",
        "mutant: power does not rise",
    ]
    line = axes.lines[0]
    assert list(line.get_ydata()) == pytest.approx([60.0, 90.0])
    assert axes.get_ylim()[1] > 100


def test_looks_have_a_panel():
    figure = draw_power([sizing("a", looks=(LOOK, LOOK))], title="M", target=0.8)
    _, stops = figure.axes
    futile, won = stops.lines[:2]
    assert list(futile.get_ydata()) == [40.0, 40.0]
    assert list(won.get_ydata()) == [60.0, 60.0]
    (legend,) = figure.legends
    words = [text.get_text() for text in legend.get_texts()]
    assert words == [
        "a: 150 patients (95 % interval 120 to an open number)",
        "stopped for futility",
        "stopped for efficacy",
    ]
