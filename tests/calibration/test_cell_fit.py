"""The fit of the cell alone: its facts, its experiments, and what they determine."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from oestra.calibration import cell_fit
from oestra.calibration.assay import measure_culture
from oestra.calibration.cell_fit import CellObjective, measure_cell_facts
from oestra.calibration.checkpoint import State
from oestra.calibration.fact import Fact, cell_facts, facts
from oestra.calibration.fit import problem_key
from oestra.calibration.posterior import Posterior
from oestra.calibration.profile import profile_parameters, worst_pairs
from oestra.core.errors import InputError, OestraError
from oestra.culture.experiment import run_cell
from oestra.evidence.published import sources
from oestra.model.parameters import prior_parameters
from oestra.network.parameter import parameter_table


def test_cell_facts_are_part_of_the_whole_fit():
    assert {fact.id for fact in cell_facts()} < {fact.id for fact in facts()}
    assert {fact.kind for fact in cell_facts()} == {"cell", "culture"}
    assert len({fact.id for fact in cell_facts()}) == len(cell_facts())


@pytest.mark.parametrize("fact", cell_facts(), ids=lambda fact: fact.id)
def test_a_fact_has_a_source_that_exists_and_an_interval(fact):
    assert fact.source in sources()
    assert 0 < fact.low < fact.estimate < fact.high
    assert fact.kind == "cell" or fact.confidence in {"verified", "recalled", "stated"}


def test_every_fact_can_be_measured():
    found = measure_cell_facts(prior_parameters())
    assert set(found) == {fact.id for fact in cell_facts()}
    assert np.all(np.isfinite(list(found.values())))
    assert all(value > 0 for value in found.values())


def test_a_ratio_is_that_of_the_experiment():
    fact = next(f for f in cell_facts() if f.id == "culture/receptor under fulvestrant")
    prior = prior_parameters()
    run = run_cell(
        "MCF-7", drug="fulvestrant 100 nM", days=1, readouts=["er"], parameters=prior
    )
    assert measure_culture(fact, prior) == pytest.approx(run.ratio("er"), rel=1e-4)


def test_an_unknown_measure_is_refused():
    fact = Fact(
        id="x", kind="culture", estimate=1, low=0.5, high=2, source="s", reason="r",
        how={"measure": "half_maximum"},
    )  # fmt: skip
    with pytest.raises(InputError, match="half_maximal"):
        measure_culture(fact, prior_parameters())


def test_only_network_parameters_are_free():
    objective = CellObjective.of_facts()
    assert objective.free
    assert all(item.name in parameter_table() for item in objective.free)


def test_an_edited_fact_is_another_problem():
    rows = cell_facts()[:2]
    edited = (rows[0], replace(rows[1], high=2 * rows[1].high))
    one, other = (CellObjective.of_facts(chosen) for chosen in (rows, edited))
    assert problem_key(one) != problem_key(other)


def test_a_lost_culture_is_far_from_every_fact(monkeypatch):
    def lost(*_):
        raise OestraError("no steady state")

    objective = CellObjective.of_facts(cell_facts()[:2])
    monkeypatch.setattr(cell_fit, "to_parameters", lost)
    found = objective.evaluate(np.zeros(len(objective.free)))
    assert found.residual.tolist() == [8.0, 8.0]
    assert np.isnan(found.value).all()


SLOPES = np.array([[3.0, 0.0, 1.0], [0.5, 2.0, -1.0]])


class Plane:
    """A linear problem, whose profiles are parabolas."""

    free = tuple(SimpleNamespace(name=name) for name in "abc")

    def evaluate(self, z):
        return SimpleNamespace(
            residual=1e-3 * (SLOPES @ z), normal=np.zeros(2, dtype=bool)
        )


def test_profiles_of_a_linear_problem_are_parabolas():
    best = State(key="", z=np.zeros(3), residual=np.zeros(2), columns=1e-3 * SLOPES.T)
    for found in profile_parameters(Plane(), best):
        assert found.excess == pytest.approx([2.0, 0.5, 0.0, 0.5, 2.0], abs=1e-4)
        assert np.all(np.diff(found.z) > 0)


def test_the_worst_pair_comes_first():
    covariance = np.array([[1.0, 0.1, -0.9], [0.1, 1.0, 0.2], [-0.9, 0.2, 1.0]])
    found = worst_pairs(
        Posterior(mean=np.zeros(3), covariance=covariance), tuple("abc")
    )
    assert (found[0].one, found[0].other) == ("a", "c")
    assert [round(pair.correlation, 6) for pair in found] == [-0.9, 0.2, 0.1]
