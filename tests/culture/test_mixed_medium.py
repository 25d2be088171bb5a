"""Sera and named media, and drugs that find no target."""

import pytest

from oestra.core.errors import InputError
from oestra.culture.absent_target import absent_targets
from oestra.culture.experiment import run_cell
from oestra.culture.medium import parse_condition
from oestra.culture.mixed_medium import find_mixed_medium, mixed_media
from oestra.culture.substance import substances
from oestra.network.cell_line import find_line


def test_media_bring_what_the_cell_knows():
    for one in mixed_media().values():
        assert set(one.contents) <= set(substances())
        assert all(level.unit == "nM" for level in one.contents.values())
        assert all(level.reason for level in one.contents.values())
        for name in (one.id, *one.aliases):
            assert find_mixed_medium(name) is one


def test_serum_is_in_proportion_and_adds_to_what_is_named():
    full = parse_condition("FBS 10 %").substances
    half = parse_condition("fetal bovine serum 5 % + estradiol 1 nM").substances
    assert half["EGF"] == pytest.approx(full["EGF"] / 2)
    assert half["estradiol"] == pytest.approx(1.0 + full["estradiol"] / 2)
    stripped = parse_condition("charcoal-stripped serum 10 %").substances
    assert stripped["estradiol"] < 0.2 * full["estradiol"]


def test_poorer_media_let_cells_grow_less():
    growth = [
        run_cell("MCF7", medium=name, days=4).final("cell_number_fold")[0]
        for name in ("growth medium", "estradiol-free", "starvation medium")
    ]
    assert growth == sorted(growth, reverse=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("horse sera 10 %", ["horse sera", "serum"]),
        ("grwth medium", ["growth medium"]),
        ("FBS", ["percent"]),
        ("FBS 10 nM", ["percent"]),
        ("FBS 80 %", ["80", "50"]),
        ("FBS 5 % + FCS 5 %", ["twice"]),
        ("growth medium 10 %", ["whole medium"]),
        ("FBS 10 % + EGF 0 nM", ["EGF", "absent"]),
    ],
)
def test_bad_media_are_explained(text, words):
    with pytest.raises(InputError) as error:
        parse_condition(text)
    assert all(word in str(error.value) for word in words), str(error.value)


def test_a_line_without_aromatase_says_which_has_it():
    (told,) = absent_targets(find_line("MCF-7"), ["letrozole", "everolimus"])
    assert "letrozole" in told
    assert "MCF-7/Aro" in told
    assert not list(absent_targets(find_line("MCF-7/Aro"), ["letrozole"]))
