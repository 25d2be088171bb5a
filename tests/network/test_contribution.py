"""What inputs contribute to a change: known answers, and that nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.appraisal.network_course import NetworkState, network_course
from oestra.core.errors import InputError
from oestra.model.parameters import best_parameters
from oestra.network.cell import cell
from oestra.network.contribution import (
    contributions,
    inputs_of,
    named_quantities,
    trail,
)
from oestra.solve.evaluate import Evaluator


@pytest.fixture(scope="module")
def under_everolimus():
    state = NetworkState(line="MCF-7", drug="everolimus 20 nM")
    return network_course(state, best_parameters()).at(2.0)


def test_inputs_are_the_names_in_the_equation():
    assert set(inputs_of("pip3_bound")) == {"pip3", "k_pip3"}
    assert set(inputs_of("growth_rate")) == {"division_rate", "death_rate"}
    assert set(inputs_of("irs1")) == {
        "irs1",
        "irs1_level",
        "ere_output",
        "share_irs1_estrogen",
        "s6k_p",
        "kturn_irs1",
        "feedback_s6k_irs1",
    }


def test_a_sum_is_shared_by_its_terms(under_everolimus):
    before, after = under_everolimus
    found = {
        one.name: one.effect for one in contributions("growth_rate", before, after)
    }
    assert found["division_rate"] == pytest.approx(
        after["division_rate"] - before["division_rate"]
    )
    assert found["death_rate"] == pytest.approx(
        before["death_rate"] - after["death_rate"]
    )


@given(a=st.floats(0.1, 5), b=st.floats(0.1, 5), c=st.floats(0.1, 5))
def test_a_product_of_two_is_shared_by_its_means(a, b, c):
    # degrade_irs1 is turnover x feedback x S6K x IRS-1.
    names = inputs_of("irs1")
    before = dict.fromkeys(names, 1.0)
    after = before | {"s6k_p": a, "feedback_s6k_irs1": b, "irs1": c}
    effects = {one.name: one.effect for one in contributions("irs1", before, after)}
    rate = (1.0 - c) - a * b * c
    assert sum(effects.values()) == pytest.approx(rate - (0.0 - 1.0), abs=1e-9)


def test_contributions_of_every_part_sum_to_its_difference(under_everolimus):
    before, after = under_everolimus
    model = cell().model.ode
    for name in named_quantities():
        expression = (
            model.rhs[model.states.index(name)]
            if name in model.states
            else model.outputs[name]
        )
        evaluate = Evaluator([expression])
        low, high = (
            evaluate(
                0.0,
                [values[one] for one in model.states],
                [values[one] for one in model.parameters],
            )[0]
            for values in (before, after)
        )
        found = contributions(name, before, after)
        total = sum(one.effect for one in found)
        assert total == pytest.approx(high - low, abs=1e-9 + 1e-6 * abs(high - low))


def test_equal_conditions_differ_by_nothing(under_everolimus):
    before, _ = under_everolimus
    assert contributions("akt", before, before) == ()
    assert trail("akt", before, before) == ("akt",)


def test_akt_rises_under_everolimus_by_the_feedback_on_irs1(under_everolimus):
    path = trail("akt", *under_everolimus)
    assert path[0] == "akt"
    assert path[-1] == "load_mtorc1_allosteric"
    assert path.index("irs1") < path.index("s6k_p")


def test_a_part_that_does_not_exist_is_told_with_the_nearest(under_everolimus):
    with pytest.raises(InputError, match="nearest is 'erbb3_p'"):
        contributions("erb3_p", *under_everolimus)
