"""Numbers of a trial that was never fitted, with the model's own error allowed for."""

import numpy as np
import pytest

from oestra.appraisal.comparison import Cell, Comparison
from oestra.appraisal.corrected import corrected

HALF = {"mean": float(np.log(0.8)), "kept": 0.5, "sd": 0.2, "trials": 17.0}


def ratio(estimate, low, high, *, of="pfs", stratum="ITT"):
    """Return a simulated hazard ratio."""
    return Comparison(
        stratum=stratum,
        endpoint="hazard_ratio",
        arm="A",
        control="B",
        of=of,
        simulated=Cell(estimate=estimate, low=low, high=high),
    )


def test_a_ratio_goes_half_the_way_to_the_mean_and_widens():
    row = ratio(0.2, 0.15, 0.3)
    ((found, middle, low, high),) = corrected("MINE", [row], {"hazard_ratio": HALF})
    assert found is row
    assert middle == pytest.approx(np.sqrt(0.8 * 0.2))
    half = np.hypot(0.5 * np.log(2.0) / 2.0, 1.96 * 0.2)
    assert low == pytest.approx(middle / np.exp(half))
    assert high == pytest.approx(middle * np.exp(half))


def test_a_share_stays_a_share():
    row = Comparison(
        stratum="ITT",
        endpoint="orr_percent",
        arm="A",
        simulated=Cell(estimate=90.0, low=70.0, high=100.0),
    )
    error = {"mean": 0.0, "kept": 1.0, "sd": 2.0, "trials": 9.0}
    ((_, middle, low, high),) = corrected("MINE", [row], {"orr_cbr": error})
    assert middle == pytest.approx(90.0)
    assert 0.0 < low < 90.0 < high < 100.0


@pytest.mark.parametrize(
    ("row", "errors"),
    [
        (ratio(0.5, 0.4, 0.6), {}),
        (ratio(0.5, 0.4, 0.6), {"hazard_ratio": {**HALF, "trials": 2.0}}),
        (ratio(0.5, 0.4, 0.6, of="os"), {"hazard_ratio": HALF}),
        (ratio(0.5, 0.4, 0.6, stratum="visceral"), {"hazard_ratio": HALF}),
        (ratio(None, None, None), {"hazard_ratio": HALF}),
        (ratio(0.5, 0.4, None), {"hazard_ratio": HALF}),
    ],
)
def test_what_nothing_was_learned_of_is_left_alone(row, errors):
    assert list(corrected("MINE", [row], errors)) == []


def test_a_fitted_trial_is_not_corrected():
    row = ratio(0.5, 0.4, 0.6)
    assert list(corrected("BOLERO-2", [row], {"hazard_ratio": HALF})) == []
