"""Knock-down and overexpression of proteins by name."""

import pytest

from oestra.core.errors import InputError
from oestra.culture.amount import amounts, find_amount, parse_amounts
from oestra.culture.experiment import run_cell
from oestra.culture.genotype import Genotype
from oestra.model.parameters import best_parameters
from oestra.network.cell_line import find_line


def test_every_amount_scales_parameters_that_exist():
    common = best_parameters()
    for one in amounts().values():
        assert bool(one.scale) != bool(one.refused)
        assert bool(one.text) != bool(one.refused)
        assert set(one.scale) <= set(common)


def test_a_factor_multiplies_what_the_line_has():
    common = best_parameters()
    line = find_line("BT-474")
    own = Genotype().parameters(line, common)["erbb2_level"]
    changed = Genotype(amounts=(("ERBB2", 0.25),)).parameters(line, common)
    assert changed["erbb2_level"] == pytest.approx(0.25 * own)


def test_percent_lost_and_folds():
    found = parse_amounts(["HRAS 80 %", "er 25%"], ["HER2 10-fold", "PTEN 2x"])
    assert dict(found) == pytest.approx(
        {"KRAS": 0.2, "ESR1": 0.75, "ERBB2": 10.0, "PTEN": 2.0}
    )


def test_the_protein_and_what_it_does_follow():
    names = ["er_total", "p_erk", "p_akt"]
    plain = run_cell("MCF7", days=1, readouts=names)
    less = run_cell("MCF7", days=1, readouts=names, knockdown=["ESR1 80 %"])
    assert less.final("er_total")[0] < 0.5 * plain.final("er_total")[0]
    assert less.genotype["ESR1"] == "0.2 times its amount"
    ras = run_cell("MCF7", days=1, readouts=names, knockdown=["HRAS 80 %"])
    assert ras.final("p_erk")[0] < plain.final("p_erk")[0]
    pten = run_cell("MCF7", days=1, readouts=names, knockdown=["PTEN 90 %"])
    assert pten.final("p_akt")[0] > plain.final("p_akt")[0]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"knockdown": ["HRAZ 80 %"]}, ["HRAZ", "HRAS"]),
        ({"knockdown": ["HRAS 120 %"]}, ["120", "99.9"]),
        ({"knockdown": ["HRAS"]}, ["HRAS 80 %"]),
        ({"knockdown": ["ERK 80 %"]}, ["ERK", "MAP2K1"]),
        ({"overexpress": ["ERBB2 0.5-fold"]}, ["0.5-fold", "knock-down"]),
        ({"overexpress": ["ERBB2 high"]}, ["10-fold"]),
        ({"knockdown": ["KRAS 80 %", "HRAS 80 %"]}, ["KRAS", "twice"]),
        ({"set": ["ESR1=overexpression"]}, ["overexpression", "ESR1 10-fold"]),
        ({"set": ["CCND1=knockdown"]}, ["amplification", "CCND1 80 %"]),
    ],
)
def test_bad_amounts_are_explained(options, words):
    with pytest.raises(InputError) as error:
        run_cell("MCF7", **options)
    assert all(word in str(error.value) for word in words), str(error.value)


def test_names_of_proteins_are_told_apart():
    for one in amounts().values():
        for name in (one.gene, *one.aliases):
            if not one.refused:
                assert find_amount(name) is one
