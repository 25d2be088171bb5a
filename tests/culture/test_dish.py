"""Clones in one dish, a dish that fills, and bands over parameter sets."""

import numpy as np
import pytest

from oestra.core.errors import InputError
from oestra.culture.confluence import crowded, dishes, fine_days, parse_dish
from oestra.culture.ensemble import with_bands
from oestra.culture.experiment import run_cell
from oestra.culture.mixture import parse_mix, shares
from oestra.model.parameters import best_parameters, with_settings

NAMES = ("log_cell_number", "division_rate", "growth_rate")


def test_a_dish_fills_as_the_logistic_curve_does():
    days = fine_days(np.array([0.0, 10.0]))
    pace = 0.7
    free = np.stack([pace * days, *[np.full_like(days, pace)] * 2], axis=-1)[None]
    dish = parse_dish("1 million, seeded 100 thousand")
    found = crowded(free, days, NAMES, dish)
    start = 0.1
    logistic = np.exp(pace * days) / (1 + start * (np.exp(pace * days) - 1))
    assert np.exp(found[0, :, 0]) == pytest.approx(logistic, rel=1e-4)
    slope = np.gradient(found[0, :, 0], days)
    assert found[0, 1:-1, 2] == pytest.approx(slope[1:-1], abs=1e-3)


def test_cells_stand_still_where_divisions_match_deaths():
    days = fine_days(np.array([0.0, 200.0]))
    free = np.stack(
        [0.3 * days, np.full_like(days, 0.4), np.full_like(days, 0.3)], axis=-1
    )[None]
    dish = parse_dish("10 million")
    last = crowded(free, days, NAMES, dish)[0, -1]
    assert np.exp(last[0]) * dish.seeded == pytest.approx(0.75 * 1e7, rel=1e-3)
    assert last[2] == pytest.approx(0.0, abs=1e-6)


def test_an_endless_dish_changes_nothing():
    plain = run_cell("MCF7", drug="fulvestrant 10 nM", at=[3, 7])
    endless = run_cell(
        "MCF7",
        drug="fulvestrant 10 nM",
        at=[3, 7],
        confluence="1e12 cells, seeded 1 cells",
    )
    for name, course in plain.treated.items():
        assert endless.treated[name] == pytest.approx(course, rel=1e-3)
    small = run_cell("MCF7", drug="fulvestrant 10 nM", at=[3, 7], confluence="6-well")
    assert (
        small.untreated["cell_number_fold"][-1]
        < 9.5
        < 9.6 * dishes()["6-well"].dish.capacity
    )


def test_shares_add_up_and_cells_are_summed():
    mixed = run_cell(
        "MCF7",
        mix=["ESR1=Y537S 10 %", "PTEN=loss + PIK3CA=H1047R 5 %"],
        drug="fulvestrant 10 nM",
        at=[0, 7, 14],
    )
    parts = np.array([treated for _, treated in mixed.clones.values()])
    assert parts.sum(axis=0) == pytest.approx(np.ones(3))
    assert parts[:, 0] == pytest.approx([0.85, 0.10, 0.05])
    clone = run_cell(
        "MCF7", set=["ESR1=Y537S"], drug="fulvestrant 10 nM", at=[0, 7, 14]
    )
    fold = parts[1] * mixed.treated["cell_number_fold"] / 0.10
    assert fold == pytest.approx(clone.treated["cell_number_fold"], rel=1e-6)
    assert "share of ESR1=Y537S" in mixed.table()


def test_a_mixture_of_one_is_the_clone():
    whole = run_cell("MCF7", mix=["PTEN=loss 100 %"], days=3)
    alone = run_cell("MCF7", set=["PTEN=loss"], days=3)
    for name, course in alone.untreated.items():
        assert whole.untreated[name] == pytest.approx(course)


def test_the_line_is_what_is_left():
    clones = parse_mix(["ESR1=Y537S 10 %", "PTEN=loss 20%"])
    assert [one.share for one in clones] == pytest.approx([0.7, 0.1, 0.2])
    assert clones[0].lesions == ()
    even = shares([0.5, 0.5], np.array([[1.0, 1.0], [1.0, 3.0]]))
    assert even[1].tolist() == [0.5, 0.75]


def test_a_band_holds_every_set():
    base = best_parameters()
    sets = [base, *(with_settings(base, {"kd_igf1": k}) for k in (1.0, 5.0))]
    result = with_bands(
        lambda one: run_cell(
            "MCF7", drug="everolimus 10 nM", at=[2, 4], parameters=one
        ),
        sets,
    )
    for name, band in result.bands.items():
        for end in ("untreated", "treated", "ratio"):
            assert np.all(band[end][0] <= band[end][1])
        assert f"{name}_low" in result.table()
    record = result.to_json_dict()["readouts"]["ki67"]["bands_95"]["treated"]
    assert len(record["low"]) == len(record["high"]) == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"mix": ["ESR1=Y537S 60 %", "PTEN=loss 50 %"]}, ["110", "100 %"]),
        ({"mix": ["ESR1=Y537S"]}, ["ESR1=Y537S 10 %"]),
        ({"mix": ["ESR1=Y537S -1 %"]}, ["-1"]),
        ({"mix": ["ESR1=Y537S 1 %", "esr1=y537s 2 %"]}, ["twice"]),
        ({"mix": ["ESR1=Y537X 10 %"]}, ["Y537X", "Y537S"]),
        ({"mix": ["ESR1=Y537S 1 %"], "confluence": "6-well"}, ["not both"]),
        ({"confluence": "7-well"}, ["7-well", "6-well"]),
        ({"confluence": "-4 million"}, ["-4 million"]),
        ({"confluence": "1 million, seeded 2 million"}, ["seeded"]),
    ],
)
def test_bad_dishes_and_clones_are_explained(options, words):
    with pytest.raises(InputError) as error:
        run_cell("MCF7", **options)
    assert all(word in str(error.value) for word in words), str(error.value)
