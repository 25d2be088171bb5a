"""Phases that end by an event, and randomization at one: known answers."""

from dataclasses import dataclass, fields, make_dataclass, replace

import numpy as np
import pytest

from oestra.core.errors import InputError
from oestra.core.streams import Streams
from oestra.drugs.regimen import Regimen
from oestra.trial.arm_part import arm_run
from oestra.trial.arm_treatment import Event, Phase
from oestra.trial.assumption import assumptions
from oestra.trial.case_mix import weigh
from oestra.trial.design import Arm
from oestra.trial.designs import find_design, read_design
from oestra.trial.eligibility import screen
from oestra.trial.members import Draw, Members
from oestra.trial.observe import observe_arms
from oestra.trial.plasma import copies_read, first_rise
from oestra.trial.response_code import Code
from oestra.trial.run import run_trial
from oestra.trial.run_in import randomize_at_event
from oestra.trial.switch_event import cycle_after, with_events
from oestra.trial.treat import treat
from oestra.trial.trial_setting import Setting
from oestra.tumor.clone import SECOND_ESR1, Clone

PLASMA = "EXAMPLE-PLASMA"


ALIKE = replace(assumptions().plasma_shedding, value=0.0, interval=(0.0, 0.0))
KNOWN = replace(assumptions(), plasma_shedding=ALIKE)


@dataclass(frozen=True)
class Clones:
    """The stand-in of the model, with mutants that come all at once on a day."""

    inner: object
    day: float = 80.0
    calls: list = None
    alleles: int = 1

    def __call__(self, rows, regimen, **rest):
        found = self.inner(rows, regimen, **rest)
        clones = len(Clone) + self.alleles - 1
        cells = np.full((rows.size, clones, found.days.size), -np.inf)
        for column in (Clone.ESR1_MUTANT, SECOND_ESR1)[: self.alleles]:
            cells[:, column, found.days >= self.day] = np.log(1e12 / self.alleles)
        if self.calls is not None:
            self.calls.append((regimen, rest["changes"]))
        values = {one.name: getattr(found, one.name) for one in fields(found)}
        more = [("clone_log_cells", np.ndarray)]
        kind = make_dataclass("Found", more, bases=(type(found),), frozen=True)
        return kind(**values, clone_log_cells=cells)


@pytest.fixture(scope="module")
def design():
    return find_design(PLASMA)


@pytest.fixture
def setting(design, cohort, follow):
    rows = screen(design, cohort.decisions).rows
    return Setting(
        decisions=cohort.decisions,
        weighted=weigh(design, cohort.decisions, rows),
        # Slow growth, so that the event comes first.
        follow=Clones(replace(follow, daily_rate=0.002)),
        assumptions=KNOWN,
    )


def members_of(setting, count):
    row = setting.weighted.rows[:count]
    return Members(
        patient=np.arange(count), row=row, entry_day=np.zeros(count)
    )  # fmt: skip


def test_copies_are_poisson_in_what_the_tumor_sheds():
    patient = np.arange(20_000)
    cells = np.full((patient.size, 1), np.log(2e9))
    found = copies_read(cells, patient, streams=Streams(1), assumptions=KNOWN)[:, 0]
    mean = 2 * KNOWN.plasma_copies.value * KNOWN.plasma_sensitivity.value
    assert abs(found.mean() - mean) < 4 * np.sqrt(mean / patient.size)
    none = np.exp(-mean)
    assert abs((found == 0).mean() - none) < 4 * np.sqrt(none / patient.size)
    # Patients differ in what they shed: as many copies at most, less often seen.
    spread = copies_read(cells, patient, streams=Streams(1), assumptions=assumptions())
    assert (spread == 0).mean() > none


def test_more_cells_are_found_more_often_and_none_never():
    patient = np.arange(2000)
    shares = []
    for cells in (0.0, 1e8, 1e9, 1e10, 1e12):
        with np.errstate(divide="ignore"):
            log_cells = np.full((patient.size, 1), np.log(cells))
        found = copies_read(log_cells, patient, streams=Streams(1), assumptions=KNOWN)
        shares.append(np.mean(found >= KNOWN.plasma_limit.value))
    assert shares[0] == 0.0
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.parametrize(
    ("copies", "visit"),
    [
        ([0, 0, 0, 0], -1),
        ([0, 1, 2, 0], 1),
        ([0, 1, 1, 1], -1),
        ([50, 60, 99, 100], 2),
        ([50, 3, 5, 6], 2),
        ([50, 0, 0, 2], 2),
    ],
)
def test_a_rise_is_of_the_lowest_before(copies, visit):
    every = np.ones((1, 3), dtype=bool)
    assert first_rise(np.array([copies]), every, KNOWN)[0] == visit


