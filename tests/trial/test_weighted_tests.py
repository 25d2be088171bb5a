"""Weighted log-rank tests and mean times up to a month, from the file to the result."""

import json

import numpy as np
import pytest

from oestra.cli.comparison_view import means_view
from oestra.core.units import DAYS_PER_MONTH
from oestra.report.means_table import means_table
from oestra.survival import (
    FlemingHarrington,
    log_rank,
    restricted_mean_difference,
    restricted_mean_time,
)
from oestra.trial.analysis import EventWeights
from oestra.trial.design import TrialDesign
from oestra.trial.designs import find_design
from oestra.trial.run import run_trial

HORIZONS = (6.0, 12.0)


def asking(**analysis) -> TrialDesign:
    shipped = find_design("TAMRAD")
    changed = shipped.analysis.model_copy(update=analysis)
    return shipped.model_copy(update={"analysis": changed})


@pytest.fixture(scope="module")
def plain(cohort, follow):
    return run_trial("TAMRAD", cohort=cohort, follow=follow, replicates=6)


@pytest.fixture(scope="module")
def weighted(cohort, follow):
    design = asking(
        fleming_harrington=EventWeights(rho=0.0, gamma=1.0),
        restricted_mean_months=HORIZONS,
    )
    return run_trial(design, cohort=cohort, follow=follow, replicates=6)


def times(result, replicate, arm=None):
    primary = find_design("TAMRAD").analysis.primary.value.upper()
    table = result.patients
    keep = (table["REPLICATE"] == replicate) & (table["PARAMCD"] == primary)
    rows = table[keep if arm is None else keep & (table["TRTP"] == arm)]
    return rows["AVAL"].to_numpy(), rows["CNSR"].to_numpy() == 0, rows


def test_p_is_that_of_the_weighted_test(plain, weighted):
    contrast = weighted.contrasts[0]
    ps = []
    for number in range(6):
        day, event, rows = times(weighted, number)
        group = (rows["TRTP"] == contrast.arm).to_numpy()
        by = FlemingHarrington(gamma=1.0)
        found = log_rank(day, event, group, rows["STRATA"], events=by)
        ps.append(found.p)
    assert contrast.p.estimate == pytest.approx(np.median(ps), rel=1e-9)
    assert contrast.p.estimate != plain.contrasts[0].p.estimate
    # Who is enrolled and what happens to them is not touched.
    assert contrast.hazard_ratio == plain.contrasts[0].hazard_ratio
    assert weighted.patients.equals(plain.patients)


def test_means_are_those_of_the_patients(weighted):
    contrast = weighted.contrasts[0]
    for horizon in HORIZONS:
        means, errors, apart = [], [], []
        for number in range(6):
            day, event, _ = times(weighted, number, contrast.arm)
            one = restricted_mean_time(day / DAYS_PER_MONTH, event, horizon)
            means.append(one.estimate)
            errors.append(one.standard_error)
            day, event, rows = times(weighted, number)
            group = (rows["TRTP"] == contrast.arm).to_numpy()
            apart.append(
                restricted_mean_difference(day / DAYS_PER_MONTH, event, group, horizon)
            )
        found = weighted.arms[contrast.arm].restricted_means[horizon]
        assert found.months.estimate == pytest.approx(np.median(means))
        assert found.standard_error == pytest.approx(np.median(errors))
        assert 0 <= found.months.low < found.months.high <= horizon
        between = contrast.restricted_means[horizon]
        assert between.months.estimate == pytest.approx(
            np.median([one.estimate for one in apart])
        )
        won = sum(one.p <= 0.05 and one.estimate > 0 for one in apart)
        assert between.won.estimate == pytest.approx(won / 6)


def test_they_are_printed_and_written(weighted, plain):
    record = json.loads(json.dumps(weighted.to_json_dict()))
    arm = next(iter(record["arms"].values()))
    assert [row["months"] for row in arm["restricted_mean_months"]] == [6, 12]
    apart = record["contrasts"][0]["restricted_mean_difference_months"]
    assert {"estimate", "low", "standard_error", "won_percent"} <= set(apart[0])
    table = means_table(weighted)
    assert len(table[table["stratum"] == "ITT"]) == 6
    view = means_view(weighted, find_design("TAMRAD").analysis.primary.value)
    assert view is not None
    assert view.row_count == 6
    assert "restricted_mean_months" not in json.dumps(plain.to_json_dict())
    assert means_view(plain, "pfs") is None
    assert means_table(plain).empty


def test_a_horizon_beyond_follow_up_says_why(cohort, follow):
    design = asking(restricted_mean_months=(27.0,)).model_copy(
        update={"data_cut_months": 28.0, "accrual_months": 20.0}
    )
    result = run_trial(design, cohort=cohort, follow=follow, replicates=2, patients=20)
    found = [arm.restricted_means[27.0].months for arm in result.arms.values()]
    assert any("follow-up ends before the horizon" in one.reason for one in found)
