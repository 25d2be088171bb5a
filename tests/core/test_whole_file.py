"""Results appear whole or not at all."""

import subprocess
import sys
from pathlib import Path

import pytest

from oestra.core.errors import InputError
from oestra.core.whole_file import whole_file, whole_folder
from oestra.report.manifest import Run, write_manifest


def test_a_folder_appears_only_at_the_end(tmp_path):
    target = tmp_path / "deep" / "results"
    with whole_folder(target) as folder:
        (folder / "table.csv").write_text("1")
        assert not target.exists()
    assert (target / "table.csv").read_text(encoding="utf-8") == "1"
    assert [path.name for path in target.parent.iterdir()] == ["results"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_an_interrupted_folder_leaves_nothing(tmp_path, error):
    def interrupted():
        with whole_folder(tmp_path / "deep" / "results") as folder:
            (folder / "half").write_text("half")
            raise error

    with pytest.raises(error):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def earlier_results(target):
    with whole_folder(target) as folder:
        (folder / "old.csv").write_text("old")
        write_manifest(folder, Run(command=["oestra"], seed=1))


def test_an_interrupt_as_soon_as_the_place_is_there_leaves_nothing(
    tmp_path, monkeypatch
):
    make = Path.mkdir

    def interrupted(self, *args, **how):
        make(self, *args, **how)
        if self.suffix == ".part":
            raise KeyboardInterrupt

    monkeypatch.setattr(Path, "mkdir", interrupted)
    with pytest.raises(KeyboardInterrupt), whole_file(tmp_path / "new.csv"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_earlier_results_are_replaced(tmp_path):
    target = tmp_path / "results"
    earlier_results(target)
    with whole_folder(target) as folder:
        (folder / "new.csv").write_text("new")
    assert [path.name for path in target.iterdir()] == ["new.csv"]


def test_an_interrupt_keeps_earlier_results(tmp_path):
    target = tmp_path / "results"
    earlier_results(target)
    with pytest.raises(KeyboardInterrupt), whole_folder(target):
        raise KeyboardInterrupt
    assert (target / "old.csv").read_text(encoding="utf-8") == "old"


def test_a_folder_of_somebody_else_is_refused(tmp_path):
    (tmp_path / "thesis.tex").write_text("precious")
    with pytest.raises(InputError, match=r"thesis\.tex"), whole_folder(tmp_path):
        pytest.fail("the work must not start")
    assert (tmp_path / "thesis.tex").read_text(encoding="utf-8") == "precious"


def earlier_comparison(target):
    with whole_folder(target) as folder:
        (folder / "one").mkdir()
        (folder / "one" / "old.csv").write_text("old")
        write_manifest(folder / "one", Run(command=["oestra"], seed=1))
        write_manifest(folder, Run(command=["oestra"], seed=1))


def test_earlier_results_with_runs_below_are_replaced(tmp_path):
    target = tmp_path / "results"
    earlier_comparison(target)
    with whole_folder(target) as folder:
        (folder / "new.csv").write_text("new")
    assert [path.name for path in target.iterdir()] == ["new.csv"]


@pytest.mark.parametrize("place", ["one/thesis.tex", "two/manifest.json/thesis.tex"])
def test_a_file_of_somebody_else_below_is_kept(tmp_path, place):
    earlier_comparison(tmp_path / "results")
    thesis = tmp_path / "results" / place
    thesis.parent.mkdir(parents=True, exist_ok=True)
    thesis.write_text("precious")
    with (
        pytest.raises(InputError, match=place.split("/")[0]),
        whole_folder(tmp_path / "results"),
    ):
        pytest.fail("the work must not start")
    assert thesis.read_text(encoding="utf-8") == "precious"


def test_a_crate_of_somebody_else_is_no_earlier_result(tmp_path):
    (tmp_path / "ro-crate-metadata.json").write_text("{}")
    with pytest.raises(InputError, match="ro-crate"), whole_folder(tmp_path):
        pytest.fail("the work must not start")


@pytest.mark.parametrize("whole", [whole_file, whole_folder])
def test_a_place_that_cannot_be_written_is_found_before_the_work(tmp_path, whole):
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(InputError, match="Cannot write"),
        whole(tmp_path / "file" / "results"),
    ):
        pytest.fail("the work must not start")


def test_a_file_keeps_its_old_content_on_error(tmp_path):
    target = tmp_path / "model.xml"
    target.write_text("old")

    def fails():
        with whole_file(target) as fresh:
            fresh.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert target.read_text(encoding="utf-8") == "old"
    with whole_file(target) as fresh:
        fresh.write_text("new")
    assert target.read_text(encoding="utf-8") == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["model.xml"]


def test_a_file_cannot_replace_a_folder(tmp_path):
    with pytest.raises(InputError, match="is a folder"), whole_file(tmp_path):
        pytest.fail("the work must not start")


def test_what_a_killed_run_left_goes_with_the_next(tmp_path):
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from oestra.core.whole_file import whole_folder\n"
        "with whole_folder(Path(sys.argv[1])) as folder:\n"
        "    (folder / 'half').write_text('x')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    target = tmp_path / "out"
    done = subprocess.run(  # noqa: S603 - the script above
        [sys.executable, "-c", script, str(target)], check=False
    )
    assert done.returncode < 0
    assert len(list(tmp_path.iterdir())) == 1
    with whole_folder(target) as folder:
        (folder / "whole").write_text("x")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
