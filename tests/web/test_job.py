"""Background work: bounded, fair, stopped when nobody looks."""

import threading
import time

import pytest

from oestra.core.errors import InputError
from oestra.web.job import Jobs, JobState


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def jobs(clock):
    found = Jobs(clock=clock)
    yield found
    found.close()


def until(test, seconds=5.0):
    end = time.monotonic() + seconds
    while not test():
        assert time.monotonic() < end
        time.sleep(0.005)


class Gate:
    """Work that waits until it is let through, and tells once before and after."""

    def __init__(self):
        self.began, self.gate = threading.Event(), threading.Event()

    def __call__(self, tell):
        tell("begun", 0.1)
        self.began.set()
        self.gate.wait(5.0)
        tell("ended", 1.0)


def test_work_is_done_and_its_result_kept(jobs):
    job = jobs.submit("me", lambda tell: tell({"n": 1}, 0.5))
    until(lambda: job.over)
    assert (job.state, job.result, job.share) == (JobState.DONE, {"n": 1}, 1.0)


def test_a_stopped_job_ends_where_it_next_tells(jobs):
    work = Gate()
    job = jobs.submit("me", work)
    assert work.began.wait(5.0)
    jobs.stop(job.id)
    work.gate.set()
    until(lambda: job.work is None)
    assert (job.state, job.result) == (JobState.STOPPED, "begun")


def test_a_job_that_nobody_looks_at_is_stopped(jobs, clock):
    work, later = Gate(), Gate()
    job = jobs.submit("closed tab", work)
    waiting = jobs.submit("other closed tab", later)
    assert work.began.wait(5.0)
    clock.now = 21.0
    work.gate.set()
    until(lambda: job.work is None and waiting.over)
    assert job.state is JobState.STOPPED
    assert waiting.state is JobState.STOPPED
    assert not later.began.is_set()


def test_who_looks_keeps_a_job_alive(jobs, clock):
    work = Gate()
    job = jobs.submit("me", work)
    assert work.began.wait(5.0)
    clock.now = 19.0
    jobs.look(job.id)
    clock.now = 30.0
    work.gate.set()
    until(lambda: job.over)
    assert job.state is JobState.DONE


def test_a_client_has_one_job(jobs):
    work = Gate()
    first = jobs.submit("me", work)
    second = jobs.submit("me", lambda tell: tell("new", 1.0))
    assert first.state is JobState.STOPPED or first.state is JobState.RUNNING
    work.gate.set()
    until(lambda: second.over)
    assert first.state is JobState.STOPPED
    assert second.state is JobState.DONE


def test_clients_take_turns(jobs):
    gate, order = Gate(), []
    jobs.submit("first", gate)
    assert gate.began.wait(5.0)
    # "first" asks again before the others: it has been served and waits longest.
    done = [
        jobs.submit(name, lambda _tell, name=name: order.append(name))
        for name in ("second", "third")
    ]
    again = jobs.submit("first", lambda _tell: order.append("first"))
    gate.gate.set()
    until(lambda: again.over and all(one.over for one in done))
    assert order == ["second", "third", "first"]


def test_a_short_job_goes_between_the_steps_of_a_long_one(jobs):
    gate, order = Gate(), []

    def long(tell):
        gate(tell)
        for step in range(3):
            order.append(step)
            tell(None, step / 3)

    job = jobs.submit("long", long)
    assert gate.began.wait(5.0)
    short = jobs.submit("short", lambda _tell: order.append("short"))
    until(lambda: len(jobs._turns) == 2)  # it has asked for its turn
    assert short.state is JobState.WAITING
    gate.gate.set()
    until(lambda: job.over and short.over)
    assert order == ["short", 0, 1, 2]
    assert job.state is short.state is JobState.DONE


def test_one_job_works_at_a_time(jobs):
    inside, seen = set(), []

    def work(name):
        def steps(tell):
            for step in range(20):
                inside.add(name)
                time.sleep(0.001)
                seen.append(len(inside))
                inside.discard(name)
                tell(None, step / 20)

        return steps

    found = [jobs.submit(name, work(name)) for name in "abcde"]
    until(lambda: all(one.over for one in found))
    assert [one.state for one in found] == [JobState.DONE] * 5
    assert set(seen) == {1}


def test_who_waits_for_a_turn_can_be_stopped(jobs):
    gate, other = Gate(), Gate()
    jobs.submit("long", gate)
    assert gate.began.wait(5.0)
    waits = jobs.submit("waits", other)
    jobs.stop(waits.id)
    until(lambda: waits.work is None)
    assert waits.state is JobState.STOPPED
    assert not other.began.is_set()
    gate.gate.set()


def test_the_queue_is_bounded(jobs):
    gate = Gate()
    jobs.submit("0", gate)
    for number in range(1, 12):
        jobs.submit(str(number), lambda _tell: None)
    with pytest.raises(InputError, match="12 calculations wait already"):
        jobs.submit("one more", lambda _tell: None)
    gate.gate.set()


def test_a_fault_is_told_and_ends_only_its_job(jobs):
    def sentence(_tell):
        raise InputError("No trial 'X'.")

    def fault(_tell):
        raise ZeroDivisionError

    told, broken = jobs.submit("a", sentence), jobs.submit("b", fault)
    after = jobs.submit("c", lambda tell: tell(1, 1.0))
    until(lambda: after.over)
    assert (told.state, told.error) == (JobState.FAILED, "No trial 'X'.")
    assert broken.error == "This could not be calculated (ZeroDivisionError)."
    assert after.state is JobState.DONE


def test_a_job_that_is_not_there_is_told(jobs):
    with pytest.raises(InputError, match="No calculation 'x'"):
        jobs.look("x")
