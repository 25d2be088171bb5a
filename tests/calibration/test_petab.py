"""The exported problem is the one that the fit of the cell solves."""

import math
import re
import warnings
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import libsbml
import numpy as np
import pytest

from oestra.calibration.cells.problem import CellProblem, terms
from oestra.calibration.cells.repeat import readings, repeat
from oestra.calibration.petab.problem import petab_problem
from oestra.calibration.petab.write import write_petab
from oestra.evidence.cell_measurement import cell_measurements
from oestra.model.parameters import cell_parameters

ROWS = {row.id: row for row in cell_measurements()}


def peer():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("roadrunner", reason="roadrunner is absent")


class Runner:
    """As much of PEtab version 2 as the exported problem uses, with RoadRunner."""

    def __init__(self, problem, sbml):
        self.problem = problem
        self.values = {one.id: float(one.nominal_value) for one in problem.parameters}
        self.runner = peer().RoadRunner(sbml)
        self.runner.integrator.relative_tolerance = 1e-8
        self.runner.integrator.absolute_tolerance = 1e-11
        self.conditions = {one.id: one for one in problem.conditions}
        self.observables = {one.id: one for one in problem.observables}
        self.ids = set(self.runner.getIds())
        model = self.runner.model
        ruled = ("e2", "e2_plasma", "e2_stored", "log_cell_number")
        self.states = [*model.getFloatingSpeciesIds(), *ruled]

    def value(self, formula, besides=()):
        known = {str(name): value for name, value in besides}
        substituted = {
            symbol: known[str(symbol)]
            if str(symbol) in known
            else self.values[str(symbol)]
            if str(symbol) not in self.ids
            else self.runner[str(symbol)]
            for symbol in formula.free_symbols
        }
        return float(formula.subs(substituted))

    def set(self, period):
        """Set what the conditions of a period say, all from the state before it."""
        new = {}
        for name in period.condition_ids:
            for change in self.conditions[name].changes:
                assert change.target_id not in new
                new[change.target_id] = self.value(change.target_value)
        for target, value in new.items():
            self.runner[target] = value

    def predict(self, name, measurements):
        """Return what an experiment predicts for measurements of it."""
        self.runner.resetAll()
        for parameter, value in self.values.items():
            if parameter in self.ids:
                self.runner[parameter] = value
        periods = next(
            one.sorted_periods for one in self.problem.experiments if one.id == name
        )
        waiting = sorted(enumerate(measurements), key=lambda pair: pair[1].time)
        found, now = {}, periods[0].time
        for number, period in enumerate(periods):
            self.advance(now, period.time)
            now = period.time
            self.set(period)
            later = periods[number + 1].time if number + 1 < len(periods) else np.inf
            while waiting and waiting[0][1].time < later:
                index, one = waiting.pop(0)
                self.advance(now, one.time)
                now = one.time
                seen = self.observables[one.observable_id]
                besides = zip(
                    seen.observable_placeholders, one.observable_parameters, strict=True
                )
                found[index] = self.value(seen.formula, besides)
        return [found[index] for index in range(len(measurements))]

    def advance(self, start, end):
        # The model does not ask what day it is. RoadRunner scales its tolerances by
        # where a state starts, and finds no step where that is next to nothing.
        if end > start:
            for name in self.states:
                if abs(self.runner[name]) < 1e-15:
                    self.runner[name] = 0.0
            self.runner.simulate(0.0, end - start, 2)


def row_of(identifier):
    return ROWS[identifier.partition("/")[0]]


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("petab")
    problem = petab_problem(cell_parameters())
    write_petab(problem, folder)
    return SimpleNamespace(folder=folder, problem=problem)


