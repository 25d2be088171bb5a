"""Power by simulation: against Schoenfeld's formula, and what varies it."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from oestra.core.errors import InputError
from oestra.survival.proportion import clopper_pearson
from oestra.trial.designs import find_design
from oestra.trial.power import PowerPoint, power_curve, required_patients, vary
from oestra.trial.result import Estimate

NOTHING = Estimate(estimate=None, low=None, high=None)


def point(patients, share, replicates=1000):
    return PowerPoint(
        patients=patients,
        power=clopper_pearson(round(share * replicates), replicates),
        hazard_ratio=NOTHING,
        looks=(),
    )


def test_required_patients_agree_with_schoenfeld():
    """1:1 allocation, every patient an event: n = 4 (z_a + z_b)^2 / ln(HR)^2."""
    log_ratio = math.log(0.7)

    def power(n):
        return norm.cdf(abs(log_ratio) * math.sqrt(n) / 2 - norm.ppf(0.975))

    points = [point(n, power(n)) for n in (100, 200, 400)]
    exact = 4 * (norm.ppf(0.975) + norm.ppf(0.8)) ** 2 / log_ratio**2
    found = required_patients(points)
    assert found.estimate == pytest.approx(exact, rel=0.02)
    assert found.low < exact < found.high


def test_few_replicates_leave_the_size_open():
    wide = required_patients([point(100, 0.3, 20), point(200, 0.7, 20)])
    narrow = required_patients([point(100, 0.3, 2000), point(200, 0.7, 2000)])
    assert narrow.low - narrow.high > (wide.low or 0) - (wide.high or math.inf)
    assert "95 % interval" in narrow.text()


def test_a_limit_beyond_any_trial_is_open():
    # As the slope comes to lie at its own error, the limit runs off to any number.
    found = [
        required_patients([point(120, 0.4, 40), point(240, 0.4 + rise, 40)])
        for rise in np.linspace(0.15, 0.35, 401)
    ]
    known = [one.high for one in found if one is not None]
    assert None in known
    assert any(high is not None for high in known)
    assert all(high is None or high <= 100_000 for high in known)


def test_no_size_is_enough_where_power_does_not_rise():
    assert required_patients([point(100, 0.5), point(200, 0.05)]) is None
    assert required_patients([point(100, 0.5)]) is None


def test_power_rises_with_size(cohort, follow):
    design = find_design("TAMRAD")
    points = power_curve(design, [40, 200], replicates=10, cohort=cohort, follow=follow)
    small, large = points
    assert small.power.count <= large.power.count
    assert large.power.estimate > 0.5
    assert large.to_json_dict()["patients"] == 200
    assert np.isfinite(large.hazard_ratio.estimate)


def test_a_design_without_a_control_has_no_power(cohort, follow):
    with pytest.raises(InputError, match="compares no arms"):
        power_curve(find_design("T1_BYL719_LET"), [20], cohort=cohort, follow=follow)


def test_factors_of_a_design():
    base = find_design("BELLE-2")
    other = vary(
        base,
        enrich='pik3ca != "wild type"',
        interval_weeks=12,
        regimens={"BUP+FULV": "buparlisib 50 mg daily"},
    )
    assert other.eligibility[-1] == 'pik3ca != "wild type"'
    assert other.visits.candidates == (12.0,)
    assert other.arm("BUP+FULV").regimen == "buparlisib 50 mg daily"
    assert base.visits.candidates == (6.0,)
    with pytest.raises(InputError, match="nearest is 'BUP\\+FULV'"):
        vary(base, regimens={"BUP+FUL": "none"})
