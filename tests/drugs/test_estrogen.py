"""Estradiol on aromatase inhibitors, against what was measured."""

import dataclasses

import numpy as np
import pytest

from oestra.core.terms import Target
from oestra.drugs.estrogen import NON_AROMATASE_SHARE, residual_estradiol
from oestra.drugs.load import find
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects, deviate_names
from oestra.engagement.target_load import target_load

INHIBITORS = ["letrozole", "anastrozole", "exemestane"]


def population(name, n=4000):
    rng = np.random.default_rng(7)
    deviates = {key: rng.standard_normal(n) for key in deviate_names(find(name))}
    return dataclasses.replace(PkSubjects.typical(n), deviates=deviates)


def regimen(name):
    suppression = find(name).estrogen
    assert suppression is not None
    return Regimen.parse(suppression.regimen)


@pytest.mark.parametrize("name", INHIBITORS)
def test_median_residual_is_the_published_one(name):
    suppression = find(name).estrogen
    low, high = suppression.plasma_residual.interval
    median = np.median(residual_estradiol(regimen(name), population(name)))
    assert low <= median <= high
    assert median == pytest.approx(suppression.plasma_residual.value, rel=0.1)


def test_letrozole_suppresses_more_than_anastrozole():
    residual = {
        name: residual_estradiol(regimen(name), PkSubjects.typical())[0]
        for name in INHIBITORS
    }
    assert residual["letrozole"] < residual["exemestane"] < residual["anastrozole"]


@pytest.mark.parametrize("name", INHIBITORS)
def test_load_on_aromatase_agrees_with_the_enzyme(name):
    """The one number that the cell takes stands for the whole mechanism."""
    one = PkSubjects.typical()
    load = target_load(regimen(name), np.array([400.0, 428.0]), one)
    share = NON_AROMATASE_SHARE.value
    simple = share + (1 - share) / (1 + load[Target.CYP19A1][0, 0])
    assert simple == pytest.approx(residual_estradiol(regimen(name), one)[0], rel=0.05)


def test_without_an_inhibitor_estradiol_stays():
    one = PkSubjects.typical()
    assert residual_estradiol(Regimen.parse("tamoxifen 20 mg daily"), one) == 1
    assert residual_estradiol(Regimen.parse("none"), one) == 1


def test_missed_tablets_leave_more_estradiol():
    half = dataclasses.replace(PkSubjects.typical(), adherence=np.array([0.5]))
    for name in INHIBITORS:
        full = residual_estradiol(regimen(name), PkSubjects.typical())
        assert residual_estradiol(regimen(name), half) > 1.3 * full


def test_tamoxifen_weakens_letrozole():
    both = Regimen.parse("letrozole 2.5 mg daily + tamoxifen 20 mg daily")
    one = PkSubjects.typical()
    assert residual_estradiol(both, one) > residual_estradiol(regimen("letrozole"), one)


def test_everolimus_leaves_estradiol_on_exemestane_alone():
    both = Regimen.parse("exemestane 25 mg daily + everolimus 10 mg daily")
    one = PkSubjects.typical()
    alone = residual_estradiol(regimen("exemestane"), one)
    assert residual_estradiol(both, one) == pytest.approx(alone)
