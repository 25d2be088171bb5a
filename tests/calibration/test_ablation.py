"""Mechanisms switched off one at a time, and HORIZON crossed with BOLERO-2."""

from dataclasses import replace
from importlib.resources import files

import pytest

from oestra.calibration import ablation
from oestra.calibration.ablation import (
    ablate,
    ablations,
    read_ablations,
    switch_off,
)
from oestra.calibration.crossing import cross_trials, crossings
from oestra.calibration.exchange import added_regimen, exchanges, read_exchanges
from oestra.calibration.free import free_parameters, to_parameters
from oestra.calibration.objective import Objective
from oestra.calibration.standardize import standardize
from oestra.core.errors import InputError, OestraError
from oestra.model.parameters import best_parameters, prior_parameters
from oestra.model.quantities import quantities
from oestra.trial.designs import find_design

EXCHANGES = files("oestra.calibration").joinpath("exchanges.yaml")
MECHANISMS = {one.id: one for one in ablations()}
TRIALS = ("BOLERO-2", "HORIZON")

pytestmark = pytest.mark.usefixtures("in_threads")


@pytest.fixture(scope="module")
def objective():
    whole = Objective.of_trials(
        free_parameters(), prior_parameters(), patients=150, most=60
    )
    rows = tuple(row for row in whole.rows if row.trial in TRIALS)
    return replace(whole, rows=rows, with_facts=False)


@pytest.fixture(scope="module")
def best():
    return standardize(best_parameters(), free_parameters())


def test_every_mechanism_sets_parameters_that_the_model_has():
    assert len(MECHANISMS) == len(ablations()) >= 12
    for one in ablations():
        assert one.title
        assert one.reason
        assert set(one.set) <= set(quantities())
        for name, value in one.set.items():
            assert value != best_parameters()[name], name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("set: {gain_er_rkt: 0}", "'gain_er_rkt' in mine.yaml; nearest is"),
        ("set: {}", "switches nothing off"),
        ("set: {gain_er_rtk: 0}}\n- {id: a, title: B, reason: c, set: {gain_ras: 0}",
         "two mechanisms have the id 'a'"),
    ],
)  # fmt: skip
def test_a_bad_file_is_explained(text, said):
    with pytest.raises(InputError, match=said):
        read_ablations(f"- {{id: a, title: A, reason: b, {text}}}", where="mine.yaml")


def test_what_is_switched_off_is_fitted_no_more_and_the_rest_stays(objective, best):
    mechanism = MECHANISMS["variation"]
    problem, z = switch_off(objective, best, mechanism)
    fitted = {item.name for item in objective.free}
    assert len(z) == len(best) - len(mechanism.set)
    off = to_parameters(z, problem.base, problem.free)
    whole = to_parameters(best, objective.base, objective.free)
    for name in fitted:
        assert off[name] == mechanism.set.get(name, whole[name])


def test_without_the_need_for_mtorc1_everolimus_helps_less(objective, best):
    names = ("translation", "clone_pten")
    found = ablate(objective, best, [MECHANISMS[name] for name in names], workers=1)
    assert [one.id for one in found.mechanisms] == list(names)
    assert found.without.shape == (2, len(objective.rows))
    ids = [row.id for row in found.rows]
    ratio = ids.index("BOLERO-2/ITT/hazard_ratio/EXE+EVE")
    assert found.without[0, ratio] > 1.2 * found.value[ratio]
    (exchanged,) = cross_trials(objective, best, exchanges())
    own = {one.trial: one for one in exchanged.crossed if one.own}
    for name, one in own.items():
        arm = find_design(name).arm_ids[0]
        assert (
            one.hazard_ratio == found.value[ids.index(f"{name}/ITT/hazard_ratio/{arm}")]
        )
    assert [one.published for one in own.values()] == [0.9, 0.45]


def test_what_cannot_be_followed_is_told(objective, best, monkeypatch):
    failing = [MECHANISMS["mcl1"], MECHANISMS["af1"]]
    able = ablation.try_out

    def try_out(problem, z):
        stands = problem.base["weight_survival_mcl1"] > 0
        return able(problem, z) if stands else None

    monkeypatch.setattr(ablation, "try_out", try_out)
    found = ablate(objective, best, failing, workers=2)
    assert [one.id for one in found.failed] == ["mcl1"]
    assert [one.id for one in found.mechanisms] == ["af1"]
    with pytest.raises(OestraError, match="no steady state"):
        ablate(objective, best, failing[:1], workers=1)


def test_schedule_and_line_are_exchanged_and_nothing_else():
    tem = "temsirolimus 30 mg daily for 5 days every 14 days"
    expected = [
        ("HORIZON", f"letrozole 2.5 mg daily + {tem}"),
        ("HORIZON", "letrozole 2.5 mg daily + everolimus 10 mg daily for 5 days every "
         "14 days"),
        ("HORIZON", "letrozole 2.5 mg daily + everolimus 10 mg daily"),
        ("BOLERO-2", f"exemestane 25 mg daily + {tem}"),
        ("BOLERO-2", "exemestane 25 mg daily + everolimus 10 mg daily for 5 days every "
         "14 days"),
        ("BOLERO-2", "exemestane 25 mg daily + everolimus 10 mg daily"),
    ]  # fmt: skip
    found = crossings(exchanges()[0])
    assert [(x.design.id, x.design.arms[0].regimen) for x in found] == expected
    assert [x.own for x in found] == [True, False, False, False, False, True]
    for one in found:
        whole = find_design(one.design.id)
        assert one.design.model_copy(update={"arms": whole.arms}) == whole
        assert one.design.arms[1] == whole.arms[1]
        if one.own:
            assert one.design.arms[0].regimen == whole.arms[0].regimen


@pytest.mark.parametrize(
    ("line", "changed", "said"),
    [
        ("  besides:", "", "missing or unknown: besides"),
        ("  besides:", "  between:", "missing or unknown: besides, between"),
        ("    HORIZON:", "", "does not name two trials"),
    ],
)
def test_an_exchange_that_cannot_be_is_explained(line, changed, said):
    text = EXCHANGES.read_text("utf-8")
    (whole,) = [x for x in text.splitlines() if x.startswith(line)]
    text = text.replace(whole, changed and whole.replace(line, changed))
    with pytest.raises(InputError, match=said):
        read_exchanges(text)


def test_only_a_trial_that_adds_to_its_control_can_be_exchanged():
    assert added_regimen(find_design("BOLERO-2")) == "everolimus 10 mg daily"
    with pytest.raises(InputError, match="adds something to its control"):
        added_regimen(find_design("SoFEA"))
