"""The order of events stands in one list, which the code follows and the docs show."""

import sys
import threading
from importlib import import_module
from pathlib import Path

import pytest

from oestra.core.streams import Streams
from oestra.course.assemble import assemble
from oestra.course.pace import paced
from oestra.history.cohort import simulate_cohort
from oestra.history.lines import simulate_histories
from oestra.model.parameters import prior_parameters
from oestra.network.cell import cell
from oestra.patients.population import sample_population
from oestra.trial.design import TimeToEvent
from oestra.trial.designs import find_design
from oestra.trial.observe import observe_arms
from oestra.trial.order import ORDER, Phase, Repeat, order_table
from oestra.trial.run import run_trial

DOCS = Path(__file__).parents[2] / "docs" / "architecture.md"
PATHS = {path for step in ORDER for path in (step.does, step.observed) if path}


def find(path):
    """Import a function by its dotted path, a method included."""
    parts = path.split(".")
    for end in range(len(parts) - 1, 0, -1):
        try:
            found = import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for name in parts[end:]:
            found = getattr(found, name)
        return found
    raise LookupError(path)


CODE = {find(path).__code__: path for path in PATHS}


def traced(task):
    """Run a task and return the calls of listed functions, in order."""
    calls = []

    def seen(frame, event, _):
        if event == "call" and frame.f_code in CODE:
            calls.append(CODE[frame.f_code])

    before = sys.getprofile()
    threading.setprofile(seen)
    sys.setprofile(seen)
    try:
        task()
    finally:
        sys.setprofile(before)
        threading.setprofile(None)
    return calls


def misplaced(calls, paths):
    """Return the first step that is not called where the list has it.

    A function must not be called before the steps listed before it.
    """
    place = -1
    for number, path in enumerate(paths):
        after = [i for i in range(place + 1, len(calls)) if calls[i] == path]
        if not after:
            return path
        if path not in paths[:number] and path in calls[: after[0]]:
            return path
        place = after[0]
    return None


@pytest.fixture(scope="module")
def pool():
    return simulate_cohort(300, prior_parameters(), seed=5, enriched=True, workers=1)


@pytest.fixture(scope="module")
def history():
    def task():
        p, streams = prior_parameters(), Streams(5)
        drawn = sample_population(20, p, streams).covariates
        people = paced(drawn, p, cell(p.library), streams)
        # Whoever has metastases at diagnosis chooses a line before the first period.
        people = people[~people["de_novo_stage_iv"]]
        lanes = assemble(cell(p.library), p, people, streams)
        simulate_histories(lanes, people, p, streams)

    return traced(task)


@pytest.fixture(scope="module")
def trial(pool):
    design = find_design("BOLERO-2")
    assert TimeToEvent.OS in design.endpoints
    return traced(lambda: run_trial(design, cohort=pool, replicates=1, patients=40))


def steps(phase, field="does"):
    return [
        getattr(step, field)
        for step in ORDER
        if step.phase == phase and getattr(step, field)
    ]


def repeated(phase, repeat):
    return [s.does for s in ORDER if s.phase == phase and s.repeat == repeat]


def test_every_step_names_a_function_of_its_own():
    assert len(CODE) == len(PATHS)
    assert all(callable(find(path)) for path in PATHS)
    assert len({(step.phase, step.name) for step in ORDER}) == len(ORDER)


def test_histories_run_in_the_order_of_the_list(history):
    assert misplaced(history, steps(Phase.HISTORY)) is None


def test_each_period_of_a_history_runs_in_the_order_of_the_list(history):
    one = repeated(Phase.HISTORY, Repeat.PERIOD)
    often = history.count(one[0])
    assert often > 10
    assert [call for call in history if call in one] == one * often


def test_a_trial_runs_in_the_order_of_the_list(trial):
    assert misplaced(trial, steps(Phase.TRIAL)) is None


def test_each_period_on_trial_runs_in_the_order_of_the_list(trial):
    one = repeated(Phase.TRIAL, Repeat.ARM_PERIOD)
    first = trial.index(one[0])
    arm = trial[first : trial.index("oestra.tumor.burden.lesion_log_volume", first)]
    assert arm.count(one[0]) > 10
    assert arm == one * arm.count(one[0])


def test_the_weighted_way_differs_in_enrollment_and_analysis_alone(pool):
    design = find_design("BOLERO-2")
    calls = traced(lambda: observe_arms(design, pool, {"ITT"}, seed=1, most=20))
    assert misplaced(calls, steps(Phase.TRIAL, "observed")) is None
    only = set(steps(Phase.TRIAL)) - set(steps(Phase.TRIAL, "observed"))
    assert len(only) > 5
    assert not only & set(calls)


def test_a_step_out_of_place_is_found(trial):
    listed = steps(Phase.TRIAL)
    known = listed.index("oestra.course.integrate.Doses.during") + 1
    for place in range(len(listed) - 1):
        if place == known:
            continue  # integrate and mutate alternate; the order of a period is exact
        swapped = list(listed)
        swapped[place : place + 2] = listed[place + 1], listed[place]
        assert misplaced(trial, swapped) is not None, listed[place]


def test_the_documentation_shows_the_list():
    assert order_table() in DOCS.read_text(encoding="utf-8")
