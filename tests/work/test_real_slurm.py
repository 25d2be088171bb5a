"""A Slurm of this user's own: a controller and two nodes on this machine."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from oestra.cli import main
from oestra.core.errors import OestraError
from oestra.work import slurm as slurm_module
from oestra.work.crew import Crew
from oestra.work.slurm import Slurm
from oestra.work.slurm_options import slurm_options
from oestra.work.store import open_store

pytest.importorskip("submitit", reason="needs submitit: pip install oestra[slurm]")

CONF = """
ClusterName=oestra
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
SlurmUser={user}
SlurmdUser={user}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdTimeout=10
KillWait=2
FirstJobId={first}
ReturnToService=2
NodeName=DEFAULT CPUs=2 RealMemory=16000
NodeName=one NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[1]}
NodeName=two NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[2]}
PartitionName=long Nodes=one,two Default=YES MaxTime=1000
PartitionName=short Nodes=one,two MaxTime=2
"""
DAEMONS = ("slurmctld", "slurmd", "munged")
NODES = ("one", "two")


def _program(name):
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")


def _version():
    told = subprocess.check_output([_program("slurmd"), "-V"], text=True)  # noqa: S603
    return tuple(int(part) for part in re.findall(r"\d+", told)[:2])


def _free_ports(count):
    with contextlib.ExitStack() as stack:
        found = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in found:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in found]


class Site:
    """The daemons, each a process that can be killed."""

    def __init__(self, folder):
        self.folder, self.running = folder, {}
        munge = folder / "munge"
        munge.mkdir()
        # Its socket must be within reach of whoever may run on a node.
        munge.chmod(0o711)
        (folder / "state").mkdir()
        for node in NODES:
            (folder / f"spool-{node}").mkdir()
        (munge / "key").write_bytes(os.urandom(1024))
        (munge / "key").chmod(0o600)
        ports = _free_ports(3)
        self.conf = folder / "slurm.conf"
        self.conf.write_text(
            CONF.format(
                folder=folder,
                host=socket.gethostname().partition(".")[0],
                ports=ports,
                user=subprocess.check_output(["id", "-un"], text=True).strip(),  # noqa: S607
                # Numbers of no other Slurm of this machine.
                first=1_000_000 + 100 * ports[0],
            )
        )
        if _version() >= (23, 2):
            # It would look for control groups, which this user may not have.
            (folder / "cgroup.conf").write_text("CgroupPlugin=disabled\n")

    def start(self):
        os.environ["SLURM_CONF"] = str(self.conf)
        munge = self.folder / "munge"
        words = [
            f"--{name}-file={munge / name}" for name in ("key", "pid", "seed", "log")
        ]
        self._run(
            "munged", "munged", "--foreground", f"--socket={munge}/socket", *words
        )
        self.wait_for((munge / "socket").exists)
        self.start_controller()
        for node in NODES:
            self.start_node(node)
        self.wait_for(lambda: self.states() == {"idle"})

    def _run(self, name, *words):
        words = [_program(words[0]), *words[1:]]
        with (self.folder / f"{name}.out").open("a") as log:
            self.running[name] = subprocess.Popen(  # noqa: S603
                words, stdout=log, stderr=log, cwd=self.folder
            )

    def start_controller(self):
        self._run("slurmctld", "slurmctld", "-D")

    def start_node(self, node):
        self._run(node, "slurmd", "-D", "-N", node)

    def stop(self, name):
        process = self.running.pop(name)
        process.terminate()
        process.wait()

    def lose_node(self, node):
        """End a node with all that runs on it, as a loss of power does."""
        jobs = [row[0] for row in self.jobs() if row[2] == node]
        process = self.running.pop(node)
        process.kill()
        process.wait()
        for number in jobs:
            for each in Path("/proc").glob("[0-9]*"):
                with contextlib.suppress(OSError):
                    titled = (each / "cmdline").read_bytes()
                    inside = (each / "environ").read_bytes()
                    mark = f"SLURM_JOB_ID={number}\0".encode()
                    if f"[{number}.batch]".encode() in titled or mark in inside:
                        os.kill(int(each.name), signal.SIGKILL)

    def say(self, *words):
        return subprocess.run(  # noqa: S603
            words, capture_output=True, text=True, check=False
        ).stdout

    def states(self):
        return set(self.say("sinfo", "-h", "-N", "-o", "%T").split())

    def jobs(self):
        """Return number, state, node and name of each job that waits or runs."""
        told = self.say("squeue", "-h", "-o", "%i|%T|%N|%j")
        return [line.split("|") for line in told.splitlines()]

    def begun(self, count=1):
        """Return the numbers of running jobs once there are so many."""
        found = []

        def enough():
            found[:] = [row[0] for row in self.jobs() if row[1] == "RUNNING"]
            return len(found) >= count

        self.wait_for(enough)
        return found

    def wait_for(self, true):
        while not true():
            for name, process in self.running.items():
                assert process.poll() is None, f"{name} ended; see {self.folder}"
            time.sleep(0.2)

    def end(self):
        if {"slurmctld", "one", "two"} <= set(self.running):
            self.say("scancel", f"--user={os.getuid()}")
            self.wait_for(lambda: not self.jobs())
        for name in list(self.running)[::-1]:
            self.stop(name)


@pytest.fixture(scope="module")
def site():
    """A Slurm; its jobs see ``SLURM_CONF``."""
    if not os.environ.get("OESTRA_SLURM"):
        pytest.skip("starts a Slurm; set OESTRA_SLURM to have it run")
    missing = [name for name in DAEMONS if _program(name) is None]
    if missing:
        pytest.skip(f"no {', '.join(missing)}: apt-get install slurm-wlm munge")
    before = os.environ.get("SLURM_CONF")
    # A socket's path is short, and its folder is not private.
    folder = Path(tempfile.mkdtemp(prefix="oestra-slurm-"))
    folder.chmod(0o755)
    found = Site(folder)
    try:
        found.start()
        yield found
    finally:
        found.end()
        if before is None:
            del os.environ["SLURM_CONF"]
        else:
            os.environ["SLURM_CONF"] = before
    shutil.rmtree(folder)


@pytest.fixture
def place(site, tmp_path, monkeypatch):
    """An empty folder to run in, and a queue without jobs of other tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(slurm_module, "_ASK", 2.0)
    site.wait_for(lambda: not site.jobs())
    yield tmp_path
    assert not (tmp_path / "oestra-slurm").exists()


