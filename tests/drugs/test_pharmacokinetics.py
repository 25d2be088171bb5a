"""Closed forms against an integrator, and what is known of single drugs."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from oestra.core.errors import InputError
from oestra.core.terms import Target
from oestra.drugs.blood import in_blood
from oestra.drugs.cycle_occupancy import equivalent_concentration, mean_occupancy
from oestra.drugs.load import find
from oestra.drugs.pharmacokinetics import concentration, exposure
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects, deviate_names
from oestra.engagement.target_load import schedule_factor, target_load

REGIMENS = [
    "everolimus 10 mg daily",
    "everolimus 5 mg twice daily for 3 days every 7 days",
    "temsirolimus 30 mg daily for 5 days every 14 days",
    "fulvestrant 500 mg on day 1 then 250 mg on days 15, 29 then every 28 days",
    "letrozole 2.5 mg daily for 3 weeks",
    "tamoxifen 40 mg on days 1, 2 then 20 mg daily",
    "trastuzumab 4 mg/kg then 2 mg/kg weekly",
]


def component(text):
    return Regimen.parse(text).components[0]


def integrate(rates, doses, until, times, slots):
    """Integrate a compartment model, adding each dose where it belongs."""
    stops = sorted({0.0, until, *(t for t, _ in doses if t < until)})
    state = np.zeros(slots)
    found = np.zeros((slots, len(times)))
    for start, stop in pairwise(stops):
        for time, added in doses:
            if time == start:
                state = state + added
        inside = (times >= start) & (times < stop)
        solved = solve_ivp(
            rates,
            (start, stop),
            state,
            "LSODA",
            dense_output=True,
            rtol=1e-9,
            atol=1e-12,
        )
        if inside.any():
            found[:, inside] = solved.sol(times[inside])
        state = solved.y[:, -1]
    return found


def test_everolimus_agrees_with_an_integrator():
    flow, drawn = 90 * 24, 0.27 * 340 * 24
    clearance = flow * drawn / (flow + drawn)
    absorbed, rate = 1 - clearance / flow, 24 / 0.404
    v1, v2, q = 175, 577, 85.7 * 24

    def rates(_t, y):
        gut, center, outer = y
        across = q * (center / v1 - outer / v2)
        into = rate * gut
        return [-into, absorbed * into - clearance * center / v1 - across, across]

    times = np.linspace(0.01, 9.99, 97)
    doses = [(float(day), np.array([10.0, 0, 0])) for day in range(10)]
    amount = integrate(rates, doses, 10.0, times, 3)[1]
    expected = amount / v1 / 958.2 * 1e6
    found = concentration(
        component("everolimus 10 mg daily"), times, PkSubjects.typical(), free=False
    )
    np.testing.assert_allclose(found["everolimus"][0], expected, rtol=1e-5)


def test_endoxifen_agrees_with_an_integrator():
    ka, ke, volume = 1.9 * 24, 9.34 / 753 * 24, 753
    out, ratio = np.log(2) / 14, 0.1775

    def rates(_t, y):
        gut, parent, metabolite = y
        level = parent / volume
        return [-ka * gut, ka * gut - ke * parent, out * (ratio * level - metabolite)]

    times = np.linspace(0.5, 39.5, 79)
    doses = [(float(day), np.array([20.0, 0, 0])) for day in range(40)]
    expected = integrate(rates, doses, 40.0, times, 3)[2] / 371.51 * 1e6
    found = concentration(
        component("tamoxifen 20 mg daily"), times, PkSubjects.typical(), free=False
    )
    np.testing.assert_allclose(found["endoxifen"][0], expected, rtol=1e-5)


def test_trastuzumab_agrees_with_saturable_elimination_at_steady_state():
    v1, v2, q, linear, vmax, km = 2.62, 2.97, 0.544, 0.127, 8.81, 8.92

    def rates(_t, y):
        level = y[0] / v1
        across = q * (level - y[1] / v2)
        return [-linear * level - vmax * level / (km + level) - across, across]

    doses = [(0.0, np.array([280.0, 0]))]
    doses += [(7.0 * week, np.array([140.0, 0])) for week in range(1, 60)]
    times = np.linspace(58 * 7, 59 * 7, 200, endpoint=False)
    expected = integrate(rates, doses, 420.0, times, 2)[0] / v1
    text = "trastuzumab 4 mg/kg then 2 mg/kg weekly"
    found = concentration(component(text), times, PkSubjects.typical())["trastuzumab"]
    found = found[0] * 145500 * 1e-6
    assert found.mean() == pytest.approx(expected.mean(), rel=0.02)
    assert found.max() == pytest.approx(expected.max(), rel=0.03)
    assert found.min() == pytest.approx(expected.min(), rel=0.03)


@pytest.mark.parametrize("text", REGIMENS)
def test_average_is_the_mean_of_the_curve(text):
    regimen, subjects = Regimen.parse(text), PkSubjects.typical()
    edges = np.array([0.0, 10.0, 31.5, 60.0])
    averages = exposure(regimen, edges, subjects)
    for block, (start, stop) in enumerate(pairwise(edges)):
        middle = (np.arange(60000) + 0.5) / 60000
        curve = concentration(
            regimen.components[0], start + (stop - start) * middle, subjects
        )
        for name, level in curve.items():
            assert averages[name][0, block] == pytest.approx(level.mean(), rel=1e-3)


@pytest.mark.parametrize("text", REGIMENS[:-1])
def test_doses_superpose(text):
    """The series of a train equals the sum of its doses, one by one."""
    regimen, subjects = Regimen.parse(text), PkSubjects.typical()
    times = np.linspace(0.0, 100.0, 333)
    drug = regimen.drugs[0]
    summed = np.zeros((1, len(times)))
    for row in regimen.events(101.0).itertuples():
        single = component(f"{drug} {row.amount} {row.unit} on day 1")
        since = times - row.time
        curve = concentration(single, np.maximum(since, 0.0), subjects)[drug]
        summed += np.where(since >= -1e-12, curve, 0.0)
    whole = concentration(regimen.components[0], times, subjects)[drug]
    np.testing.assert_allclose(whole, summed, rtol=1e-9, atol=1e-12)


def test_patients_differ_by_the_stated_spread():
    n = 20001
    deviates = np.linspace(-3, 3, n)
    subjects = dataclasses.replace(
        PkSubjects.typical(n), deviates={"letrozole/clearance": deviates}
    )
    edges = np.array([400.0, 401.0])
    found = exposure(Regimen.parse("letrozole 2.5 mg daily"), edges, subjects)
    sigma = np.sqrt(np.log1p(0.4**2))
    slope = np.polyfit(deviates, np.log(found["letrozole"][:, 0]), 1)[0]
    assert slope == pytest.approx(-sigma, rel=0.02)


def test_deviates_are_named_after_what_varies():
    assert deviate_names(find("everolimus")) == (
        "everolimus/intrinsic_clearance",
        "everolimus/central_volume",
    )
    assert "endoxifen/ratio" in deviate_names(find("tamoxifen"))


def test_endoxifen_follows_cyp2d6():
    subjects = dataclasses.replace(
        PkSubjects.typical(4), cyp2d6=np.array(["PM", "IM", "NM", "UM"])
    )
    regimen = Regimen.parse("tamoxifen 20 mg daily")
    found = exposure(regimen, np.array([500.0, 528.0]), subjects, free=False)
    assert found["endoxifen"][:, 0] == pytest.approx([15.0, 21.7, 42.6, 61.0], rel=0.01)
    assert np.ptp(found["tamoxifen"]) == 0


def test_phenotype_explains_a_quarter_of_endoxifen():
    """Nardin 2020: 26.4 % of the variance; Madlensky 2011: a fifth below 16 nM."""
    n = 20000
    rng = np.random.default_rng(5)
    drug = find("tamoxifen")
    subjects = dataclasses.replace(
        PkSubjects.typical(n),
        cyp2d6=rng.choice(["PM", "IM", "NM", "UM"], n, p=[0.08, 0.25, 0.65, 0.02]),
        deviates={name: rng.standard_normal(n) for name in deviate_names(drug)},
    )
    edges = np.array([500.0, 528.0])
    found = exposure(
        Regimen.parse("tamoxifen 20 mg daily"), edges, subjects, free=False
    )
    level = found["endoxifen"][:, 0]
    log = np.log(level)
    means = {p: log[subjects.cyp2d6 == p].mean() for p in np.unique(subjects.cyp2d6)}
    explained = np.var([means[p] for p in subjects.cyp2d6]) / log.var()
    assert 0.2 < explained < 0.35
    assert 0.1 < np.mean(level < 16.0) < 0.25


def test_adherence_lowers_tablets_and_not_injections():
    subjects = dataclasses.replace(
        PkSubjects.typical(2), adherence=np.array([1.0, 0.5])
    )
    edges = np.array([300.0, 328.0])
    tablet = exposure(Regimen.parse("letrozole 2.5 mg daily"), edges, subjects)
    assert tablet["letrozole"][1] == pytest.approx(tablet["letrozole"][0] / 2)
    depot = exposure(Regimen.parse("fulvestrant 250 mg every 28 days"), edges, subjects)
    assert depot["fulvestrant"][1] == pytest.approx(depot["fulvestrant"][0])


def test_body_weight_and_surface_scale_the_dose():
    subjects = dataclasses.replace(
        PkSubjects.typical(2),
        weight=np.array([70.0, 140.0]),
        surface=np.array([1.8, 2.7]),
    )
    edges = np.array([0.0, 7.0])
    taxane = exposure(Regimen.parse("paclitaxel 80 mg/m2 weekly"), edges, subjects)
    ratio = taxane["paclitaxel"][1, 0] / taxane["paclitaxel"][0, 0]
    assert ratio == pytest.approx(1.5)
    antibody = exposure(Regimen.parse("trastuzumab 2 mg/kg weekly"), edges, subjects)
    ratio = antibody["trastuzumab"][1, 0] / antibody["trastuzumab"][0, 0]
    assert ratio > 2  # elimination saturates


def test_tamoxifen_lowers_letrozole():
    edges, one = np.array([300.0, 328.0]), PkSubjects.typical()
    alone = exposure(Regimen.parse("letrozole 2.5 mg daily"), edges, one)
    text = "letrozole 2.5 mg daily + tamoxifen 20 mg daily"
    both = exposure(Regimen.parse(text), edges, one)
    assert both["letrozole"] / alone["letrozole"] == pytest.approx(0.62)


def test_fulvestrant_without_loading_takes_months():
    regimen = Regimen.parse("fulvestrant 250 mg every 28 days")
    monthly = exposure(regimen, np.arange(14) * 28.0, PkSubjects.typical())
    share = monthly["fulvestrant"][0] / monthly["fulvestrant"][0, -1]
    assert share[0] < 0.55
    assert share[2] < 0.95
    assert share[5] > 0.95
    text = "fulvestrant 500 mg on days 1, 15, 29 then every 28 days"
    loaded = exposure(Regimen.parse(text), np.arange(14) * 28.0, PkSubjects.typical())
    assert loaded["fulvestrant"][0, 1] > 0.95 * loaded["fulvestrant"][0, -1]


def test_blood_holds_more_everolimus_than_plasma_and_saturates():
    level = in_blood(find("everolimus"), np.array([0.001, 0.0046, 0.5]))
    ratio = level / np.array([0.001, 0.0046, 0.5])
    assert np.all(np.diff(ratio) < 0)
    assert 4 < ratio[1] < 5.5
    with pytest.raises(InputError, match="letrozole has no binding_capacity"):
        in_blood(find("letrozole"), np.array([1.0]))


def test_occupancy_of_a_steady_level_is_the_hill_curve():
    depot = component("fulvestrant 500 mg every 1 days")
    one = PkSubjects.typical()
    level = exposure(Regimen((depot,)), np.array([4000.0, 4001.0]), one)
    free = level["fulvestrant"][0, 0]
    for potency in (0.01, 0.3, 30.0):
        held = mean_occupancy(depot, Target.ESR1_SERD, one, potency=potency)
        assert held[0] == pytest.approx(free / (free + potency), rel=1e-3)


def test_bouts_hold_less_than_the_same_average():
    target, one = Target.MTORC1_ALLOSTERIC, PkSubjects.typical()
    bouts = component("temsirolimus 30 mg daily for 5 days every 14 days")
    daily = component("temsirolimus 10.7142857 mg daily")
    assert schedule_factor(daily, target, one)[0] == pytest.approx(1, abs=0.1)
    assert schedule_factor(bouts, target, one)[0] < 0.97
    assert mean_occupancy(bouts, target, one) < mean_occupancy(daily, target, one)


def test_occupancy_by_quadrature_agrees_with_a_fine_sum():
    bouts = component("temsirolimus 30 mg daily for 5 days every 14 days")
    one, target = PkSubjects.typical(), Target.MTORC1_ALLOSTERIC
    times = 4200.0 + 14 * (np.arange(200000) + 0.5) / 200000
    levels = concentration(bouts, times, one)
    # Temsirolimus and sirolimus hold mTORC1 alike.
    action = find("temsirolimus").action(target)
    assert action is not None
    load = sum(level[0] for level in levels.values()) / action.potency.value
    expected = np.mean(load / (1 + load))
    assert mean_occupancy(bouts, target, one)[0] == pytest.approx(expected, rel=3e-4)


def test_equivalent_concentration_inverts_the_hill_curve():
    action = find("everolimus").action(Target.MTORC1_ALLOSTERIC)
    assert action is not None
    level = equivalent_concentration(np.array([0.5, 0.9]), action)
    assert level == pytest.approx(action.potency.value * np.array([1.0, 9.0]))


def test_loads_of_parent_and_metabolites_add_up():
    edges, one = np.array([500.0, 528.0]), PkSubjects.typical()
    load = target_load(Regimen.parse("tamoxifen 20 mg daily"), edges, one)
    assert load[Target.ESR1_SERM][0, 0] == pytest.approx(
        4.80 / 16 + 0.852 / 0.3 + 0.0903 / 0.3 + 12.58 / 16, rel=0.01
    )


def test_no_treatment_has_no_exposure():
    nothing = Regimen.parse("none")
    assert exposure(nothing, np.array([0.0, 1.0]), PkSubjects.typical()) == {}
    assert [b.drugs for b in nothing.blocks(10.0)] == [()]


@pytest.mark.parametrize(
    ("call", "needle"),
    [
        (lambda: exposure(Regimen(), np.array([1.0]), PkSubjects.typical()), "ascend"),
        (
            lambda: mean_occupancy(
                component("letrozole 2.5 mg daily"), Target.AKT, PkSubjects.typical()
            ),
            "letrozole does not act on AKT.*CYP19A1",
        ),
        (
            lambda: mean_occupancy(
                component("fulvestrant 500 mg on days 1, 15"),
                Target.ESR1_SERD,
                PkSubjects.typical(),
            ),
            "no steady state",
        ),
        (
            lambda: dataclasses.replace(PkSubjects.typical(2), adherence=np.ones(3)),
            "one entry a patient",
        ),
    ],
)
def test_misuse_is_explained(call, needle):
    with pytest.raises(InputError, match=needle):
        call()
