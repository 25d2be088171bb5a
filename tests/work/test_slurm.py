"""Jobs through submitit, to commands that stand for those of Slurm."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from oestra.cli import main
from oestra.core.errors import InputError, OestraError
from oestra.work import slurm as slurm_module
from oestra.work.crew import Crew
from oestra.work.slurm import Slurm
from oestra.work.slurm_options import slurm_options
from oestra.work.store import open_store

pytest.importorskip("submitit", reason="needs submitit: pip install oestra[slurm]")

COMMAND = '''#!{python}
"""sbatch, squeue, scancel or srun, by its name; files of a folder are its queue."""
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

queue, words = Path("{queue}"), sys.argv[1:]


def text(name):
    file = queue / name
    return file.read_text() if file.exists() else ""


def refuse(name):
    if text(name):
        sys.exit("%s: error: %s" % (Path(sys.argv[0]).name, text(name)))


def sbatch():
    refuse("refuse")
    number = len(list(queue.glob("*.job"))) + 1
    script = Path(words[-1]).read_text()
    (queue / f"{{number}}.job").write_text(re.search("job-name=(.*)", script)[1])
    print("A site may greet its users, of job 99 too.")
    print("Submitted batch job", number)
    if text("reason"):
        return
    log = re.search("output=(.*)", script)[1].replace("%j", str(number))
    run = 'bash "$0"; echo $? >"$1"'
    place = str(queue / f"{{number}}.end")
    process = subprocess.Popen(
        ["sh", "-c", run, words[-1], place],
        stdout=open(log, "a"),
        stderr=subprocess.STDOUT,
        env=dict(os.environ, SLURM_JOB_ID=str(number)),
        start_new_session=True,
    )
    (queue / f"{{number}}.group").write_text(str(process.pid))


def squeue():
    refuse("silent")
    for job in queue.glob("*.job"):
        number = job.stem
        if text(f"{{number}}.state"):
            state = text(f"{{number}}.state")
        elif text("reason"):
            state = "PENDING"
        elif text(f"{{number}}.end"):
            state = "FAILED" if int(text(f"{{number}}.end")) else "COMPLETED"
        else:
            state = "RUNNING"
        if state != "forgotten":
            print(number, state, text("reason") or "None", sep="|")


def scancel():
    name = words[0].partition("=")[2]
    for job in queue.glob("*.job"):
        place = queue / f"{{job.stem}}.group"
        if job.read_text() == name and place.exists():
            try:
                os.killpg(int(place.read_text()), signal.SIGKILL)
            except ProcessLookupError:
                pass
        if job.read_text() == name:
            (queue / f"{{job.stem}}.state").write_text("CANCELLED")


{{"sbatch": sbatch, "squeue": squeue, "scancel": scancel}}[Path(sys.argv[0]).name]()
'''


class StandIn:
    """A queue of processes of this machine."""

    def __init__(self, folder):
        self.queue, self.commands = folder / "queue", folder / "commands"
        self.queue.mkdir()
        self.commands.mkdir()
        for name in ("sbatch", "squeue", "scancel", "srun"):
            file = self.commands / name
            file.write_text(COMMAND.format(python=sys.executable, queue=self.queue))
            file.chmod(0o755)

    def say(self, name, text):
        (self.queue / name).write_text(text)

    def no_longer(self, name):
        (self.queue / name).unlink()

    def wait(self, name):
        while not list(self.queue.glob(name)):
            time.sleep(0.02)

    @property
    def sent(self):
        return len(list(self.queue.glob("*.job")))

    def end(self):
        for group in self.queue.glob("*.group"):
            try:
                os.killpg(int(group.read_text()), signal.SIGKILL)
            except ProcessLookupError:
                continue


@pytest.fixture
def queue(tasks, tmp_path, monkeypatch):
    """A queue that is asked often."""
    found = StandIn(tmp_path)
    monkeypatch.setenv("PATH", f"{found.commands}{os.pathsep}{os.environ['PATH']}")
    for name, seconds in {"_LOOK": 0.05, "_ASK": 0.1, "_LAG": 0.5}.items():
        monkeypatch.setattr(slurm_module, name, seconds)
    yield found
    found.end()


@pytest.fixture
def crew(queue, tmp_path):
    """Jobs of the queue, two at once."""
    with Crew(Slurm(tmp_path / "jobs", slurm_options("jobs=2"))) as crew:
        yield crew


def test_jobs_give_results_and_errors_and_leave_nothing(queue, tasks, tmp_path, capfd):
    with Crew(Slurm(tmp_path / "jobs", slurm_options("default"))) as crew:
        found = [crew.submit(tasks.square, n) for n in range(3)]
        refused = crew.submit(tasks.refuses, 5)
        assert [one.result() for one in found] == [0, 1, 4]
        with pytest.raises(InputError, match="No 5"):
            refused.result()
    assert not (tmp_path / "jobs").exists()
    # Standard output is the command's own.
    assert capfd.readouterr() == ("", "")


def test_what_is_asked_for_is_written_to_the_job(queue, tasks, tmp_path):
    asked = "partition=short,account=us,constraint=avx,minutes=7,gigabytes=3"
    hands = Slurm(tmp_path / "jobs", slurm_options(asked))
    queue.say("reason", "Priority")
    with Crew(hands) as crew:
        crew.submit(tasks.square, 1)
        queue.wait("1.job")
        script = next((tmp_path / "jobs").glob("*/*submission*.sh")).read_text()
    for flag in (
        "partition=short",
        "account=us",
        "constraint=avx",
        "time=7",
        "mem=3GB",
    ):
        assert f"#SBATCH --{flag}\n" in script


def test_memory_that_is_not_asked_for_is_not_written(queue, tasks, tmp_path):
    hands = Slurm(tmp_path / "jobs", slurm_options("gigabytes=0"))
    queue.say("reason", "Priority")
    with Crew(hands) as crew:
        crew.submit(tasks.square, 1)
        queue.wait("1.job")
        script = next((tmp_path / "jobs").glob("*/*submission*.sh")).read_text()
    assert "--time" in script
    assert "--mem" not in script


def test_a_job_that_dies_is_sent_again(crew, tasks, tmp_path):
    assert crew.submit(tasks.dies_once, str(tmp_path), 2).result() == 2


def test_a_job_that_always_dies_is_told_and_its_logs_are_left(queue, tasks, tmp_path):
    def run():
        with Crew(Slurm(tmp_path / "jobs", slurm_options("default"))) as crew:
            crew.submit(tasks.dies, 1).result()

    with pytest.raises(OestraError, match=r"lost 3 times .*ended as .*gigabytes="):
        run()
    left = sorted(f.name for f in (tmp_path / "jobs").rglob("*") if f.is_file())
    assert left == [f"{number}_0_log.out" for number in (1, 2, 3)]


def test_a_job_that_slurm_forgot_is_sent_again(crew, queue, tasks):
    pending = crew.submit(tasks.slowly, 7, 600.0)
    queue.wait("1.group")
    queue.say("1.state", "forgotten")
    queue.wait("2.group")
    queue.say("2.state", "NODE_FAIL")
    queue.wait("3.group")
    assert not pending.done()


@pytest.mark.parametrize(
    ("state", "told"),
    [("TIMEOUT", r"60 min; give --slurm more minutes="),
     ("OUT_OF_MEMORY", r"4 GB; give --slurm more gigabytes=")],
)  # fmt: skip
def test_a_job_that_came_to_a_limit_is_not_sent_again(crew, queue, tasks, state, told):
    pending = crew.submit(tasks.slowly, 7, 600.0)
    queue.wait("1.group")
    queue.say("1.state", state)
    with pytest.raises(OestraError, match=told):
        pending.result()
    assert queue.sent == 1


def test_a_job_that_goes_back_to_the_queue_is_waited_for(
    crew, queue, tasks, monkeypatch
):
    monkeypatch.setattr(slurm_module, "_LAG", 4.0)
    pending = crew.submit(tasks.slowly, 7, 8.0)
    queue.wait("1.group")
    queue.say("1.state", "NODE_FAIL")
    time.sleep(0.5)
    queue.say("1.state", "PENDING")
    assert pending.result() == 7
    assert queue.sent == 1


def test_no_more_jobs_are_sent_than_asked_for(crew, queue, tasks):
    queue.say("reason", "Resources")
    pending = [crew.submit(tasks.square, n) for n in range(5)]
    queue.wait("2.job")
    time.sleep(1.0)
    assert queue.sent == 2
    assert not any(one.done() for one in pending)


def test_what_another_run_left_is_no_result(queue, tasks, tmp_path):
    for place in (tmp_path / "jobs", tmp_path / "jobs" / "oestra-0123abcd"):
        place.mkdir()
        (place / "1_0_result.pkl").write_bytes(b"another")
    with Crew(Slurm(tmp_path / "jobs", slurm_options("default"))) as crew:
        assert crew.submit(tasks.square, 3).result() == 9


def test_jobs_that_are_not_wanted_are_taken_back(queue, tasks, tmp_path):
    with Crew(Slurm(tmp_path / "jobs", slurm_options("default"))) as crew:
        crew.submit(tasks.slowly, 1, 600.0)
        queue.wait("1.group")
    assert (queue.queue / "1.state").read_text() == "CANCELLED"


def test_what_was_done_when_the_run_failed_is_kept(queue, tasks, tmp_path):
    store = open_store(str(tmp_path / "store"))

    def run():
        with Crew(Slurm(tmp_path / "jobs", slurm_options("default")), store) as crew:
            crew.submit(tasks.square, 4).result()
            late = crew.submit(tasks.slowly, 1, 600.0)
            queue.wait("2.group")
            queue.say("2.state", "TIMEOUT")
            late.result()

    with pytest.raises(OestraError, match="minutes="):
        run()
    with Crew(Slurm(tmp_path / "jobs", slurm_options("default")), store) as crew:
        assert crew.submit(tasks.square, 4).result() == 16
    assert queue.sent == 2


@pytest.mark.parametrize(
    ("said", "told"),
    [("invalid partition specified: nope", "invalid partition specified: nope"),
     ("Memory specification can not be satisfied", "Memory specification")],
)  # fmt: skip
def test_a_job_that_is_refused_is_told(queue, tasks, tmp_path, capfd, said, told):
    queue.say("refuse", said)
    with Crew(Slurm(tmp_path / "jobs", slurm_options("default"))) as crew:
        both = [crew.submit(tasks.square, 3), crew.submit(tasks.square, 4)]
        for one in both:
            with pytest.raises(InputError, match=told):
                one.result()
        with pytest.raises(InputError, match=told):
            crew.submit(tasks.square, 5).result()
    assert not (tmp_path / "jobs").exists()
    assert capfd.readouterr() == ("", "")


def test_slurm_that_is_away_for_a_while_is_waited_for(crew, queue, tasks):
    first = crew.submit(tasks.slowly, 1, 3.0)
    queue.wait("1.group")
    queue.say("silent", "Unable to contact slurm controller (connect failure)")
    queue.say("refuse", "Unable to contact slurm controller (connect failure)")
    second = crew.submit(tasks.square, 2)
    assert first.result() == 1
    assert not second.done()
    queue.no_longer("silent")
    queue.no_longer("refuse")
    assert second.result() == 4


@pytest.mark.parametrize("what", ["silent", "refuse"])
def test_slurm_that_stays_away_is_told(queue, tasks, tmp_path, monkeypatch, what):
    monkeypatch.setattr(slurm_module, "_PATIENCE", 0.5)
    with Crew(Slurm(tmp_path / "jobs", slurm_options("default"))) as crew:
        first = crew.submit(tasks.slowly, 1, 600.0)
        queue.wait("1.group")
        queue.say(what, "Unable to contact slurm controller")
        pending = [first, crew.submit(tasks.square, 2)]
        with pytest.raises(OestraError, match=r"has not answered .*--store"):
            pending[what == "refuse"].result()


def test_a_limit_on_jobs_is_waited_for(crew, queue, tasks):
    crew.submit(tasks.slowly, 1, 600.0)
    queue.wait("1.group")
    queue.say("refuse", "AssocMaxSubmitJobLimit")
    second = crew.submit(tasks.square, 2)
    time.sleep(0.5)
    queue.no_longer("refuse")
    assert second.result() == 4


@pytest.mark.parametrize(
    "reason", ["PartitionTimeLimit", "QOSMaxWallDurationPerJobLimit"]
)
def test_a_job_that_never_starts_is_told(crew, queue, tasks, reason):
    queue.say("reason", reason)
    with pytest.raises(InputError, match=f"never starts it .{reason}"):
        crew.submit(tasks.square, 3).result()


def test_why_jobs_wait_is_told_once(queue, tasks, tmp_path):
    told, came = [], threading.Event()

    def warn(text):
        told.append(text)
        came.set()

    queue.say("reason", "ReqNodeNotAvail, UnavailableNodes:one")
    hands = Slurm(tmp_path / "jobs", slurm_options("default"), warn)
    with Crew(hands) as crew:
        both = [crew.submit(tasks.square, n) for n in range(2)]
        came.wait()
        time.sleep(0.5)
        assert not any(one.done() for one in both)
    assert len(told) == 1
    assert "waiting (ReqNodeNotAvail, UnavailableNodes:one)" in told[0]


def test_a_folder_that_goes_away_is_told(crew, queue, tasks, tmp_path):
    pending = crew.submit(tasks.slowly, 1, 600.0)
    queue.wait("1.group")
    next((tmp_path / "jobs").iterdir()).rename(tmp_path / "elsewhere")
    with pytest.raises(InputError, match=r"jobs.*share, cannot be used \(No such file"):
        pending.result()


def test_options_are_read():
    found = slurm_options("partition=short, minutes=30,jobs=8")
    assert found["partition"] == "short"
    assert (found["minutes"], found["jobs"], found["gigabytes"]) == (30, 8, 4)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("partition", "NAME=VALUE"),
        ("partitoin=x", "'partition'"),
        ("minutes=soon", "whole number"),
        ("minutes=0", "1 to"),
        ("gigabytes=-1", "0 to"),
        ("", "NAME=VALUE"),
    ],
)
def test_wrong_options_are_told(text, told):
    with pytest.raises(InputError, match=told):
        slurm_options(text)


@pytest.mark.parametrize("name", ["sbatch", "squeue", "scancel", "srun"])
def test_a_machine_without_slurm_is_told(queue, name, monkeypatch, fail):
    monkeypatch.setenv("PATH", str(queue.commands))
    (queue.commands / name).unlink()
    told = fail("trial", "BOLERO-2", "--slurm", "default")
    assert f"no {name}; run it on a login node" in told


def test_slurm_that_does_not_answer_is_told(queue, fail, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    queue.say("silent", "Unable to contact slurm controller (connect failure)")
    told = fail("trial", "BOLERO-2", "--slurm", "default")
    assert "does not answer (Unable to contact slurm controller" in told
    assert not Path("oestra-slurm").exists()


def test_a_command_prints_the_same_bytes(queue, capfd, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ("trial", "BOLERO-2", "--patients", "60", "--seed", "3", "--json")
    assert main([*words, "--workers", "1"]) == 0
    alone = capfd.readouterr().out
    assert main([*words, "--slurm", "partition=short"]) == 0
    assert capfd.readouterr().out == alone
    assert queue.sent
    assert not Path("oestra-slurm").exists()