@pytest.fixture(scope="module")
def read(exported):
    """Return the problem as the library of PEtab reads it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        petab = pytest.importorskip("petab.v2", reason="petab is absent")
        return petab.Problem.from_yaml(exported.folder / "problem.yaml")


def test_the_library_of_petab_finds_nothing_wrong(read):
    from petab.v2.lint import lint_problem  # noqa: PLC0415

    assert list(lint_problem(read)) == []


def test_every_reading_is_in_it_and_only_facts_are_not(exported):
    counts = Counter(one.kind for one in terms())
    summary = exported.problem.summary()
    assert summary["left_out"] == {"fact": counts.pop("fact")}
    assert summary["measurements"] == counts
    names = [one.id for _, one in exported.problem.measurements]
    assert names == [one.id for one in readings()]


def test_every_number_is_that_of_the_evidence(exported):
    for _, one in exported.problem.measurements:
        row = row_of(one.id)
        if one.kind == "direction":
            assert (one.value, one.error) == (0.0, 1.0)
        elif row.readout == "gr50":
            assert one.value == 0.5
        elif row.scale.startswith("over time 0"):
            control = next(
                other.value
                for other in ROWS.values()
                if (other.kind, other.readout, other.time_h, other.treatment)
                == (row.kind, row.readout, row.time_h, "none")
            )
            assert one.value == pytest.approx(row.value / control, rel=1e-12)
        else:
            assert one.value == row.value, one.id


def test_a_measurement_of_a_ligand_course_by_hand(read):
    # T-lig0001: BTC on MCF-7, AKT after 10 minutes, given as log10 of the fold.
    (one,) = [
        m for m in read.measurements if m.model_dump()["datasetId"] == "T-lig0001"
    ]
    assert one.measurement == 0.039779
    assert one.time == pytest.approx(0.16667 / 24)
    # 0.15 of the blot and 0.25 of the model; six readings of the course count as one.
    size = sum(
        other.course == "lincs_ligand/MCF-7/BTC 1 ng/mL/p_akt" for other in readings()
    )
    expected = math.hypot(0.15, 0.25) * math.sqrt(size)
    assert float(one.noise_parameters[0]) == pytest.approx(expected)
    (seen,) = [o for o in read.observables if o.id == one.observable_id]
    assert seen.id == "log10_fold_p_akt"
    assert seen.noise_distribution.value == "normal"


def residual_of(read, measurement, predicted):
    (seen,) = [o for o in read.observables if o.id == measurement.observable_id]
    error = float(measurement.noise_parameters[0])
    if seen.noise_distribution.value == "log-normal":
        return math.log(predicted / measurement.measurement) / error
    return (predicted - measurement.measurement) / error


@pytest.fixture(scope="module")
def runner(read, exported):
    return Runner(read, (exported.folder / "model.xml").read_text())


def compared(runner, parameters, names):
    """Return residuals as the tables have them and as the fit has them."""
    read = runner.problem
    for one in CellProblem.of().free:
        x = parameters[one.name]
        known = f"logit_{one.name}" if one.share else one.name
        runner.values[known] = math.log(x / (1.0 - x)) if one.share else x
    by_id = {one.id: one for one in readings()}
    pairs = {}
    for name in names:
        measured = [m for m in read.measurements if m.experiment_id == name]
        for one, found in zip(measured, runner.predict(name, measured), strict=True):
            key = one.model_dump()["datasetId"]
            pairs[key] = residual_of(read, one, found)
    wanted = repeat(parameters, [by_id[key] for key in pairs])
    return {one.reading.id: (pairs[one.reading.id], one.residual) for one in wanted}


def experiments(exported, *, kinds, every):
    """Return every so-many-th experiment with measurements of some kinds."""
    found = [name for name, one in exported.problem.measurements if one.kind in kinds]
    return list(dict.fromkeys(found))[::every]


@pytest.mark.parametrize(
    ("kinds", "every"),
    [
        ({"kinase", "null"}, 11),
        ({"growth"}, 3),
        ({"protein"}, 2),
        ({"drug"}, 6),
        ({"direction"}, 4),
    ],
)
def test_other_programs_predict_what_the_culture_room_does(
    runner, exported, kinds, every
):
    chosen = experiments(exported, kinds=kinds, every=every)
    pairs = compared(runner, cell_parameters(), chosen)
    assert len(pairs) >= 5
    for key, (told, fitted) in pairs.items():
        assert told == pytest.approx(fitted, abs=1e-3), key


def test_the_shares_of_a_blot_are_those_of_its_largest_signal(runner, exported):
    blots = {
        name
        for name, one in exported.problem.measurements
        if row_of(one.id).source == "imoto2022"
    }
    pairs = compared(runner, cell_parameters(), sorted(blots))
    assert len(pairs) == 28
    for key, (told, fitted) in pairs.items():
        assert told == pytest.approx(fitted, abs=1e-3), key


def test_away_from_the_fit_the_reference_cell_is_found_anew(runner, exported):
    free = CellProblem.of().free
    base = cell_parameters()
    at = np.array([one.standardized(base[one.name]) for one in free])
    shift = 0.3 * np.cos(np.arange(len(free)))
    moved = CellProblem.of(base=base).parameters(at + shift)
    assert moved["foxo_reference"] != pytest.approx(base["foxo_reference"], rel=0.01)
    chosen = experiments(exported, kinds={"growth", "protein", "drug"}, every=8)
    for key, (told, fitted) in compared(runner, moved, chosen).items():
        assert told == pytest.approx(fitted, abs=5e-3), key


def test_parameters_are_those_of_the_fit_with_its_priors(read):
    base = cell_parameters()
    known = {one.id: one for one in read.parameters}
    for one in CellProblem.of().free:
        found = known.pop(f"logit_{one.name}" if one.share else one.name)
        assert found.estimate
        assert found.lb < found.nominal_value < found.ub
        x = float(found.nominal_value)
        assert (1 / (1 + math.exp(-x)) if one.share else x) == pytest.approx(
            base[one.name], rel=1e-12
        )
        assert found.prior_distribution == ("normal" if one.share else "log-normal")
        assert list(found.prior_parameters) == [one.center, one.spread]
    assert sorted(known) == ["blot_top_p_akt", "blot_top_p_erk"]


def test_no_flag_of_the_model_forbids_what_conditions_set(read, exported):
    document = libsbml.readSBMLFromFile(str(exported.folder / "model.xml"))
    model = document.getModel()
    ruled = {
        rule.getVariable() for rule in model.getListOfRules() if rule.isAssignment()
    }
    for condition in read.conditions:
        for change in condition.changes:
            element = model.getElementBySId(change.target_id)
            assert not element.getConstant(), change.target_id
            assert change.target_id not in ruled


def test_the_model_is_consistent_to_the_last_warning(exported):
    document = libsbml.readSBMLFromFile(str(exported.folder / "model.xml"))
    document.checkConsistency()
    assert document.getNumErrors() == 0


def test_the_same_bytes_twice(exported, tmp_path):
    write_petab(petab_problem(cell_parameters()), tmp_path)
    for file in exported.folder.iterdir():
        assert file.read_bytes() == (tmp_path / file.name).read_bytes()


def test_the_page_tells_the_counts(exported):
    page = Path(__file__).parents[2].joinpath("docs", "export.md").read_text("utf-8")
    rows = re.findall(r"^\| ([a-z ]+) \| (\d+) \| (.*) \|$", page, re.MULTILINE)
    told = {name: int(count) for name, count, _ in rows}
    written = [one for _, one in exported.problem.measurements]
    kinds = Counter(one.kind for one in written)
    blots = sum(row_of(one.id).source == "imoto2022" for one in written)
    assert told == {
        "kinases after ligands": kinds["kinase"] - blots,
        "ligands without a receptor": kinds["null"],
        "shares of a blot": blots,
        "cell numbers": kinds["growth"],
        "proteins": kinds["protein"],
        "drugs": kinds["drug"],
        "directions": kinds["direction"],
    }
    bounds = Counter(one.kind for one in written if one.bound is not None)
    how = {name: text for name, _, text in rows}
    assert f"{bounds['growth']} are bounds" in how["cell numbers"]
    assert f"{bounds['drug']} are bounds" in how["drugs"]
    summary = exported.problem.summary()
    assert f"All {len(written)} readings" in page
    assert f"in {summary['experiments']} experiments" in page
    assert f"the {summary['left_out']['fact']} facts" in page
