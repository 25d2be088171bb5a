"""The fit of the cell to measurements on cells, and what it makes of those left out."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib.resources import files
from types import SimpleNamespace

import numpy as np
import pytest

from oestra.calibration.assay import measure_culture
from oestra.calibration.cells import left_out as left_out_module
from oestra.calibration.cells.facts import measure_cell_facts
from oestra.calibration.cells.gauss_newton import CellOptimum, fit_along, fit_cell, loss
from oestra.calibration.cells.left_out import leave_out, refit_without
from oestra.calibration.cells.open_cell import draw_cell
from oestra.calibration.cells.problem import (
    CellProblem,
    Term,
    free_of_cell,
    harden,
    soften,
    terms,
)
from oestra.calibration.cells.profiles import profile_cell
from oestra.calibration.cells.variants import informed, variants
from oestra.calibration.fact import Fact, cell_facts, facts
from oestra.calibration.posterior import Posterior, worst_pairs
from oestra.core.errors import InputError
from oestra.core.linear_algebra import inverse
from oestra.culture.experiment import run_cell
from oestra.evidence.published import sources
from oestra.model.cell_fit import read_cell_fit, shipped_cell_fit
from oestra.model.parameters import cell_parameters, prior_parameters
from oestra.network.parameter import parameter_table
from oestra.network.reference import REFERENCE


def test_facts_of_cells_are_fitted_once():
    """The cell's fit has them; the fit to trials does not count them again."""
    assert not {fact.id for fact in cell_facts()} & {fact.id for fact in facts()}
    assert {fact.kind for fact in cell_facts()} == {"cell", "culture"}
    assert len({fact.id for fact in cell_facts()}) == len(cell_facts())


@pytest.mark.parametrize("fact", cell_facts(), ids=lambda fact: fact.id)
def test_a_fact_has_a_source_that_exists_and_an_interval(fact):
    assert fact.source in sources()
    assert 0 < fact.low < fact.estimate < fact.high
    assert fact.kind == "cell" or fact.confidence in {"verified", "recalled", "stated"}


def test_every_fact_can_be_measured():
    found = measure_cell_facts(cell_parameters())
    assert set(found) == {fact.id for fact in cell_facts()}
    assert np.all(np.isfinite(list(found.values())))
    assert all(value > 0 for value in found.values())


def test_a_ratio_is_that_of_the_experiment():
    fact = next(f for f in cell_facts() if f.id == "culture/receptor under fulvestrant")
    own = cell_parameters()
    run = run_cell(
        "MCF-7", drug="fulvestrant 100 nM", days=1, readouts=["er"], parameters=own
    )
    assert measure_culture(fact, own) == pytest.approx(run.ratio("er"), rel=1e-4)


def test_an_unknown_measure_is_refused():
    fact = Fact(
        id="x", kind="culture", estimate=1, low=0.5, high=2, source="s", reason="r",
        how={"measure": "half_maximum"},
    )  # fmt: skip
    with pytest.raises(InputError, match="half_maximal"):
        measure_culture(fact, prior_parameters())


def test_only_parameters_of_the_cell_are_free_and_each_once():
    names = free_of_cell()
    assert len(set(names)) == len(names)
    assert set(names) <= set(parameter_table()) - set(REFERENCE)


def test_tails_count_by_their_size_and_come_back():
    residual = np.array([-6.0, -1.0, 0.0, 0.1, 3.0, 6.0])
    assert harden(soften(residual)) == pytest.approx(residual)
    half = 0.5 * soften(residual) ** 2
    assert half[3] == pytest.approx(0.005, rel=1e-3)
    assert half[-1] < 0.5 * 6.0**2


SLOPES = np.array(
    [[3.0, 0.0, 1.0], [0.5, 2.0, -1.0], [0.2, 0.4, 0.8], [1.0, -1.0, 0.5]]
)
SEEN = np.array([1.0, -2.0, 0.5, 3.0])
GROUPS = ("g", "g", "h", "k")


@dataclass(frozen=True)
class Plane:
    """A linear problem, which a step of Gauss and Newton solves."""

    without: str = ""
    free = tuple(SimpleNamespace(name=name) for name in "abc")

    def evaluate(self, z):
        counted = np.array([group != self.without for group in GROUPS])
        return (SLOPES @ z - SEEN) * counted, SLOPES @ z


@pytest.fixture
def pool():
    with ThreadPoolExecutor(1) as threads:
        yield threads


@pytest.fixture
def plane(monkeypatch):
    names = [Term(f"{group}{k}", "kinase", group) for k, group in enumerate(GROUPS)]
    monkeypatch.setattr(left_out_module, "terms", lambda: tuple(names))


def least(rows=slice(None)):
    j = SLOPES[rows]
    return np.linalg.solve(j.T @ j + np.eye(3), j.T @ SEEN[rows])