def test_no_tube_no_rise():
    taken = np.array([[False, True, False]])
    assert first_rise(np.array([[0, 9, 1, 9]]), taken, KNOWN)[0] == -1
    assert first_rise(np.zeros((2, 1), dtype=np.int64), taken[:, :0], KNOWN).max() == -1


def test_a_cycle_begins_on_a_day_or_after_it():
    day = np.linspace(0.0, 300.0, 61)
    start = cycle_after(day)
    assert np.all((start >= day) & (start < day + 28.0))
    assert np.all(start % 28.0 == 0.0)


def test_who_comes_to_the_event_is_randomized_at_the_next_cycle(design, setting):
    enrolled, members = randomize_at_event(
        design, design.run_in, setting, Streams(3), Draw(interval_weeks=8.0)
    )
    days = np.concatenate([one.before.days for one in members.values()])
    # Mutants come on day 84; the first tube after it is that of day 112, give or take.
    assert np.isin(days, [112.0, 140.0]).mean() > 0.9
    # A visit that was missed is made up for by the next.
    assert set(days) <= {112.0, 140.0, 168.0, 196.0}
    planned = sum(arm.n for arm in design.arms)
    assert len(enrolled.row) == planned
    assert np.all(np.diff(enrolled.entry_day) >= 0)
    # Blocks of four keep the arms within two of each other.
    assert abs(np.diff([len(one.patient) for one in members.values()])[0]) <= 2


def test_mutants_of_two_alleles_rise_as_those_of_one(design, setting):
    entered = []
    for alleles in (1, 2):
        follow = replace(setting.follow, alleles=alleles)
        _, members = randomize_at_event(
            design,
            design.run_in,
            replace(setting, follow=follow),
            Streams(3),
            Draw(interval_weeks=8.0),
        )
        entered.append([one.before.days.tolist() for one in members.values()])
    assert entered[0] == entered[1]


def test_treatment_changes_at_randomization_and_not_before(design, setting):
    calls = []
    seen = replace(setting, follow=replace(setting.follow, calls=calls))
    draw = Draw(interval_weeks=8.0)
    _, members = randomize_at_event(design, design.run_in, seen, Streams(3), draw)
    calls.clear()
    arm = design.arms[0]
    found = treat(design, arm, members[arm.id], seen, Streams(3), draw)
    (first, changes), days = calls[0], members[arm.id].before.days
    assert first == Regimen.parse(design.run_in.regimen)
    assert changes.steps[0].regimen == Regimen.parse(arm.regimen)
    np.testing.assert_array_equal(changes.steps[0].day, days)
    # The course from there is that course: lesions at day 0 are those of that day.
    whole, since = found.whole, found.followed
    for number in range(5):
        at = np.interp(days[number], whole.days, whole.log_volume[number, 0])
        assert since.log_volume[number, 0, 0] == pytest.approx(at, abs=1e-4)
    np.testing.assert_allclose(since.death_day, whole.death_day - days)


def test_results_count_from_randomization(design, cohort, follow):
    result = run_trial(
        PLASMA,
        cohort=cohort,
        follow=Clones(replace(follow, daily_rate=0.002)),
        replicates=1,
        patients=60,
        known=KNOWN,
    )
    times = result.patients["AVAL"]
    assert times.min() >= 0
    assert times.max() <= design.cut_days - 112.0
    assert sum(arm.n for arm in result.arms.values()) <= 60
    assert (result.adverse_events["ASTDY"] >= 0).all()


def test_nobody_comes_to_an_event_that_never_is(design, cohort, follow):
    with pytest.raises(InputError, match=r"0 of 300 patients .* rising_esr1 .*too few"):
        run_trial(
            PLASMA,
            cohort=cohort,
            follow=Clones(follow, day=np.inf),
            replicates=1,
            patients=60,
            known=KNOWN,
        )


def test_a_population_without_clones_has_no_plasma(cohort, follow):
    with pytest.raises(InputError, match="Plasma is drawn from patients of the model"):
        run_trial(PLASMA, cohort=cohort, follow=follow, replicates=1, patients=60)


def switching(event, **rest):
    return Arm(
        id="A",
        label="a",
        n=10,
        phases=(
            Phase(
                regimen="letrozole 2.5 mg daily",
                until=Event(event=event, at="6 months"),
            ),
            Phase(regimen="exemestane 25 mg daily + everolimus 10 mg daily"),
        ),
        **rest,
    )


