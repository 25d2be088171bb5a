"""Beyond a trial: known deaths, choices in order, crossover, luck of one's own."""

from dataclasses import replace

import numpy as np
import pytest

from oestra.core.errors import InputError
from oestra.core.streams import Streams
from oestra.course.death import fatal_log_cells
from oestra.course.integrate import Trajectory
from oestra.drugs.regimen import Regimen
from oestra.follow import choices as module
from oestra.follow.choices import Crossing, choices, later_practice
from oestra.follow.later import After, live_on
from oestra.follow.treatment import Changes, follow
from oestra.history.practice import sees_progression
from oestra.history.therapies import practice as therapies

DAYS = np.arange(0.0, 169.0, 28.0)
EXEMESTANE = Regimen.parse("exemestane 25 mg daily")
EVEROLIMUS = Regimen.parse("exemestane 25 mg daily + everolimus 10 mg daily")
LATE = 6000.0


@pytest.fixture(scope="module")
def immortal(cohort):
    """The pool without other causes of death."""
    return replace(cohort, parameters=cohort.parameters.replace(death_hazard=1e-12))


@pytest.fixture(scope="module")
def advanced(cohort):
    living = np.logaddexp.reduce(cohort.log_cells, axis=1) < fatal_log_cells(
        cohort.parameters
    )
    return np.flatnonzero((cohort.decisions["setting"] != "primary") & living)[:16]


@pytest.fixture
def practice(monkeypatch):
    """Change the assumptions about practice."""

    def change(**values):
        known = later_practice().replace(**values)
        monkeypatch.setattr(module, "later_practice", lambda: known)

    return change


def treated(cohort, rows, regimen, *, keep=True, **rest):
    return follow(
        cohort, rows, regimen, days=DAYS, streams=Streams(1), keep=keep,
        changes=Changes(stop_day=np.full(len(rows), np.inf)), **rest,
    )  # fmt: skip


def after(rows, day, regimen=EXEMESTANE, crossing=None, until=LATE):
    n = len(rows)
    return After(
        day=np.broadcast_to(np.asarray(day, dtype=float), n),
        until=np.full(n, until),
        regimen=regimen,
        year=2012.0,
        crossing=crossing,
    )


def deaths(cohort, rows, regimen=EXEMESTANE, *, day=84.0, **rest):
    seen = treated(cohort, rows, regimen)
    end = after(rows, day, regimen, **rest)
    return live_on(cohort, rows, seen, end, streams=Streams(1))


def test_an_untreated_tumor_kills_when_its_growth_says_so(immortal, practice):
    practice(later_endocrine_lines=0, later_chemotherapy_share=0)
    rows = np.flatnonzero(immortal.decisions["setting"] == "primary")
    seen = treated(immortal, rows, Regimen())
    found = live_on(
        immortal, rows, seen, after(rows, 70.0, Regimen()), streams=Streams(1)
    )
    log_cells = seen.clone_log_cells.astype(float)
    # Every clone goes on as it grew in the last month.
    last, before = log_cells[:, :, -1], log_cells[:, :, -2]
    rate = np.where(np.isfinite(before), last - before, 0.0) / (DAYS[-1] - DAYS[-2])
    days = np.arange(0.0, 3000.0)
    total = np.logaddexp.reduce(last[:, :, None] + rate[:, :, None] * days, axis=1)
    reached = total >= fatal_log_cells(immortal.parameters)
    assert reached.any(axis=1).all()
    expected = DAYS[-1] + reached.argmax(axis=1)
    assert found == pytest.approx(expected, rel=0.03)


def test_everybody_dies_of_something_else_by_its_hazard(cohort, advanced):
    p = cohort.parameters.replace(death_hazard=1.0)
    found = deaths(replace(cohort, parameters=p), advanced, day=0.5)
    patient = cohort.decisions["patient"].to_numpy()[advanced]
    other = Streams(1).exponential("death", patient)[:, 0]
    assert np.array_equal(found, other)


def test_therapy_that_goes_on_leaves_death_as_it_was(cohort, advanced):
    seen = treated(cohort, advanced, EXEMESTANE)
    for day in (np.inf, LATE):
        end = after(advanced, day)
        found = live_on(cohort, advanced, seen, end, streams=Streams(1))
        assert np.array_equal(found, seen.death_day)


def test_later_lines_postpone_death(immortal, advanced, practice):
    helped = deaths(immortal, advanced)
    practice(later_endocrine_lines=0, later_chemotherapy_share=0)
    left_alone = deaths(immortal, advanced)
    assert np.mean(helped >= left_alone) > 0.8
    assert np.minimum(helped, LATE).mean() > 1.05 * np.minimum(left_alone, LATE).mean()


def test_patients_do_not_know_of_each_other(cohort, advanced):
    crossing = Crossing(regimen=EVEROLIMUS, share=0.5)
    day = np.linspace(20.0, 160.0, len(advanced))
    whole = deaths(cohort, advanced, day=day, crossing=crossing)
    part = deaths(cohort, advanced[5:9], day=day[5:9], crossing=crossing)
    assert np.array_equal(whole[5:9], part)
    assert np.array_equal(whole, deaths(cohort, advanced, day=day, crossing=crossing))


