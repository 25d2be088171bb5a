"""Workers that die are replaced, others refused; results come in order."""

import time
from contextlib import suppress

import pytest

from oestra.core.errors import InputError, OestraError
from oestra.work import crew as crew_module
from oestra.work.crew import Crew
from oestra.work.each import in_order
from oestra.work.plan import Plan
from oestra.work.processes import Processes


@pytest.fixture(scope="module")
def pair(tasks):
    """Two processes; ``tasks`` must be importable in them."""
    with Crew(Processes(2)) as crew:
        yield crew


def test_results_come_in_order(pair, tasks):
    calls = ((n, 0.05 * (n % 3)) for n in range(12))
    with in_order(pair, tasks.slowly, calls) as results:
        assert list(results) == list(range(12))


def test_few_tasks_are_sent_ahead(pair, tasks):
    taken = []

    def calls():
        for n in range(100):
            taken.append(n)
            yield (n,)

    with in_order(pair, tasks.square, calls()) as results:
        assert next(results) == 0
        assert len(taken) <= 10
        assert sum(results) == sum(n * n for n in range(1, 100))


def test_two_processes_do_the_work(pair, tasks):
    with in_order(pair, tasks.process, ((n,) for n in range(40))) as results:
        assert 1 <= len(set(results)) <= 2


def test_workers_live_in_the_environment_of_their_command(pair, tasks, monkeypatch):
    assert pair.submit(tasks.variable, "OESTRA_TEST_WORD").result() is None
    monkeypatch.setenv("OESTRA_TEST_WORD", "later")
    with Crew(Processes(1)) as crew:
        assert crew.submit(tasks.variable, "OESTRA_TEST_WORD").result() == "later"


def test_an_error_of_a_task_arrives_as_it_is(pair, tasks):
    with pytest.raises(InputError, match="No 7"):
        pair.submit(tasks.refuses, 7).result()


def test_a_worker_that_is_killed_is_replaced(pair, tasks, tmp_path):
    with in_order(pair, tasks.dies_once, ((str(tmp_path), n) for n in range(6))) as got:
        assert list(got) == list(range(6))
    assert (tmp_path / "died-2").exists()


def test_a_task_that_kills_its_workers_is_told(pair, tasks):
    with pytest.raises(OestraError, match=r"lost 3 times .* --workers"):
        pair.submit(tasks.dies, 1).result()
    assert pair.submit(tasks.square, 3).result() == 9


def test_a_worker_of_another_version_is_refused(pair, tasks, monkeypatch):
    monkeypatch.setattr(crew_module, "release", lambda: "0123456789")
    with pytest.raises(OestraError, match=r"another version of Oestra .* 01234567"):
        pair.submit(tasks.square, 3).result()


def test_an_interrupt_ends_the_processes(tasks):
    began = time.monotonic()
    with suppress(KeyboardInterrupt), Crew(Processes(1)) as crew:
        crew.submit(tasks.slowly, 1, 300.0)
        crew.submit(tasks.square, 1)
        raise KeyboardInterrupt
    assert time.monotonic() - began < 200


def test_only_one_kind_of_workers_can_be_named():
    with pytest.raises(InputError, match="--workers and --cluster"):
        Plan(workers=2, cluster="local:2")


def test_little_work_is_done_by_threads():
    with Plan(workers=2).open(seconds=1.0) as workers:
        assert workers == 2
    with Plan(workers=1).open() as workers:
        assert workers == 1
