"""What drugs set in the cell: competition, largest effects, killing and coming on."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from oestra.core.streams import Streams
from oestra.core.units import convert
from oestra.drugs.cycle_occupancy import mean_occupancy
from oestra.drugs.load import find
from oestra.drugs.pharmacokinetics import exposure
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects
from oestra.drugs.target import find_lever
from oestra.engagement.load_table import load_table
from oestra.engagement.medium_load import medium_loads
from oestra.engagement.occupancy import Engaged, share_held
from oestra.engagement.regimen_load import (
    _relative,
    drug_loads,
    drug_ramps,
    pk_subjects,
)
from oestra.engagement.target_load import schedule_factor, target_load
from oestra.model.parameters import prior_parameters

CDK46, AROMATASE = "CDK4/6:kinase inhibitor", "CYP19A1:inhibitor"
HER2, TUBULIN = "ERBB2:antibody", "TUBB:stabilizer"
ONE = PkSubjects.typical()
P = prior_parameters()
LETROZOLE, GEFITINIB = "letrozole 2.5 mg daily", "gefitinib 250 mg daily"
ANASTROZOLE, EVEROLIMUS = "anastrozole 1 mg daily", "everolimus 10 mg daily"
CHEMO = "paclitaxel 80 mg/m2 weekly"
ANTIBODY = "trastuzumab 4 mg/kg then 2 mg/kg weekly"


def loads(text, subjects=ONE, **changes):
    return drug_loads(Regimen.parse(text), subjects, P.replace(**changes))


def test_nothing_given_sets_nothing():
    assert loads("none") == {}
    assert drug_ramps(Regimen(), ONE, np.array([0.0, 28.0])) == {}


def test_a_drug_sets_its_targets_and_no_other():
    assert set(loads(LETROZOLE)) == {"load_cyp19a1"}
    assert set(loads(CHEMO)) == {"block_tubulin"}
    assert set(loads(f"{LETROZOLE} + {EVEROLIMUS}")) == {
        "load_cyp19a1",
        "load_mtorc1_allosteric",
    }


def test_loads_of_drugs_that_compete_add():
    apart = [loads(text)["load_cyp19a1"][0] for text in (LETROZOLE, ANASTROZOLE)]
    together = loads(f"{LETROZOLE} + {ANASTROZOLE}")["load_cyp19a1"][0]
    assert min(apart) > 0.5
    assert together == pytest.approx(sum(apart))


def test_loads_do_not_depend_on_the_order_of_drugs():
    one = loads(f"{GEFITINIB} + {LETROZOLE}")
    other = loads(f"{LETROZOLE} + {GEFITINIB}")
    assert set(one) == set(other)
    for name, value in one.items():
        assert value == pytest.approx(other[name])


def test_more_in_the_tumor_holds_more():
    once = loads(GEFITINIB, accumulation_egfr=1.0)["load_egfr"][0]
    more = loads(GEFITINIB, accumulation_egfr=5.0)["load_egfr"][0]
    # At a steady level the load would rise as accumulation does; peaks saturate.
    assert 3.0 < more / once <= 5.0 + 1e-9


def test_a_largest_effect_limits_what_is_held():
    drug = Regimen.parse("palbociclib 125 mg daily")
    (action,) = drug.components[0].drug.targets
    most = action.max_effect.value
    assert most < 1.0
    load = loads("palbociclib 125 mg daily", accumulation_cdk46=1e6)["load_cdk46"][0]
    assert load / (1.0 + load) == pytest.approx(most, rel=1e-3)


def test_what_is_held_stays_finite():
    load = loads(LETROZOLE, accumulation_cyp19a1=1e15)["load_cyp19a1"][0]
    assert load == pytest.approx(1e9, rel=1e-3)


def test_a_taxane_sets_the_share_of_divisions_that_it_spoils():
    share = loads(CHEMO)["block_tubulin"][0]
    assert 0.3 < share < 0.8
    more = loads(CHEMO, accumulation_tubulin=2 * P["accumulation_tubulin"])
    assert share < more["block_tubulin"][0] < 1.0
    full = loads(CHEMO, accumulation_tubulin=1e12)["block_tubulin"][0]
    assert full == pytest.approx(1.0, rel=1e-3)


def test_an_antibody_blocks_and_kills_and_does_not_compete():
    found = loads(ANTIBODY)
    assert set(found) == {"block_erbb2_antibody", "kill_antibody"}
    held = found["block_erbb2_antibody"][0]
    assert 0.0 < held < 1.0
    assert found["kill_antibody"][0] == pytest.approx(held * P["kill_rate_antibody"])


def acting(drug, target):
    """Return a lever and what a drug does there."""
    (action,) = find(drug).actions(target).values()
    return find_lever(target), action


def engaged(*held):
    """Return what drugs set that hold given shares: (drug, target, share)."""
    found = Engaged()
    for drug, target, share in held:
        lever, action = acting(drug, target)
        found.add(lever, share, action)
    return found.values()


def test_what_is_held_enters_as_odds_of_the_largest_effect():
    _, action = acting("palbociclib", CDK46)
    most = action.max_effect.value
    effect = 0.75 * most
    found = engaged(("palbociclib", CDK46, 0.75))
    assert found == {"load_cdk46": pytest.approx(effect / (1.0 - effect))}
    assert engaged(("letrozole", AROMATASE, 0.75)) == {
        "load_cyp19a1": pytest.approx(3.0)
    }


def test_what_one_drug_takes_is_told():
    lever, action = acting("palbociclib", CDK46)
    most = action.max_effect.value
    assert Engaged().add(lever, 0.5, action) == pytest.approx(0.5 * most)
    assert Engaged().add(lever, 2.0, action) == pytest.approx(most)
    assert Engaged().add(lever, -1.0, action) == 0.0
    # Where the cell limits what holding can do, the share held is what counts.
    lever, action = acting("everolimus", "MTORC1:allosteric")
    assert action.max_effect is None
    assert Engaged().add(lever, 0.5, action) == pytest.approx(0.5)


def test_drugs_that_compete_share_a_site_by_their_loads():
    # Loads 3 and 1 of full blockers: four fifths are held.
    both = engaged(("letrozole", AROMATASE, 0.75), ("anastrozole", AROMATASE, 0.5))
    assert both["load_cyp19a1"] == pytest.approx(4.0)
    # Partial blockers hold as much, and each counts by its own maximum.
    most = [
        acting(drug, CDK46)[1].max_effect.value
        for drug in ("palbociclib", "ribociclib")
    ]
    taken = (3.0 * most[0] + 1.0 * most[1]) / (1.0 + 3.0 + 1.0)
    both = engaged(("palbociclib", CDK46, 0.75), ("ribociclib", CDK46, 0.5))
    assert both["load_cdk46"] == pytest.approx(taken / (1.0 - taken))


def test_a_share_below_none_takes_nothing_from_others():
    both = engaged(("letrozole", AROMATASE, 0.75), ("anastrozole", AROMATASE, -0.1))
    assert both["load_cyp19a1"] == pytest.approx(3.0)


def test_blocks_that_do_not_compete_count_once():
    held = [("trastuzumab", HER2, share) for share in (0.3, 0.8, 0.5)]
    most = acting("trastuzumab", HER2)[1].max_effect
    factor = 1.0 if most is None else most.value
    assert engaged(*held) == {"block_erbb2_antibody": pytest.approx(0.8 * factor)}


def test_rates_of_killing_add():
    lever = find_lever(HER2)
    found = Engaged()
    found.kill(lever, 0.1)
    found.kill(lever, 0.25)
    assert found.values() == {"kill_antibody": pytest.approx(0.35)}


def test_half_is_held_at_the_potency():
    _, action = acting("letrozole", AROMATASE)
    assert share_held(action, action.potency.value) == pytest.approx(0.5)
    assert share_held(action, 0.0) == 0.0
    three = action.potency.value * 3.0 ** (1.0 / action.hill)
    assert share_held(action, three) == pytest.approx(0.75)


def test_an_irreversible_drug_takes_what_turnover_does_not_restore():
    _, action = acting("exemestane", AROMATASE)
    one = action.inactivation
    rate = convert(one.rate.value, one.rate.unit, "1/day")
    turnover = convert(one.turnover.value, one.turnover.unit, "1/day")
    half = share_held(action, one.binding_constant.value)
    assert half == pytest.approx(0.5 * rate / (0.5 * rate + turnover))


def test_a_medium_acts_as_it_is_written():
    found = medium_loads({"letrozole": 5.0, "everolimus": 0.0}, P)
    _, action = acting("letrozole", AROMATASE)
    assert found["load_cyp19a1"] == pytest.approx(
        (5.0 / action.potency.value) ** action.hill
    )
    assert found["load_mtorc1_allosteric"] == 0.0
    assert medium_loads({}, P) == {}


def test_a_taxane_in_a_medium_spoils_the_share_that_it_holds():
    _, action = acting("paclitaxel", TUBULIN)
    most = 1.0 if action.max_effect is None else action.max_effect.value
    held = share_held(action, 5.0) * most
    assert medium_loads({"paclitaxel": 5.0}, P) == {
        "block_tubulin": pytest.approx(held)
    }


def test_a_dish_has_no_immune_cells():
    assert set(medium_loads({"trastuzumab": 100.0}, P)) == {"block_erbb2_antibody"}


def three_patients():
    return pd.DataFrame(
        {
            "weight_kg": [60.0, 80.0, 70.0],
            "surface_m2": [1.6, 1.9, 1.8],
            "adherence": 1.0,
            "cyp2d6": "NM",
        },
        index=[4, 9, 2],
    )


def test_a_table_has_a_row_a_regimen_and_zero_where_one_does_nothing():
    patients = three_patients()
    regimens = [Regimen.parse(text) for text in (LETROZOLE, "none", EVEROLIMUS)]
    names, table = load_table(regimens, patients, P, Streams(1), adherent=True)
    assert names == ("load_cyp19a1", "load_mtorc1_allosteric")
    assert table.shape == (3, 3, 2)
    assert (table[0, :, 0] > 0).all()
    assert (table[2, :, 1] > 0).all()
    assert not table[1].any()
    assert not table[0, :, 1].any()
    assert not table[2, :, 0].any()
    alone = drug_loads(regimens[0], pk_subjects(patients, regimens[0], Streams(1)), P)
    assert np.array_equal(table[0, :, 0], alone["load_cyp19a1"])


def test_a_table_tells_of_what_is_asked_alone():
    c = three_patients()
    regimens = [Regimen.parse(text) for text in (LETROZOLE, EVEROLIMUS)]
    names, whole = load_table(regimens, c, P, Streams(5), adherent=True)
    asked = np.array([[True, False], [True, True], [False, True]])
    again, some = load_table(regimens, c, P, Streams(5), adherent=True, asked=asked)
    assert again == names
    assert np.array_equal(some, whole * asked.T[:, :, None])


def test_a_table_is_asked_of_every_regimen_or_of_none():
    c = three_patients()
    regimens = [Regimen.parse(text) for text in (LETROZOLE, EVEROLIMUS)]
    for columns in (1, 3):
        asked = np.ones((3, columns), dtype=bool)
        with pytest.raises(ValueError, match="argument 2 is"):
            load_table(regimens, c, P, Streams(5), adherent=True, asked=asked)


def test_subjects_are_the_patients_with_their_own_luck():
    patients = pd.DataFrame(
        {"weight_kg": [60, 80], "surface_m2": [2, 1],
         "adherence": np.array([1, 0], dtype=np.float32), "cyp2d6": ["PM", "NM"]},
        index=[4, 9],
    )  # fmt: skip
    regimen = Regimen.parse(f"tamoxifen 20 mg daily + {EVEROLIMUS}")
    found = pk_subjects(patients, regimen, Streams(6), least_adherence=0.05)
    assert found.weight.tolist() == [60.0, 80.0]
    assert found.surface.tolist() == [2.0, 1.0]
    assert found.cyp2d6.tolist() == ["PM", "NM"]
    assert found.weight.dtype == found.surface.dtype == found.adherence.dtype == float
    assert found.cyp2d6.dtype.kind == "U"
    assert "tamoxifen/clearance" in found.deviates
    for name, value in found.deviates.items():
        assert np.array_equal(value, Streams(6).normal(name, [4, 9])[:, 0])
    assert len(set(found.deviates)) > 3


EDGES = np.array([0.0, 7.0, 28.0, 56.0, 400.0, 428.0])


def ramp(text, name, edges=EDGES):
    return drug_ramps(Regimen.parse(text), ONE, edges)[name][0]


def test_a_load_comes_on_and_stays():
    found = ramp("letrozole 2.5 mg daily", "load_cyp19a1")
    assert np.all(np.diff(found) > -1e-9)
    assert found[0] < 0.6
    assert found[-1] == pytest.approx(1.0, abs=1e-3)


def test_a_course_that_ends_is_measured_by_its_peak_and_fades():
    found = ramp("letrozole 2.5 mg daily for 4 weeks", "load_cyp19a1")
    assert found.max() == pytest.approx(1.0)
    assert found.argmax() in (1, 2)
    assert found[-1] < 1e-3


def test_each_target_has_its_ramp_and_killing_none():
    assert set(drug_ramps(Regimen.parse(CHEMO), ONE, EDGES)) == set()
    both = drug_ramps(Regimen.parse(f"{LETROZOLE} + {EVEROLIMUS}"), ONE, EDGES)
    assert set(both) == {"load_cyp19a1", "load_mtorc1_allosteric"}
    slow, fast = both["load_cyp19a1"], both["load_mtorc1_allosteric"]
    assert slow.shape == fast.shape == (1, 5)
    assert slow[0, 0] < fast[0, 0]


def test_patients_come_on_each_at_their_own_pace():
    two = PkSubjects.typical(2)
    object.__setattr__(two, "deviates", {"letrozole/clearance": np.array([-2.0, 2.0])})
    found = drug_ramps(Regimen.parse(LETROZOLE), two, EDGES)["load_cyp19a1"]
    assert found.shape == (2, 5)
    assert found[0, 0] < found[1, 0]
    assert found[:, -1] == pytest.approx(1.0, abs=0.02)


def test_loads_are_relative_to_each_patients_steady_state_or_peak():
    load = np.array([[0.1, 0.2, 0.4], [3.0, 1.0, 0.0]])
    found = _relative(load, np.array([[0.2], [0.0]]))
    np.testing.assert_allclose(found, [[0.5, 1.0, 2.0], [1.0, 1 / 3, 0.0]])


def test_a_course_has_ended_where_a_thousandth_of_its_own_peak_is_left():
    load = np.array([[100.0, 50.0], [100.0, 50.0], [0.01, 0.02], [1e4, 1e4]])
    steady = np.array([[0.05], [0.2], [0.01], [1e4]])
    found = _relative(load, steady)
    np.testing.assert_allclose(
        found, [[1.0, 0.5], [500.0, 250.0], [1.0, 2.0], [1.0, 1.0]]
    )


def test_steepness_is_a_power_of_the_level_over_potency():
    _, action = acting("letrozole", AROMATASE)
    steep = replace(action, hill=2.0)
    assert share_held(steep, 3.0 * action.potency.value) == pytest.approx(0.9)


def test_a_load_is_the_free_level_over_potency():
    regimen = Regimen.parse(LETROZOLE)
    _, action = acting("letrozole", AROMATASE)
    (level,) = exposure(regimen, EDGES, ONE).values()
    load = target_load(regimen, EDGES, ONE)
    assert set(load) == {AROMATASE}
    np.testing.assert_allclose(
        load[AROMATASE], (level / action.potency.value) ** action.hill
    )


def test_loads_on_one_target_add():
    both = target_load(Regimen.parse(f"{LETROZOLE} + {ANASTROZOLE}"), EDGES, ONE)
    alone = [
        target_load(Regimen.parse(text), EDGES, ONE)[AROMATASE]
        for text in (LETROZOLE, ANASTROZOLE)
    ]
    assert set(both) == {AROMATASE}
    np.testing.assert_allclose(both[AROMATASE], sum(alone))


def test_a_steep_load_is_a_power_of_the_level_over_potency():
    (component,) = Regimen.parse(LETROZOLE).components
    (action,) = component.drug.targets
    drug = replace(component.drug, targets=(replace(action, hill=2.0),))
    regimen = Regimen((replace(component, drug=drug),))
    (level,) = exposure(regimen, EDGES, ONE).values()
    np.testing.assert_allclose(
        target_load(regimen, EDGES, ONE)[AROMATASE],
        (level / action.potency.value) ** 2,
    )


@pytest.mark.parametrize("text", ["gefitinib 250 mg weekly", GEFITINIB, ANASTROZOLE])
def test_what_a_schedule_keeps_of_its_load_holds_the_share_of_a_cycle(text):
    regimen = Regimen.parse(text)
    (component,) = regimen.components
    target = component.drug.targets[0].target
    steady = target_load(regimen, np.array([1400.0, 1407.0]), ONE)[target][:, 0]
    kept = steady * schedule_factor(component, target, ONE)
    held = mean_occupancy(component, target, ONE)
    assert 0.0 < held[0] < 1.0
    np.testing.assert_allclose(kept / (1.0 + kept), held, rtol=1e-6)


def test_a_pause_keeps_less_than_its_share_of_the_load():
    daily, bouts = (
        Regimen.parse(text).components[0]
        for text in ("gefitinib 250 mg daily", "gefitinib 250 mg weekly")
    )
    target = daily.drug.targets[0].target
    assert schedule_factor(daily, target, ONE)[0] == pytest.approx(1.0, abs=0.1)
    assert schedule_factor(bouts, target, ONE)[0] < 1.0


def test_what_a_tumor_gathers_of_one_drug_scales_its_level_alone():
    text = "ribociclib 600 mg daily"
    own = Regimen.parse(text).components[0].drug.tumor_to_plasma.value
    assert own != 1.0
    given = loads(text, accumulation_cdk46=1.0)["load_cdk46"][0]
    (component,) = Regimen.parse(text).components
    without = replace(component, drug=replace(component.drug, tumor_to_plasma=None))
    plain = drug_loads(Regimen((without,)), ONE, P.replace(accumulation_cdk46=own))
    assert given == pytest.approx(plain["load_cdk46"][0], rel=1e-12)


def test_one_molecule_has_one_level_in_the_tumor():
    found = loads("apitolisib 40 mg daily", accumulation_pi3k=0.5)
    more = loads("apitolisib 40 mg daily", accumulation_pi3k=5.0)
    assert set(found) == {"load_mtor_kinase", "load_pik3ca", "load_pik3cb"}
    assert all(more[name][0] > found[name][0] for name in found)