@pytest.fixture
def printed(capfd):
    """Return a function that runs a command and returns what it printed."""

    def run(*words):
        assert main([str(word) for word in words]) == 0
        return capfd.readouterr().out

    return run


TRIAL = (
    *("trial", "BOLERO-2", "--patients", "60", "--replicates", "4", "--seed", "3"),
    "--json",
)
COMMANDS = {
    "trial": TRIAL,
    "claims": ("claims", "C018", "--json"),
    "design": (
        *("design", "BOLERO-2", "--power", "--patients-list", "40,60"),
        *("--replicates", "4", "--seed", "3", "--json"),
    ),
    "validate": (
        *("validate", "--sensitivity", "--sets", "20", "--patients", "100"),
        *("--most", "50", "--cohorts", "1", "--json"),
    ),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_prints_the_same_bytes(name, site, place, printed):
    alone = printed(*COMMANDS[name], "--workers", 1)
    assert printed(*COMMANDS[name], "--slurm", "partition=long,jobs=4") == alone


def test_an_ensemble_prints_the_same_bytes(site, place, printed):
    model, table = place / "model.ant", place / "table.csv"
    model.write_text("S = 1; k = 0.3; S -> ; k*S; at S < 0.5: S = S + 1")
    chance = np.random.default_rng(1)
    rows = chance.uniform((0.1, 0.6), (1, 2), (2100, 2))
    table.write_text("k,S\n" + "\n".join(f"{k},{s}" for k, s in rows))
    words = ("simulate", model, "--ensemble", table, "--points", 20, "--json")
    alone = printed(*words, "--workers", 1)
    assert printed(*words, "--slurm", "partition=long") == alone


def test_a_job_that_is_cancelled_is_sent_again(site, place, printed):
    cancelled = []

    def cancel():
        cancelled.append(site.begun()[0])
        site.say("scancel", cancelled[0])

    other = threading.Thread(target=cancel)
    other.start()
    told = printed(*TRIAL, "--slurm", "default", "--store", place / "store")
    other.join()
    assert "CANCELLED" in site.say("scontrol", "show", "job", cancelled[0])
    assert told == printed(*TRIAL, "--workers", 1)


def _kept(store):
    return {f for f in store.rglob("*") if f.is_file() and f.suffix != ".part"}


def _started(*words):
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "oestra.cli", *map(str, words)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_was_stopped_goes_on_where_it_was(number, site, place, printed):
    store = place / "store"
    child = _started(*TRIAL, "--slurm", "jobs=1", "--store", store)
    site.wait_for(lambda: len(_kept(store)) >= 2 or child.poll() is not None)
    os.killpg(child.pid, number)
    told = child.communicate()[1]
    before = {file: file.stat().st_mtime_ns for file in _kept(store)}
    assert 2 <= len(before) < 4
    if number == signal.SIGKILL:
        # Nobody could take its jobs back.
        site.say("scancel", f"--user={os.getuid()}")
        shutil.rmtree("oestra-slurm")
    else:
        assert told.strip() == "Interrupted; nothing was left half-written."
    site.wait_for(lambda: not site.jobs())
    again = printed(*TRIAL, "--slurm", "default", "--store", store)
    assert {file: file.stat().st_mtime_ns for file in _kept(store) & before.keys()} == (
        before
    )
    assert again == printed(*TRIAL, "--workers", 1)


def test_a_node_that_is_lost_gives_its_jobs_back(site, place, tasks):
    with Crew(Slurm(Path("oestra-slurm"), slurm_options("jobs=2"))) as crew:
        pending = [crew.submit(tasks.slowly, n, 20.0) for n in range(2)]
        numbers = site.begun(2)
        (node,) = {row[2] for row in site.jobs()}
        site.lose_node(node)
        try:
            site.wait_for(
                lambda: all(row[2] != node for row in site.jobs()) and site.jobs()
            )
            for number in numbers:
                # Slurm lets two minutes go by before it starts such a job again.
                site.say("scontrol", "update", f"jobid={number}", "starttime=now")
            assert [one.result() for one in pending] == [0, 1]
        finally:
            site.start_node(node)
    site.wait_for(lambda: site.states() == {"idle"})


def test_nodes_that_are_down_are_told_and_waited_for(site, place, tasks):
    told = []
    site.say("scontrol", "update", "nodename=one,two", "state=drain", "reason=test")
    options = slurm_options("default")
    with Crew(Slurm(Path("oestra-slurm"), options, told.append)) as crew:
        pending = crew.submit(tasks.square, 3)
        site.wait_for(lambda: told)
        assert not pending.done()
        site.say("scontrol", "update", "nodename=one,two", "state=resume")
        assert pending.result() == 9
    assert len(told) == 1
    assert "Slurm keeps job" in told[0]


def test_a_controller_that_restarts_is_waited_for(site, place, tasks):
    with Crew(Slurm(Path("oestra-slurm"), slurm_options("jobs=1"))) as crew:
        first = crew.submit(tasks.slowly, 1, 10.0)
        second = crew.submit(tasks.square, 2)
        site.begun()
        site.stop("slurmctld")
        # A job that runs needs no controller to give its result.
        assert first.result() == 1
        time.sleep(3.0)
        site.start_controller()
        assert second.result() == 4
    site.wait_for(lambda: site.states() == {"idle"})


def test_a_job_that_takes_too_long_is_told_and_the_rest_is_kept(site, place, tasks):
    store = open_store(str(place / "store"))

    def run():
        hands = Slurm(Path("oestra-slurm"), slurm_options("minutes=1"))
        with Crew(hands, store) as crew:
            late = crew.submit(tasks.slowly, 1, 600.0)
            assert crew.submit(tasks.square, 3).result() == 9
            late.result()

    with pytest.raises(OestraError, match=r"its 1 min; give --slurm more minutes="):
        run()
    assert len(_kept(place / "store")) == 1


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("partition=nope", "invalid partition specified: nope"),
        ("partition=short,minutes=30", "never starts it (PartitionTimeLimit)"),
        ("gigabytes=500", "Memory specification can not be satisfied"),
        ("constraint=gpu", "Invalid feature specification"),
    ],
)
def test_what_slurm_cannot_give_is_told_in_a_sentence(asked, told, site, place, fail):
    assert told in fail(*TRIAL, "--slurm", asked)
    assert not site.jobs()


def test_a_slurm_that_does_not_answer_is_told_in_a_sentence(site, place, fail):
    site.stop("slurmctld")
    try:
        assert "Slurm does not answer" in fail(*TRIAL, "--slurm", "default")
    finally:
        site.start_controller()
        site.wait_for(lambda: site.states() == {"idle"})
