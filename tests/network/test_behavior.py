"""The cell that ships settles, settles at one place, and moves as biology says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oestra.core.errors import InputError, OestraError
from oestra.model.parameters import cell_parameters
from oestra.network.alteration import alterations, find_alteration
from oestra.network.cell import OUTPUTS, cell
from oestra.network.reference import REFERENCE, reference_drift, reference_values

LONG = 3000.0
SHIPPED = {
    name: cell_parameters()[name]
    for name in cell().parameters
    if name in cell_parameters()
}
"""The cell as measurements hold it."""
FREE = 1e6
"""A drug load that leaves nothing of its target."""


def settle(changes, *, days=LONG, start=None):
    """Return outputs of a cell with other parameters, and its state."""
    model = cell()
    p = model.parameter_array(1, {**SHIPPED, **changes})
    y = model.model.initial_states(p[0])[None] if start is None else start
    done = model.kernel.advance(y, p, 0.0, days, rtol=1e-7, atol=1e-10)
    assert not done.failures()
    values = model.kernel.evaluate(done.y, p)[0]
    return dict(zip(OUTPUTS, values, strict=True)), done.y


def altered(gene, name):
    item = find_alteration(gene, name)
    values = dict(item.set)
    for parameter, factor in item.scale.items():
        values[parameter] = factor * SHIPPED[parameter]
    return values


@pytest.fixture(scope="module")
def reference():
    return settle({})


def test_shipped_reference_values_are_a_steady_state():
    assert reference_drift(cell()) < 1e-3


def test_reference_state_does_not_move(reference):
    model = cell()
    p = model.parameter_array(1, SHIPPED)
    rates = model.kernel.rates(reference[1], p)[0]
    still = np.delete(rates, model.states["log_cell_number"])
    assert np.abs(still).max() < 1e-6
    assert rates[model.states["log_cell_number"]] == pytest.approx(
        reference[0]["growth_rate"]
    )


def test_relative_quantities_are_one_in_the_reference_cell(reference):
    assert reference[0]["ere_drive"] == pytest.approx(1.0, rel=1e-3)
    assert reference[0]["ere_output"] == pytest.approx(1.0, rel=1e-3)
    found = reference_values(cell(), SHIPPED)
    assert found.keys() == REFERENCE.keys()
    assert found["akt_reference"] == pytest.approx(reference[0]["akt"], rel=1e-3)


def test_reference_follows_the_parameters():
    found = reference_values(cell(), {"gain_akt_tsc": 8.0})
    shipped = reference_values(cell(), {})
    assert found["translation_reference"] > shipped["translation_reference"]


def test_a_cell_without_a_steady_state_is_refused(monkeypatch):
    monkeypatch.setattr("oestra.network.reference._ROUNDS", 1)
    with pytest.raises(OestraError, match="no steady state"):
        reference_values(cell(), {"gain_akt_tsc": 8.0})


@given(seed=st.integers(0, 10_000))
@settings(max_examples=8)
def test_any_start_leads_to_the_same_state(seed):
    model = cell()
    rng = np.random.default_rng(seed)
    names = list(model.states)
    start = rng.uniform(0.0, 1.0, (1, len(names)))
    amounts = [name.startswith(("er", "egfr", "igf1r")) for name in names]
    start[0, amounts] *= 3.0
    start[0, model.states["log_cell_number"]] = 0.0
    shipped, y = settle({})
    other, z = settle({}, start=start)
    free = np.arange(len(names)) != model.states["log_cell_number"]
    np.testing.assert_allclose(z[0, free], y[0, free], rtol=1e-4, atol=1e-7)
    assert other["ki67"] == pytest.approx(shipped["ki67"], rel=1e-4)


@pytest.mark.parametrize(
    ("changes", "days", "name", "least"),
    [
        # Least change of the natural logarithm, with its sign.
        ({"load_cyp19a1": FREE, "e2_other_source": 0.0}, 14, "ere_output", -0.3),
        ({"load_cyp19a1": FREE, "e2_other_source": 0.0}, 14, "ki67", -0.3),
        ({"load_cyp19a1": FREE, "e2_other_source": 0.0}, 14, "er_total", 0.05),
        ({"load_cyp19a1": FREE, "e2_other_source": 0.0}, 365, "er_total", 0.3),
        ({"load_cyp19a1": FREE, "e2_other_source": 0.0}, 365, "rtk_output", 0.03),
        ({"load_esr1_serm": 100.0}, 14, "ere_output", -0.3),
        ({"load_esr1_serd": 100.0}, 14, "er_total", -0.7),
        ({"load_esr1_serd": 100.0}, 14, "ere_output", -0.7),
        ({"load_mtorc1_allosteric": 10.0}, 2, "akt", 0.03),
        ({"load_mtorc1_allosteric": 10.0}, 2, "translation", -0.3),
        ({"load_mtor_kinase": 100.0}, 2, "translation", -1.0),
        ({"load_mtor_kinase": 100.0}, 0.05, "akt", -0.1),
        ({"load_pik3ca": 100.0}, 2, "akt", -0.3),
        ({"load_akt": 100.0}, 2, "foxo", 0.3),
        ({"load_mek": 100.0}, 2, "erk_p", -1.0),
        ({"load_egfr": 100.0}, 2, "erk_p", -0.03),
        ({"load_cdk46": 10.0}, 7, "division_rate", -1.0),
        ({"egf": 50.0}, 0.01, "erk_p", 0.3),
        ({"egf": 50.0}, 7, "erk_p", 0.02),
        ({"e2_medium": 10.0}, 7, "er_total", -0.02),
    ],
)
def test_a_single_perturbation_moves_an_output(reference, changes, days, name, least):
    before, state = reference
    after, _ = settle(changes, days=float(days), start=state)
    change = np.log(after[name] / before[name])
    assert change * np.sign(least) >= abs(least)


def test_cyclin_e_takes_the_place_of_inhibited_cdk46(reference):
    before, state = reference
    amplified = altered("CCNE1", "amplification")
    untreated, _ = settle(amplified, days=60.0, start=state)
    assert untreated["division_rate"] == pytest.approx(
        before["division_rate"], rel=1e-4
    )
    held, _ = settle({"load_cdk46": 10.0}, days=30.0, start=state)
    escaped, _ = settle({"load_cdk46": 10.0, **amplified}, days=30.0, start=state)
    assert held["division_rate"] < 0.4 * before["division_rate"]
    assert escaped["division_rate"] > 0.8 * before["division_rate"]


@pytest.mark.parametrize(
    ("gene", "allele", "name", "least"),
    [
        ("ERBB2", "amplification", "rtk_output", 0.2),
        ("ERBB2", "amplification", "erk_p", 0.1),
        ("ERBB2", "amplification", "er_total", -0.01),
        ("PIK3CA", "H1047R", "akt", 0.1),
        ("PIK3CA", "E545K", "akt", 0.1),
        ("PTEN", "loss", "akt", 0.1),
        ("INPP4B", "loss", "akt", 0.03),
        ("AKT1", "E17K", "akt", 0.1),
        ("PDPK1", "amplification", "akt", 0.1),
        ("ESR1", "loss", "er_total", -2.0),
        ("ESR1", "loss", "ere_output", -1.0),
        ("CCND1", "amplification", "division_rate", 0.03),
        ("NCOA3", "high", "ere_output", 0.05),
    ],
)
def test_a_lesion_moves_an_output(reference, gene, allele, name, least):
    after, _ = settle(altered(gene, allele))
    change = np.log(after[name] / reference[0][name])
    assert change * np.sign(least) >= abs(least)


def test_a_rapalog_silences_s6k_and_leaves_part_of_4ebp1(reference):
    model = cell()
    p = model.parameter_array(1, {**SHIPPED, "load_mtorc1_allosteric": 10.0})
    done = model.kernel.advance(reference[1], p, 0.0, 2.0, rtol=1e-7, atol=1e-10)
    both = model.select(["s6k_p", "eif4ebp1_p"])
    s6k, eif4ebp1 = done.y[0, both] / reference[1][0, both]
    assert s6k < 0.2
    assert s6k < eif4ebp1 < 1


def test_an_inhibitor_of_mtor_s_kinase_silences_s473(reference):
    _, state = settle({"load_mtor_kinase": 100.0}, days=2.0, start=reference[1])
    s473 = cell().states["akt_s473"]
    assert np.log(state[0, s473] / reference[1][0, s473]) < -1.0


@pytest.mark.parametrize("allele", ["Y537S", "Y537N", "D538G"])
def test_mutant_receptors_work_without_estrogen(reference, allele):
    none = {"load_cyp19a1": FREE, "e2_other_source": 0.0}
    wild, _ = settle(none, days=28.0, start=reference[1])
    mutant, _ = settle({**none, **altered("ESR1", allele)}, days=28.0)
    assert mutant["ere_output"] > 2 * wild["ere_output"]


@given(
    st.dictionaries(
        st.sampled_from(["load_esr1_serm", "load_esr1_serd", "load_mtor_kinase",
                         "load_pik3ca", "load_egfr", "load_erbb2", "load_cdk46",
                         "load_cyp19a1", "load_mek", "load_akt"]),
        st.floats(0, 1e4), max_size=4,
    ),
    st.sampled_from(sorted(alterations())),
)  # fmt: skip
@settings(max_examples=15)
def test_fractions_stay_fractions_whatever_is_done(loads, lesion):
    _, y = settle({**altered(*lesion), **loads}, days=200.0)
    model = cell()
    assert np.delete(y, model.states["log_cell_number"]).min() > -1e-8
    fractions = ["er_s118", "er_s167", "ras_gtp", "raf_p", "mek_p", "erk_p", "tsc",
                 "akt_t308", "akt_s473", "mtorc1", "mtorc2", "s6k_p", "eif4ebp1_p",
                 "foxo", "ki67", "adapted_er", "adapted_rtk"]  # fmt: skip
    assert y[0, model.select(fractions)].max() < 1 + 1e-8


def test_unknown_parameters_are_explained():
    with pytest.raises(InputError, match="nearest is 'load_akt'"):
        cell().parameter_array(1, {"load_atk": 1.0})


def test_arrested_cells_die_less_with_time_and_recover_with_division():
    p = {"load_cyp19a1": FREE, "k_deprivation": 0.01}
    early, _ = settle(p, days=10.0)
    late, state = settle(p, days=365.0)
    assert late["death_rate"] < 0.9 * early["death_rate"]
    _, back = settle({"k_deprivation": 0.01}, days=700.0, start=state)
    quiescent = cell().states["quiescent"]
    assert back[0, quiescent] < 0.5 * state[0, quiescent]


def test_cells_with_risen_kinases_need_less_estradiol():
    def output(gain):
        changes = {"load_cyp19a1": 20.0, "gain_hypersensitivity": gain}
        return settle(changes, days=200.0)[0]["ere_output"]

    assert output(6.0) > 1.2 * output(0.0)


def test_cells_grown_independent_need_the_receptor_but_not_its_kinases():
    without = {"load_cyp19a1": FREE, "e2_other_source": 0.0}
    before, adapted = settle(without, days=365.0)
    pi3k, _ = settle({**without, "load_pik3ca": FREE}, days=7.0, start=adapted)
    serd, _ = settle({**without, "load_esr1_serd": FREE}, days=7.0, start=adapted)
    never, _ = settle({**without, "gain_independence": 0.0}, days=365.0)
    assert pi3k["ere_output"] > 0.8 * before["ere_output"]
    assert serd["ere_output"] < 0.1 * before["ere_output"]
    assert never["ere_output"] < 0.75 * before["ere_output"]


def test_cells_without_corepressors_are_driven_by_tamoxifen_alone(reference):
    lost = altered("NCOR1", "loss")

    def output(loads, lesion):
        return settle({**loads, **lesion}, days=28.0, start=reference[1])[0][
            "ere_output"
        ]

    tamoxifen = {"load_esr1_serm": 100.0}
    assert output(tamoxifen, lost) > 1.5 * output(tamoxifen, {})
    for other in (
        {},
        {"load_esr1_serd": 100.0},
        {"load_cyp19a1": FREE, "e2_other_source": 0.0},
    ):
        assert output(other, lost) == pytest.approx(output(other, {}), rel=1e-3)


def test_translation_comes_back_under_a_rapalog_within_months(reference):
    rapalog = {"load_mtorc1_allosteric": 10.0}
    early, _ = settle(rapalog, days=7.0, start=reference[1])
    late, state = settle(rapalog, days=365.0, start=reference[1])
    never, _ = settle(
        {**rapalog, "gain_adapted_eif4e": 0.0}, days=365.0, start=reference[1]
    )
    assert early["translation"] < 0.6 * reference[0]["translation"]
    assert late["translation"] > 1.3 * early["translation"]
    assert late["division_rate"] > never["division_rate"]
    # S6K stays silent: what comes back does not come from mTORC1.
    assert (
        state[0, cell().states["s6k_p"]] < 0.2 * reference[1][0, cell().states["s6k_p"]]
    )
    # And it goes again with the drug.
    _, back = settle({}, days=900.0, start=state)
    assert back[0, cell().states["adapted_eif4e"]] < 0.05


@pytest.mark.parametrize("lesion", [("EIF4EBP1", "loss"), ("EIF4E", "amplification")])
def test_free_eif4e_resists_a_rapalog(reference, lesion):
    rapalog = {"load_mtorc1_allosteric": 10.0}
    usual, _ = settle(rapalog, days=14.0, start=reference[1])
    free, _ = settle({**rapalog, **altered(*lesion)}, days=14.0, start=reference[1])
    assert free["division_rate"] > 1.1 * usual["division_rate"]


def test_cells_without_pten_resist_an_inhibitor_of_p110_alpha(reference):
    drug = {"load_pik3ca": 20.0, **altered("PIK3CA", "H1047R")}
    usual, _ = settle(drug, days=28.0)
    lost, _ = settle({**drug, **altered("PTEN", "loss")}, days=28.0)
    assert lost["akt"] > 1.3 * usual["akt"]


def test_her2_speeds_cells_that_rb_no_longer_holds():
    def faster(share):
        held = {"drive_estrogen": 6.0, "share_pace": share}
        usual, high = (settle({**held, "erbb2_level": n})[0] for n in (1.0, 16.0))
        return high["division_rate"] / usual["division_rate"]

    assert faster(0.0) < 1.02
    assert faster(0.3) > 1.1


def test_only_overactive_kinases_lower_the_messenger_of_the_receptor(reference):
    def messenger(changes):
        y = settle(changes)[1]
        return y[0, cell().states["esr1_mrna"]]

    usual = reference[1][0, cell().states["esr1_mrna"]]
    assert messenger({"erbb2_level": 40.0}) < 0.95 * usual
    assert messenger({"load_egfr": FREE}) == pytest.approx(usual, rel=0.05)


def test_a_mutant_resists_antagonists_by_their_own_loss_and_wild_type_has_none():
    def output(lesion, power):
        changes = {**lesion, "load_esr1_serd": 10.0, "n_antagonist_loss": power}
        return settle(changes, days=200.0)[0]["ere_output"]

    mutant = altered("ESR1", "Y537S")
    assert output(mutant, 1.5) > 1.1 * output(mutant, 1.0)
    assert output({}, 1.5) == output({}, 1.0)
