"""Measurements on cell lines as the culture room repeats them."""

import math

import numpy as np
import pytest

from oestra.calibration.cells.experiment import Arm
from oestra.calibration.cells.reading import KINDS, Reading
from oestra.calibration.cells.repeat import readings, repeat
from oestra.calibration.cells.skill import skill_by_kind
from oestra.calibration.cells.words import words
from oestra.culture.experiment import run_cell
from oestra.culture.hormones import medium_parameters
from oestra.culture.medium import parse_condition
from oestra.culture.substance import substances
from oestra.evidence.cell_measurement import cell_measurements
from oestra.model.parameters import prior_parameters, with_reference


@pytest.fixture(scope="module")
def seen():
    return repeat(with_reference(prior_parameters()))


def reading(**changed):
    values = {
        "id": "x", "kind": "kinase", "group": "g", "course": "c", "observed": 1.0,
        "error": 0.15, "needs": (), "predict": lambda _: 0.0,
    }  # fmt: skip
    return Reading(**{**values, **changed})


def test_every_reading_is_of_a_measurement_and_counted_once():
    known = {row.id for row in cell_measurements()}
    found = [one.id for one in readings()]
    assert len(set(found)) == len(found)
    assert {name.split("/")[0] for name in found} <= known
    assert {one.kind for one in readings()} == set(KINDS)


def test_the_readings_of_a_course_count_as_one():
    total = {}
    for one in readings():
        total[one.course] = total.get(one.course, 0.0) + one.weight
    assert np.allclose(list(total.values()), 1.0)


def test_every_experiment_can_be_followed(seen):
    assert all(math.isfinite(one.value) for one in seen)


def test_a_growth_course_is_that_of_the_command(seen):
    one = next(p for p in seen if p.reading.id == "T-gro0019")
    run = run_cell(
        "MCF-7",
        medium="estradiol 10 nM",
        pretreat=[words()["grown"]],
        drug="fulvestrant 500 nM",
        days=14,
        readouts=["cell_number_fold"],
        points=2,
        parameters=with_reference(prior_parameters()),
    )
    told = math.log2(run.final("cell_number_fold")[1])
    assert one.value == pytest.approx(told, rel=1e-4)


def test_ligands_without_a_receptor_are_predicted_to_do_nothing(seen):
    apart = [one for one in seen if one.reading.kind == "null"]
    assert apart
    assert max(abs(one.value) for one in apart) < 0.2


@pytest.mark.parametrize(
    ("side", "value", "expected"), [(0, 2.0, 1.0), (1, 2.0, 0.0), (-1, 2.0, 1.0),
                                    (1, 0.0, -1.0), (-1, 0.0, 0.0)]
)  # fmt: skip
def test_a_bound_that_is_met_is_no_error(side, value, expected):
    total = math.hypot(0.15, KINDS["kinase"])
    found = reading(side=side).residual(value) * total
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("observed", "value", "right"),
    [(1.0, 0.5, True), (1.0, -0.5, False), (-1.0, -0.5, True), (0.0, 0.0, True)],
)
def test_a_direction_is_right_or_wrong(observed, value, right):
    one = reading(kind="direction", observed=observed)
    assert (abs(one.residual(value)) < 0.5) == right


def test_what_was_lost_is_far_off():
    assert reading().residual(math.nan) == 6.0


def test_skill_is_one_of_a_perfect_prediction_and_none_of_no_effect():
    chosen = [reading(id=str(k), observed=x) for k, x in enumerate((0.5, 1.0, 2.0))]
    perfect = skill_by_kind(np.array([0.5, 1.0, 2.0]), chosen)[0]
    nothing = skill_by_kind(np.zeros(3), chosen)[0]
    assert (perfect.skill, perfect.median) == (1.0, 0.0)
    assert nothing.skill == pytest.approx(0.0)
    assert nothing.median == nothing.no_effect == 1.0
    assert perfect.mean_effect == pytest.approx(np.median([1.0, 0.25, 1.25]))


def test_a_ligand_of_anothers_receptor_adds_to_it():
    medium = parse_condition("IGF1 1 nM + IGF2 5 nM").substances
    share = substances()["IGF2"].acts_as["igf1"].value
    assert medium_parameters(medium, None)["igf1"] == pytest.approx(1.0 + 5.0 * share)


def test_an_arm_is_told_by_what_it_gets():
    assert Arm() == Arm(condition="none")
    assert Arm(loads=(("load_mek", 1.0),)) != Arm()
