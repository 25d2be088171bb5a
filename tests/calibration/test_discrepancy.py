"""The model's own error is found again where it is known, and never from itself."""

from dataclasses import replace

import numpy as np
import pytest

from oestra.calibration.discrepancy import discrepancy, with_discrepancy
from oestra.calibration.validate import LeftOut
from oestra.evidence.published import targets

ROW = next(row for row in targets() if row.kind == "hazard_ratio")


def items(said, seen, *, sampling=0.1, uncertainty=0.0):
    """Return predictions of as many trials as there are numbers."""
    return [
        LeftOut(
            row=ROW.model_copy(update={"trial": f"T{k}"}),
            predicted=float(p),
            published=float(s),
            sampling=sampling,
            uncertainty=uncertainty,
        )
        for k, (p, s) in enumerate(zip(said, seen, strict=True))
    ]


def drawn(kept, sd, *, trials=400, seed=1):
    """Return trials whose truth lies at a share of what is predicted of them."""
    rng = np.random.default_rng(seed)
    said = rng.normal(-0.4, 0.5, trials)
    truth = -0.4 + kept * (said + 0.4) + sd * rng.normal(size=trials)
    return items(said, truth + 0.1 * rng.normal(size=trials))


@pytest.mark.parametrize(("kept", "sd"), [(1.0, 0.0), (0.5, 0.15), (0.0, 0.25)])
def test_share_and_deviation_are_found_again(kept, sd):
    found = discrepancy(drawn(kept, sd))
    assert found.kept == pytest.approx(kept, abs=0.06)
    assert found.sd == pytest.approx(sd, abs=0.05)
    assert found.mean == pytest.approx(-0.4, abs=0.05)


def test_predictions_that_say_too_much_get_nearer_and_wider():
    before = drawn(0.4, 0.1, trials=100)
    after = with_discrepancy(before)
    error = [
        np.mean([abs(o.predicted - o.published) for o in x]) for x in (before, after)
    ]
    assert error[1] < 0.6 * error[0]
    assert np.mean([one.covered for one in after]) == pytest.approx(0.9, abs=0.04)
    assert all(b.spread >= a.spread for a, b in zip(before, after, strict=True))


def test_a_trial_never_corrects_itself():
    before = drawn(0.5, 0.1, trials=12)
    other = [replace(before[0], published=5.0), *before[1:]]
    assert with_discrepancy(before)[0].predicted == with_discrepancy(other)[0].predicted
    assert with_discrepancy(before)[1].predicted != with_discrepancy(other)[1].predicted


def test_many_endpoints_of_one_trial_count_as_one():
    few = drawn(0.5, 0.1, trials=20)
    many = [*few, *[few[0]] * 50]
    assert discrepancy(many).kept == pytest.approx(discrepancy(few).kept, abs=0.1)


def test_few_trials_leave_the_share_open_and_many_do_not():
    few, many = discrepancy(drawn(0.5, 0.1, trials=5)), discrepancy(drawn(0.5, 0.1))
    assert few.kept_sd > 0.1
    assert many.kept_sd < 0.05
    # What is not known of the share widens what is far from the mean, and that alone.
    near = few.allowed_for(few.mean, 0.0)
    far = few.allowed_for(few.mean + 2.0, 0.0)
    assert near == pytest.approx((few.mean, few.sd))
    assert far[1] == pytest.approx(np.hypot(few.sd, 2.0 * few.kept_sd))


def test_intervals_hold_what_they_say_where_trials_are_few():
    held = [
        one.covered
        for seed in range(40)
        for one in with_discrepancy(drawn(0.5, 0.2, trials=12, seed=seed))
    ]
    assert np.mean(held) == pytest.approx(0.9, abs=0.04)


def test_two_trials_teach_nothing():
    found = discrepancy(items([-1.0, 0.0], [0.0, -1.0]))
    assert (found.kept, found.sd, found.trials) == (1.0, 0.0, 2)
