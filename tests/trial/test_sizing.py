"""Sizing a trial: factors, the search for a size, looks, and what spreads an effect."""

import numpy as np
import pytest

from oestra.core.errors import InputError
from oestra.history.store import load_cohort
from oestra.survival.proportion import clopper_pearson
from oestra.trial.design import Look
from oestra.trial.designs import find_design
from oestra.trial.power import PowerPoint, power_curve
from oestra.trial.result import Estimate
from oestra.trial.run import run_trial
from oestra.trial.sizing import Factors, Sizing, eligible_percent, levels, size_trial
from oestra.trial.uncertainty import decompose

NOTHING = Estimate(estimate=None, low=None, high=None)
MUTANT = 'pik3ca != "wild type"'


def test_the_factors_are_crossed():
    design = find_design("BELLE-2")
    found = levels(design, Factors(enrich=(MUTANT,), interval_weeks=(8.0, 12.0)))
    assert [level.label for level in found] == [
        "scans every 8 weeks",
        "scans every 12 weeks",
        f"only {MUTANT}, scans every 8 weeks",
        f"only {MUTANT}, scans every 12 weeks",
    ]
    assert found[3].design.eligibility == (*design.eligibility, MUTANT)
    assert found[3].design.visits.candidates == (12.0,)
    (plain,) = levels(design, Factors())
    assert plain.label == "as designed"
    assert plain.design == design


@pytest.mark.parametrize(
    ("factors", "said"),
    [
        (Factors(enrich=("pik3a == 'H1047R'",)), "nearest is 'pik3ca'"),
        (Factors(enrich=("pik3ca ==",)), "enrich"),
        (Factors(interval_weeks=(500.0,)), "longer than the follow-up"),
        (Factors(interval_weeks=(1.0,)), "more than half"),
        (Factors(regimens=({"BUP": "letrozole 2.5 mg daily"},)), "arm"),
    ],
)
def test_a_factor_that_does_not_fit(factors, said):
    with pytest.raises(InputError, match=said):
        levels(find_design("BELLE-2"), factors)


def test_enrichment_admits_its_share(cohort):
    design = find_design("TAMRAD")
    (_, mutant) = levels(design, Factors(enrich=(MUTANT,)))
    assert eligible_percent(design, design, cohort) == pytest.approx(100.0)
    assert eligible_percent(design, mutant.design, cohort) == pytest.approx(40, abs=6)


def test_enrichment_by_an_assay_admits_who_is_called():
    design, pool = find_design("TAMRAD"), load_cohort()
    factors = Factors(enrich=("esr1_mutant_plasma", "esr1_y537s_plasma"))
    gene, allele = (
        eligible_percent(design, level.design, pool)
        for level in levels(design, factors)[1:]
    )
    assert 0 < allele < gene < 50


def test_looks_keep_their_share_of_the_size(cohort, follow):
    design = find_design("TAMRAD")
    planned = sum(arm.n for arm in design.arms)
    analysis = design.analysis.model_copy(
        update={"looks": (Look(events=50, futility_hazard_ratio=0.01),)}
    )
    design = design.model_copy(update={"analysis": analysis})
    (point,) = power_curve(
        design, [2 * planned], replicates=3, cohort=cohort, follow=follow
    )
    assert point.looks[0].events == 100
    assert point.futility_percent == pytest.approx(100.0)
    assert point.percent[0] == 0.0


def test_the_search_brackets_the_power_wanted(monkeypatch):
    """A stand-in whose power is exactly one half at 300 patients."""

    def curve(design, sizes, *, replicates, **_run):
        return tuple(
            PowerPoint(
                patients=n,
                power=clopper_pearson(round(1000 * n / (n + 300)), 1000),
                hazard_ratio=NOTHING,
                looks=(),
            )
            for n in sizes
        )

    monkeypatch.setattr("oestra.trial.sizing.power_curve", curve)
    monkeypatch.setattr("oestra.trial.sizing.eligible_percent", lambda *_: 100.0)
    design = find_design("BOLERO-2")
    (level,) = levels(design, Factors())
    found = size_trial(level, design, cohort=[None], target=0.5)
    sizes = [point.patients for point in found.points]
    assert sizes == sorted(sizes)
    assert {181, 362, 724} <= set(sizes)
    assert found.required.estimate == pytest.approx(300, rel=0.1)
    assert found.required.low < found.required.estimate < found.required.high
    shown = Sizing.to_json_dict(found)
    assert shown["required_patients"] == found.required.estimate
    assert shown["required_patients_interval"]["level"] == 0.95
    easy = size_trial(level, design, cohort=[None], patients=[900, 1800], target=0.5)
    assert easy.required is None
    assert "900 patients already" in easy.reason
    with pytest.raises(InputError, match=r"got 1\.5"):
        size_trial(level, design, cohort=[None], target=1.5)


def test_the_parts_of_the_spread_are_recovered():
    rng = np.random.default_rng(5)
    sets = np.repeat(np.arange(400), 10)
    parameters, trial = rng.normal(size=400), rng.normal(size=4000)
    values = 0.3 * parameters[sets] + 0.2 * trial
    spread = decompose(values, sets, pool_ratio=0.25)
    assert spread.parameters == pytest.approx(0.3, rel=0.1)
    assert spread.trial == pytest.approx(0.2, rel=0.05)
    assert spread.patients == pytest.approx(0.1, rel=0.05)


def test_sets_that_do_not_differ_add_nothing():
    values = np.array([0.0, 1.0, 0.0, 1.0])
    spread = decompose(values, np.array([0, 0, 1, 1]), 1.0)
    assert spread.parameters == 0.0
    assert decompose(values, np.arange(4), 1.0) is None


def test_a_trial_of_several_populations_tells_its_spread(cohort, follow):
    design = find_design("TAMRAD")
    run = {"follow": follow, "replicates": 4, "patients": 60}
    alone = run_trial(design, cohort=cohort, **run)
    several = run_trial(design, cohort=[cohort, cohort], **run)
    assert "uncertainty" not in alone.audit
    assert alone.audit["parameter_sets"] == 1
    assert several.audit["parameter_sets"] == 2
    assert set(several.audit["uncertainty"]) == {"parameters", "patients", "trial"}
