"""Patients and cultures: one rule by which drugs engage their targets."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.culture.experiment import run_cell
from oestra.drugs import cycle_occupancy as occupancy
from oestra.drugs.component import Component
from oestra.drugs.load import drugs, find
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects
from oestra.drugs.target import find_lever, levers
from oestra.engagement.medium_load import medium_loads
from oestra.engagement.occupancy import Engaged, share_held
from oestra.engagement.regimen_load import drug_loads
from oestra.model.parameters import best_parameters, prior_parameters

ALIKE = prior_parameters().replace(
    **{one.accumulation: 1.0 for one in levers().values() if one.accumulation}
)
ONE = PkSubjects.typical()
GIVEN = [name for name, drug in drugs().items() if drug.kinetics]
LEVELS = st.floats(1e-3, 1e5)
SHARES = st.floats(0.0, 1.0, exclude_max=True)
ONE_TARGET = {
    lever.target: [
        (drug, action)
        for drug in drugs().values()
        for action in drug.targets
        if action.target == lever.target
    ]
    for lever in levers().values()
    if lever.is_load
}
SHARED = [name for name, actions in ONE_TARGET.items() if len(actions) > 1]


def held_at(name, level, monkeypatch):
    """Return what a drug sets in a patient at a constant free concentration."""

    def concentration(component: Component, times, subjects, **_):
        shape = (len(subjects), len(times))
        return {
            one.id: np.full(shape, level if one.id == name else 0.0)
            for one in component.drug.moieties
        }

    with monkeypatch.context() as patched:
        patched.setattr(occupancy, "concentration", concentration)
        regimen = Regimen.parse(find(name).standard_regimens[0])
        return drug_loads(Regimen((regimen.component(name),)), ONE, ALIKE)


@pytest.mark.parametrize("name", GIVEN)
def test_patients_and_cultures_are_engaged_alike(name, monkeypatch):
    @given(LEVELS)
    def check(level):
        patient = held_at(name, level, monkeypatch)
        # What a tumor gathers of a drug by itself, no dish does.
        own = find(name).tumor_to_plasma
        there = level * (1.0 if own is None else own.value)
        culture = medium_loads({name: there}, ALIKE)
        # A dish has no immune cells: antibodies block and do not kill.
        immune = {
            lever.kill
            for action in find(name).targets
            if (lever := find_lever(action.target)).kill
        }
        acting = {action.target for action in find(name).targets}
        own = {find_lever(target).parameter for target in acting}
        own |= {find_lever(target).kill for target in acting}
        assert culture.keys() == own - immune - {""}
        for parameter, value in culture.items():
            assert patient[parameter] == pytest.approx(value, rel=1e-6)

    check()


def together(target, shares):
    """Return the share of activity that some drugs of a target take together."""
    engaged, lever = Engaged(), find_lever(target)
    for action, share in shares:
        engaged.add(lever, share, action)
    load = engaged.values()[lever.parameter]
    return load / (1.0 + load)


def largest(action):
    return 1.0 if action.max_effect is None else action.max_effect.value


@given(st.sampled_from(SHARED), st.data())
def test_drugs_of_one_site_take_no_more_than_the_larger_maximum(target, data):
    actions = st.sampled_from([action for _, action in ONE_TARGET[target]])
    shares = [(data.draw(actions), data.draw(SHARES)) for _ in range(2)]
    both = together(target, shares)
    alone = [together(target, [one]) for one in shares]
    assert both <= max(largest(action) for action, _ in shares) * (1 + 1e-9)
    assert both >= min(alone) - 1e-9
    # Full blockers add up: together they hold more than either.
    if all(largest(action) == 1.0 for action, _ in shares):
        assert both >= max(alone) - 1e-9


@given(st.sampled_from(SHARED), st.data())
def test_the_order_of_drugs_of_one_site_does_not_matter(target, data):
    actions = st.sampled_from([action for _, action in ONE_TARGET[target]])
    shares = [(data.draw(actions), data.draw(SHARES)) for _ in range(3)]
    found = [together(target, list(order)) for order in permutations(shares)]
    assert found == pytest.approx([found[0]] * len(found), rel=1e-9, abs=1e-12)


@given(st.permutations(["palbociclib", "ribociclib", "letrozole", "trastuzumab"]))
def test_the_order_of_drugs_in_a_medium_does_not_matter(names):
    levels = dict.fromkeys(names, 30.0)
    found = medium_loads(levels, ALIKE)
    assert found == pytest.approx(
        medium_loads(dict(sorted(levels.items())), ALIKE), rel=1e-12
    )


@pytest.mark.parametrize("name", drugs())
def test_the_share_held_rises_with_the_level(name):
    @given(st.floats(0.0, 9e5))
    def check(level):
        for action in find(name).targets:
            held = share_held(action, level)
            assert 0.0 <= held < 1.0
            assert held <= share_held(action, level * 2 + 1e-6)
            assert share_held(action, 0.0) == 0.0

    check()


@pytest.mark.parametrize(
    ("level", "least", "most"),
    [
        # 90 to 98 % of S6K1 is inactive at 20 nM in cells: the fact's own interval.
        (20, 0.015, 0.1),
        # What the cell spares when the target is held in full.
        (1000, 0.009, 0.019),
    ],
)
def test_everolimus_silences_s6k_almost_wholly(level, least, most):
    found = run_cell(
        "MCF-7",
        drug=f"everolimus {level} nM",
        days=1,
        readouts=["pS6K"],
        points=2,
        parameters=best_parameters(),
    )
    assert least < found.ratio("pS6K") < most
