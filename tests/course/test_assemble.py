"""Lanes of the solver: what patients, clones and drugs set in the cell."""

import numpy as np
import pytest

from oestra.core.streams import Streams
from oestra.course.assemble import assemble
from oestra.course.pace import paced
from oestra.model.parameters import prior_parameters
from oestra.network.alteration import find_alteration
from oestra.network.cell import cell
from oestra.patients import sample_population
from oestra.tumor.clone import Clone


@pytest.fixture(scope="module")
def lanes():
    p = prior_parameters()
    drawn = sample_population(400, p, Streams(1)).covariates
    c = paced(drawn, p, cell(), Streams(1))
    return c, assemble(cell(), p, c, Streams(1))


def column(lanes, name, clone=Clone.PARENTAL):
    return lanes.p[:, clone, cell().column(name)]


def test_lanes_carry_the_traits_of_patients(lanes):
    c, built = lanes
    assert np.array_equal(column(built, "igf1r_level"), c["igf1r"])
    assert np.array_equal(column(built, "drive_estrogen"), c["drive_estrogen"])
    assert np.array_equal(column(built, "cdk2_takeover"), c["cdk2_takeover"])
    allele = find_alteration("PIK3CA", "H1047R")
    have = (c["pik3ca"] == "H1047R").to_numpy()
    for name, value in allele.set.items():
        assert np.all(column(built, name)[have] == value)
    amplified = find_alteration("ERBB2", "amplification").set["erbb2_level"]
    level = column(built, "erbb2_level") / c["erbb2"]
    expected = np.where(c["her2_positive"], amplified, 1.0)
    assert level.to_numpy() == pytest.approx(expected)
    lost = c["pten_loss"].to_numpy()
    assert np.unique(column(built, "pten_level")[~lost]).tolist() == [1.0]
    assert (column(built, "pten_level")[lost] < 1).all()


def test_clones_differ_from_the_parental_one_in_what_names_them(lanes):
    _, built = lanes
    assert (column(built, "esr1_constitutive", Clone.ESR1_MUTANT) > 0).all()
    assert not column(built, "esr1_constitutive").any()
    parent = column(built, "egfr_level")
    factor = column(built, "egfr_level", Clone.RTK_HIGH) / parent
    assert factor == pytest.approx(prior_parameters()["rtk_clone_level"])
    level = column(built, "er_level", Clone.AUTONOMOUS)
    lost = level < 0.1
    assert lost.mean() == pytest.approx(
        prior_parameters()["autonomy_receptor_loss"], abs=0.15
    )
    assert level[~lost] == pytest.approx(column(built, "er_level")[~lost])
    for drive in ("estrogen", "growth_factor"):
        name = f"drive_{drive}"
        factor = column(built, name, Clone.AUTONOMOUS) / column(built, name)
        assert factor == pytest.approx(prior_parameters()[f"autonomy_{drive}"])
    loss = find_alteration("PTEN", "loss")
    had = column(built, "pten_level") > loss.set["pten_level"]
    left = column(built, "pten_level", Clone.PTEN_LOST)
    assert left == pytest.approx(loss.set["pten_level"])
    factor = column(built, "pik3cb_level", Clone.PTEN_LOST) / column(
        built, "pik3cb_level"
    )
    assert factor == pytest.approx(np.where(had, loss.scale["pik3cb_level"], 1.0))
    factor = column(built, "ncor_level", Clone.NCOR_LOW)
    assert factor == pytest.approx(prior_parameters()["ncor_clone_level"])


def test_drugs_touch_only_the_patients_and_parameters_they_are_given_to(lanes):
    _, built = lanes
    load = np.arange(400.0)
    treated = built.treated({"load_egfr": load}, np.array([5, 9]))
    at = cell().column("load_egfr")
    assert np.array_equal(
        treated[:, :, at], np.array([[5.0], [9.0]]) * np.ones(len(Clone))
    )
    treated[:, :, at] = 0.0
    assert np.array_equal(treated, built.p[[5, 9]])
