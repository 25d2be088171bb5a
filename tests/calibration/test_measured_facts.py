"""Shares of moments, as facts ask for them."""

from types import SimpleNamespace

import pandas as pd
import pytest

from oestra.calibration.fact import read_facts
from oestra.calibration.measured_facts import moment_share
from oestra.history.era import ERAS, era_columns

COHORT = SimpleNamespace(
    decisions=pd.DataFrame(
        {
            "weight": [1.0, 1.0, 2.0, 4.0],
            "adjuvant": ["none", "tamoxifen", "tamoxifen", "tamoxifen"],
            "since": [float("nan"), 0.0, 5.0, 30.0],
            "lost": [True, False, False, True],
            **{name: [1.0, 1.0, 1.0, 1.0] for name in era_columns()},
            era_columns()[-1]: [0.0, 1.0, 0.0, 0.0],
        }
    )
)


def _share(**how):
    text = "- {id: a, kind: moment, estimate: 0.5, low: 0.4, high: 0.6, source: x, "
    text += "reason: y, " + ", ".join(f"{k}: {v!r}" for k, v in how.items()) + "}"
    (fact,) = read_facts(text)
    return moment_share(fact, COHORT)


@pytest.mark.parametrize(
    ("how", "share"),
    [
        ({"where": "weight > 0", "share": "lost"}, 5 / 8),
        ({"where": "weight > 0", "share": "not lost"}, 3 / 8),
        ({"where": 'adjuvant == "tamoxifen"', "share": "since < 6"}, 3 / 7),
        ({"where": "weight > 0", "share": "since < 6", "year": ERAS[-1]}, 1.0),
        ({"where": "weight > 9", "share": "lost"}, 0.0),
    ],
)
def test_shares_are_weighted_and_of_a_year(how, share):
    assert _share(**how) == pytest.approx(share)