def test_responders_and_others_part_at_the_month(design, setting, follow):
    setting = replace(setting, follow=replace(follow, daily_rate=0.006))
    draw, members = Draw(interval_weeks=8.0), members_of(setting, 400)
    begins = {}
    for event in ("response", "no_response"):
        found = with_events(
            design, switching(event), members, setting, Streams(2), draw
        )
        begins[event] = found.events[0]
    first = Arm(id="A", label="a", n=10, regimen="letrozole 2.5 mg daily")
    alone = treat(design, first, members, setting, Streams(2), draw)
    day, code = alone.visits.day, alone.assessment.response
    due = alone.visits.attended & (day <= 182.625 + 7)
    responded = (due & (code >= Code.PR)).any(axis=1)
    both = np.isfinite(begins["response"]) & np.isfinite(begins["no_response"])
    assert not both.any()
    assert np.all(responded[np.isfinite(begins["response"])])
    assert not responded[np.isfinite(begins["no_response"])].any()
    gone = alone.outcome.progression.event_observed & (
        alone.outcome.progression.day <= 182.0
    )
    assert not np.isfinite(begins["no_response"][gone]).any()
    went = np.isfinite(begins["no_response"])
    assert went.any()
    assert np.all(begins["no_response"][went] >= 182.625)


HEAD = """
id: MINE
title: mine
{run_in}arms:
  - {{id: A, label: a, n: 50, {arm}}}
  - {{id: C, label: c, n: 50, regimen: exemestane 25 mg daily}}
eligibility: [prior_nonsteroidal_ai]
visits: {{interval_weeks: 8}}
criteria: RECIST-1.1
accrual_months: 12
data_cut_months: 24
"""
F = "regimen: fulvestrant 500 mg every 28 days"
RUN_IN = "run_in: {{regimen: {}, n: {}, until: {{{}}}}}\n"


def until(event, duration=""):
    return (
        f"phases: [{{regimen: letrozole 2.5 mg daily, until: {{{event}}}{duration}}}, "
        f"{{{F}}}]"
    )


BAD = [
    ("progression at one time", until("event: progression, at: 6 months"), "",
     "looked for at every visit"),
    ("progression and an end", until("event: progression", ", duration: 12 weeks"), "",
     "ends with progression; leave its 'duration' out"),
    ("progression too early",
     "phases: [{regimen: letrozole 2.5 mg daily, until: {event: progression}}, "
     f"{{{F}, duration: 12 weeks}}, {{regimen: exemestane 25 mg daily}}]", "",
     "write it to the phase before the last"),
    ("progression before randomization", F, RUN_IN.format("letrozole 2.5 mg daily",
     200, "event: progression"), "without progression; write 'event: response'"),
    ("no such event", until("event: esr1"), "", "'rising_esr1'"),
    ("a response at no time", until("event: response"), "",
     "'{event: response, at: 6 months}'"),
    ("a rise at one time", until("event: rising_esr1, at: 6 months"), "",
     "looked for at every visit"),
    ("an event after the phase", until("event: response, at: 6 months",
     ", duration: 12 weeks"), "", "can never end this phase.*week 0 to week 12"),
    ("an event after follow-up", until("event: no_response, at: 3 years"), "",
     "cannot read the length '3 years'"),
    ("a late event", until("event: no_response, at: 30 months"), "",
     "can never end this phase.*week 0 to week 104"),
    ("too few begin", F, RUN_IN.format("letrozole 2.5 mg daily", 20,
     "event: rising_esr1"), "20 patients begin the run_in, and 100 shall be"),
    ("no drug of that name", F, RUN_IN.format("letrozol 2.5 mg daily", 200,
     "event: rising_esr1"), "nearest is 'letrozole'"),
    ("a randomization that changes nothing", "regimen: exemestane 25 mg daily",
     RUN_IN.format("letrozole 2.5 mg daily", 200, "event: rising_esr1"),
     "all arms give the same"),
    ("an event after the cut", F, RUN_IN.format("letrozole 2.5 mg daily", 200,
     "event: response, at: 40 months"), "can never end this phase"),
    ("randomized and not", F, "randomized: false\n" + RUN_IN.format(
     "letrozole 2.5 mg daily", 200, "event: rising_esr1"), "ends with randomization"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("arm", "run_in", "says"), [case[1:] for case in BAD], ids=[c[0] for c in BAD]
)
def test_what_cannot_happen_is_refused(tmp_path, arm, run_in, says):
    path = tmp_path / "bad.yaml"
    path.write_text(HEAD.format(arm=arm, run_in=run_in))
    with pytest.raises(InputError, match=says) as caught:
        read_design(path)
    assert "\n" not in str(caught.value)
    assert "bad.yaml, line " in str(caught.value)


def test_elsewhere_a_run_in_is_refused(design, cohort):
    with pytest.raises(InputError, match="'oestra trial EXAMPLE-PLASMA' runs it"):
        arm_run(design, "STAY", cohort.parameters, 1)
    with pytest.raises(InputError, match="randomizes after a run_in"):
        observe_arms(design, cohort, ["ITT"], seed=1, most=10)


def test_the_design_shows_its_run_in(succeed):
    shown = " ".join(succeed("design", "EXAMPLE-PLASMA").split())
    assert "Run-in of 600 patients: letrozole" in shown
    assert "randomized at rising ESR1" in shown
