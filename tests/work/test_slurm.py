"""Jobs through submitit; its local scheduler stands for Slurm."""

import pytest

from oestra.core.errors import InputError, OestraError
from oestra.work.crew import Crew
from oestra.work.slurm import Slurm, slurm_options

pytest.importorskip("submitit", reason="needs submitit: pip install oestra[slurm]")
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture
def crew(tasks, tmp_path):
    """Jobs of this machine."""
    with Crew(Slurm(tmp_path / "jobs", slurm_options("default"), "local")) as crew:
        yield crew


def test_jobs_give_results_and_errors(crew, tasks):
    found = [crew.submit(tasks.square, n) for n in range(3)]
    refused = crew.submit(tasks.refuses, 5)
    assert [one.result() for one in found] == [0, 1, 4]
    with pytest.raises(InputError, match="No 5"):
        refused.result()


def test_a_job_that_dies_is_sent_again_and_then_told(crew, tasks, tmp_path):
    assert crew.submit(tasks.dies_once, str(tmp_path), 2).result() == 2
    with pytest.raises(OestraError, match="lost 3 times"):
        crew.submit(tasks.dies, 1).result()


def test_options_are_read():
    found = slurm_options("partition=short, minutes=30,jobs=8")
    assert found["slurm_partition"] == "short"
    assert (found["timeout_min"], found["slurm_array_parallelism"]) == (30, 8)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("partition", "NAME=VALUE"),
        ("partitoin=x", "partition"),
        ("minutes=soon", "whole number"),
        ("minutes=0", "1 to"),
        ("", "NAME=VALUE"),
    ],
)
def test_wrong_options_are_told(text, told):
    with pytest.raises(InputError, match=told):
        slurm_options(text)


def test_a_machine_without_slurm_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="login node"):
        Slurm(tmp_path / "jobs", slurm_options("default"))