def test_crossover_shrinks_the_difference(immortal, advanced):
    arm = deaths(immortal, advanced, EVEROLIMUS)

    def ahead(share):
        crossing = Crossing(regimen=EVEROLIMUS, share=share)
        control = deaths(immortal, advanced, crossing=crossing)
        return np.log(np.minimum(arm, LATE) / np.minimum(control, LATE)).mean()

    # Everybody stops on one day here, so that a crossover may even outdo the trial.
    assert ahead(1.0) < ahead(0.0)
    assert ahead(0.0) > 0


def test_states_are_needed(cohort, advanced):
    seen = treated(cohort, advanced, EXEMESTANE, keep=False)
    with pytest.raises(InputError, match="keep=True"):
        live_on(cohort, advanced, seen, after(advanced, 9.0), streams=Streams(1))


def test_keeping_states_changes_no_course(cohort, advanced):
    kept = treated(cohort, advanced, EXEMESTANE)
    plain = treated(cohort, advanced, EXEMESTANE, keep=False)
    assert plain.kept is None
    assert kept.log_volume.tobytes() == plain.log_volume.tobytes()
    assert kept.death_day.tobytes() == plain.death_day.tobytes()
    assert kept.kept.on(np.zeros(len(advanced))).shape == cohort.y[advanced].shape


def test_the_last_states_up_to_a_day_are_found():
    kept = Trajectory()
    y = np.zeros((3, 1, 1))
    for day, rows in ((0.0, [0, 1, 2]), (28.0, [0, 1, 2]), (56.0, [0, 2])):
        kept.add(day, np.array(rows), y + day)
    found = kept.on(np.array([27.0, 80.0, 56.0]))[:, 0, 0]
    assert found.tolist() == [0.0, 28.0, 56.0]


def lines(found, row=0, most=9):
    here = np.array([row])
    return [int(found.begin(here, line)[0]) for line in range(1, most)]


def test_lines_come_in_order_and_end(cohort, advanced, practice):
    practice(later_chemotherapy_share=1, later_chemotherapy_lines=2)
    early = np.flatnonzero(
        (cohort.decisions["prior_lines"] == 0).to_numpy()
        & (cohort.decisions["adjuvant_therapy"] == "none").to_numpy()
        & (cohort.decisions["setting"] != "primary").to_numpy()
        & ~cohort.decisions["her2_positive"].to_numpy(dtype=bool)
    )[:1]
    letrozole = Regimen.parse("letrozole 2.5 mg daily")
    found = choices(cohort, early, letrozole, None, Streams(1), 2006.0)
    taken = lines(found)
    endocrine = [therapies().names[code] for code in taken[:2]]
    assert set(endocrine) < {"tamoxifen", "exemestane", "fulvestrant"}
    assert len(set(endocrine)) == 2
    assert found.regimens[taken[2]].drugs == ("paclitaxel",)
    assert taken[3:] == [taken[2], 0, 0, 0, 0]


def test_who_crosses_over_and_who_never_does(cohort, advanced):
    fulvestrant = Regimen.parse("fulvestrant 250 mg every 28 days")
    for share in (0.0, 1.0):
        crossing = Crossing(regimen=fulvestrant, share=share)
        found = choices(cohort, advanced, EXEMESTANE, crossing, Streams(1), 2006.0)
        for row in range(len(advanced)):
            taken = [found.regimens[code] for code in lines(found, row)]
            assert sum("fulvestrant" in r.drugs for r in taken) == share
            assert (taken[0] == fulvestrant) == (share == 1.0)


def test_trastuzumab_is_for_her2_and_not_after_it_failed(cohort, advanced, practice):
    practice(later_trastuzumab_share=1, later_chemotherapy_share=1)
    decisions = cohort.decisions.assign(
        her2_positive=np.arange(len(cohort.decisions)) % 2
    )
    pool = replace(cohort, decisions=decisions)
    with_it = Regimen.parse(
        "anastrozole 1 mg daily + trastuzumab 4 mg/kg then 2 mg/kg weekly"
    )
    for regimen, allowed in ((EXEMESTANE, True), (with_it, False)):
        found = choices(pool, advanced, regimen, None, Streams(1), 2006.0)
        for row, decision in enumerate(advanced):
            taken = [found.regimens[code].drugs for code in lines(found, row)]
            given = sum("trastuzumab" in drugs for drugs in taken)
            assert given == (allowed and decision % 2)


def test_progression_is_a_fifth_in_diameter_or_a_new_lesion():
    p = {
        "new_lesion_hazard": 0.001,
        "new_lesion_growth": 1.0,
        "new_lesion_burden": 0.0,
        "detection_log10_cells": 10.0,
        "visible_log10_cells": 3.0,
    }
    fifth = np.log(1.2**3)
    nadir, luck = np.array([10.0, 10.0, 10.0]), np.array([9.0, 9.0, 0.05])
    before = np.full(3, 10.0)
    total = np.array([10 + 1.01 * fifth, 10 + 0.99 * fifth, 9.0])
    found = sees_progression(before, total, nadir, luck, p, 56.0)
    assert found.tolist() == [True, False, True]
    assert nadir.tolist() == [10.0, 10.0, 9.0]
    assert luck == pytest.approx(
        [9 - 0.056 - 1.01 * fifth, 9 - 0.056 - 0.99 * fifth, 0.05 - 0.056]
    )
