"""Rules that need no model, and whether one that predicts errs less."""

import numpy as np
import pytest

from oestra.appraisal.paired import paired_difference, resampled_trials
from oestra.appraisal.rules import ALWAYS, rule_errors, trial_classes
from oestra.calibration.residual import published
from oestra.evidence.published import targets
from oestra.evidence.vocabulary import Use

RATIOS = [row for row in targets() if row.use is Use.FIT and row.kind == "hazard_ratio"]
TRIALS = [row.trial for row in RATIOS]


def mean_of(rows):
    known = [published(row) for row in rows]
    return np.average(
        [each.middle for each in known], weights=[each.error**-2 for each in known]
    )


def test_a_trial_never_predicts_itself():
    errors = rule_errors(RATIOS)
    for at, row in enumerate(RATIOS):
        others = [other for other in RATIOS if other.trial != row.trial]
        off = abs(mean_of(others) - np.log(row.estimate))
        assert errors["others"][at] == pytest.approx(off)
        assert errors["always"][at] == pytest.approx(
            abs(np.log(ALWAYS) - np.log(row.estimate))
        )


def test_class_is_the_other_trials_of_the_class():
    group = trial_classes()
    at = next(i for i, row in enumerate(RATIOS) if row.trial == "BOLERO-2")
    same = [
        row
        for row in RATIOS
        if group.get(row.trial) == "rapalog" and row.trial != "BOLERO-2"
    ]
    assert same
    off = abs(mean_of(same) - np.log(RATIOS[at].estimate))
    assert rule_errors(RATIOS)["class"][at] == pytest.approx(off)


def test_without_its_class_a_trial_is_told_by_other_classes():
    group = trial_classes()
    errors = rule_errors(RATIOS, without_class=True)
    assert "class" not in errors
    at = TRIALS.index("BOLERO-2")
    others = [row for row in RATIOS if group.get(row.trial) != "rapalog"]
    off = abs(mean_of(others) - np.log(RATIOS[at].estimate))
    assert errors["others"][at] == pytest.approx(off)


def test_trials_are_drawn_whole_and_as_often_as_there_are():
    times = resampled_trials(["a", "a", "b", "c"])
    assert np.array_equal(times[:, 0], times[:, 1])
    assert np.array_equal(times[:, 1:].sum(axis=1), np.full(len(times), 3.0))
    assert times[:, 2].mean() == pytest.approx(1.0, abs=0.05)
    assert np.array_equal(times, resampled_trials(["a", "a", "b", "c"]))


def test_interval_of_a_difference_is_that_of_a_mean_over_trials():
    rng = np.random.default_rng(0)
    off = rng.normal(-0.1, 0.2, 200)
    trials = [str(number) for number in range(200)]
    middle, low, high = paired_difference(off, np.zeros(200), np.ones(200), trials)
    error = off.std() / np.sqrt(200)
    assert middle == pytest.approx(off.mean())
    assert (low, high) == pytest.approx(
        (middle - 1.96 * error, middle + 1.96 * error), abs=0.15 * error
    )