def test_a_linear_problem_is_solved_at_once(pool):
    found = fit_cell(Plane(), rounds=3, workers=pool)
    assert found.z == pytest.approx(least())
    assert found.jacobian == pytest.approx(SLOPES)
    assert found.losses[-1] == pytest.approx(loss(SLOPES @ least() - SEEN, least()))
    along = fit_along(Plane(), np.zeros(3), SLOPES, workers=pool)
    assert along.z == pytest.approx(least())


def test_an_experiment_is_left_out_as_if_it_had_never_been_fitted(pool, plane):
    optimum = fit_cell(Plane(), rounds=3, workers=pool)
    found = leave_out(optimum)
    for group in "ghk":
        rows = np.array([name == group for name in GROUPS])
        own = (SLOPES @ least(~rows) - SEEN)[rows]
        assert found.residual[rows] == pytest.approx(own)
        assert found.groups[group] == pytest.approx(np.sum(own**2))
    again = refit_without(pool, optimum, ["g", "k"])
    assert again == pytest.approx({name: found.groups[name] for name in "gk"})
    assert found.score == pytest.approx(0.5 * sum(found.groups.values()))


def test_profiles_of_a_linear_problem_are_parabolas(pool):
    optimum = fit_cell(Plane(), rounds=3, workers=pool)
    for found in profile_cell(pool, optimum, ["a", "c"]):
        assert found.excess == pytest.approx([2.0, 0.5, 0.0, 0.5, 2.0], abs=1e-9)
        assert np.all(np.diff(found.z) > 0)


def test_sets_are_spread_as_the_posterior_of_a_linear_problem(pool):
    optimum = fit_cell(Plane(), rounds=3, workers=pool)
    z, told = draw_cell(pool, optimum, 400)
    covariance = inverse(optimum.precision)
    assert np.cov(z.T) == pytest.approx(covariance, abs=0.15)
    assert z.mean(axis=0) == pytest.approx(optimum.z, abs=0.15)
    assert told["finite"] == 1.0
    assert told["spread"] == pytest.approx(1.0, abs=0.1)


def test_what_the_data_narrow_is_told_from_what_they_do_not():
    slopes = np.diag([3.0, 0.1, 1.0])
    optimum = CellOptimum(
        problem=Plane(), z=np.zeros(3), residual=np.zeros(3), value=np.zeros(3),
        jacobian=slopes, losses=(0.0,),
    )  # fmt: skip
    assert informed(optimum) == ["a", "c"]


def test_variants_hold_parameters_of_the_cell_at_values_of_their_own():
    found = variants()
    assert 2 <= len(found) <= 12
    assert len({one.name for one in found}) == len(found)
    for one in found:
        assert set(one.set) <= set(parameter_table())
        problem = one.problem()
        assert not {free.name for free in problem.free} & set(one.set)
        assert problem.fixed == one.set


def test_the_worst_pair_comes_first():
    covariance = np.array([[1.0, 0.1, -0.9], [0.1, 1.0, 0.2], [-0.9, 0.2, 1.0]])
    found = worst_pairs(
        Posterior(mean=np.zeros(3), covariance=covariance), tuple("abc")
    )
    assert (found[0].one, found[0].other) == ("a", "c")
    assert [round(pair.correlation, 6) for pair in found] == [-0.9, 0.2, 0.1]


def test_what_ships_is_what_the_record_says():
    fit = shipped_cell_fit()
    assert fit is not None
    problem = CellProblem.of()
    z = np.array([fit.fitted[one.name].standardized for one in problem.free])
    seen = problem.evaluate(z)
    assert seen is not None
    assert loss(seen[0], z) == pytest.approx(fit.losses[-1], rel=1e-3)
    assert [term.id for term in terms()] == [one["id"] for one in fit.terms]
    own = cell_parameters()
    for name, one in fit.fitted.items():
        assert own[name] == pytest.approx(one.value)
    assert fit.losses[-1] < fit.losses[0]


def test_a_damaged_record_is_refused(tmp_path):
    path = tmp_path / "cell_fit.json"
    whole = files("oestra.model").joinpath("cell_fit.json").read_text("utf-8")
    lacking = {k: v for k, v in json.loads(whole).items() if k != "fitted"}
    for text in (whole[:-90], "[]", json.dumps(lacking)):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match="fit of the cell"):
            read_cell_fit(path)


def test_leaving_an_experiment_out_leaves_the_others_as_they_are():
    problem = CellProblem.of()
    z = np.zeros(len(problem.free))
    group = terms()[0].group
    whole, rest = problem.evaluate(z), replace(problem, without=group).evaluate(z)
    assert whole is not None
    assert rest is not None
    own = np.array([term.group == group for term in terms()])
    assert np.all(rest[0][own] == 0.0)
    assert np.array_equal(rest[0][~own], whole[0][~own])
