"""A real Dask scheduler with worker processes of its own."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from oestra.core.errors import InputError
from oestra.work.cluster import Cluster
from oestra.work.crew import Crew
from oestra.work.each import in_order

pytest.importorskip("distributed", reason="needs Dask: pip install oestra[cluster]")
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def _free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Site:
    """A scheduler and its workers, each a process that can be killed."""

    def __init__(self, folder):
        self.port, self.folder = _free_port(), folder
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.scheduler, self.workers = None, []
        self.start_scheduler()
        self.add_worker()
        self.add_worker()

    def _run(self, *words):
        log = (self.folder / "log").open("a")
        return subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]],
            stdout=log, stderr=log, cwd=self.folder,
        )  # fmt: skip

    def start_scheduler(self):
        words = ("--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard")
        self.scheduler = self._run("dask_scheduler", *words)

    def add_worker(self):
        words = ("--nthreads", "1", "--no-nanny", "--no-dashboard")
        self.workers.append(self._run("dask_worker", self.address, *words))

    def end(self):
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def site(tasks, tmp_path):
    """A scheduler and two workers."""
    site = Site(tmp_path)
    yield site
    site.end()


def _crew(site):
    until = time.monotonic() + 90
    while True:
        try:
            hands = Cluster(site.address, timeout=30.0)
        except InputError:
            if time.monotonic() > until:
                raise
            continue
        hands._client.wait_for_workers(2, timeout=90)
        return Crew(hands)


def test_a_worker_that_is_killed_and_a_slow_one_change_nothing(site, tasks, tmp_path):
    site.add_worker()
    with _crew(site) as crew:
        first = [crew.submit(tasks.slowly, n, 0.2) for n in range(4)]
        slow = crew.submit(tasks.slowly, 99, 3.0)
        with in_order(
            crew, tasks.dies_once, ((str(tmp_path), n) for n in range(8))
        ) as results:
            assert list(results) == list(range(8))
        assert [one.result() for one in first] == list(range(4))
        assert slow.result() == 99
    assert (tmp_path / "died-2").exists()


def test_a_scheduler_that_restarts_is_waited_for(site, tasks):
    with _crew(site) as crew:
        assert crew.submit(tasks.square, 3).result() == 9
        pending = [crew.submit(tasks.slowly, n, 1.0) for n in range(6)]
        time.sleep(1.0)
        for process in (site.scheduler, *site.workers):
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        site.start_scheduler()
        site.add_worker()
        site.add_worker()
        assert [one.result(timeout=120) for one in pending] == list(range(6))


def test_a_library_part_is_sent_once(site, tasks, tmp_path):
    from oestra.core.library import library_of  # noqa: PLC0415
    from oestra.core.parameter_set import ParameterSet  # noqa: PLC0415

    (tmp_path / "mine" / "drugs").mkdir(parents=True)
    (tmp_path / "mine" / "drugs" / "a.yaml").write_text("a: 1")
    chosen = ParameterSet({"a": 2.0}, library_of([tmp_path / "mine"]))
    with _crew(site) as crew:
        assert [crew.submit(len, chosen).result() for _ in range(3)] == [1, 1, 1]


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:1", "no such thing", "local:0", "local:x", "local:"]
)
def test_a_wrong_address_is_told(address):
    with pytest.raises(InputError, match="local:") as told:
        Cluster(address, timeout=1.0)
    assert address in str(told.value)
