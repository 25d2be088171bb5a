"""Very many patients through one arm: what a part depends on, and going on."""

import hashlib
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from oestra.core.errors import InputError
from oestra.core.library import SHIPPED
from oestra.model.parameters import best_parameters
from oestra.trial.arm_folder import ArmFolder
from oestra.trial.arm_part import arm_run, simulate_part
from oestra.trial.arm_stream import follow_arm
from oestra.trial.designs import find_design


@pytest.fixture(scope="module")
def run():
    return arm_run(find_design("BOLERO-2"), "EXE", best_parameters(SHIPPED), 5)


@pytest.fixture(scope="module")
def whole(run, tmp_path_factory):
    folder = ArmFolder(
        path=tmp_path_factory.mktemp("arm") / "whole", run=run, patients=50, size=20
    )
    folder.open()
    assert follow_arm(folder) == 0
    return folder


def content(folder):
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.path.glob("part-*.parquet")
    }


def test_every_patient_is_there_once(whole):
    patient = np.concatenate(
        [pq.read_table(whole.place(part))["patient"] for part in whole.parts()]
    )
    assert patient.tolist() == list(range(50))


def test_processes_write_the_same_bytes(whole, tmp_path):
    other = replace(whole, path=tmp_path / "two")
    other.open()
    follow_arm(other, workers=2)
    assert content(other) == content(whole)


def test_a_part_does_not_depend_on_the_others(whole):
    last = whole.parts()[-1]
    alone = simulate_part(last).to_pandas()
    pd.testing.assert_frame_equal(alone, pd.read_parquet(whole.place(last)))


def test_a_run_goes_on_and_keeps_what_is_there(whole, tmp_path):
    cut = replace(whole, path=tmp_path / "cut")
    cut.open()
    first, second, _ = cut.parts()
    cut.place(first).write_bytes(whole.place(first).read_bytes())
    cut.place(second).write_bytes(whole.place(second).read_bytes()[:-100])
    (cut.path / f".{cut.place(second).name}.part").write_bytes(b"half")
    cut.open()
    assert follow_arm(cut) == 20
    assert content(cut) == content(whole)


def test_more_patients_are_added(whole, tmp_path):
    few = replace(whole, path=tmp_path / "few", patients=20)
    few.open()
    follow_arm(few)
    more = replace(few, patients=50)
    more.open()
    assert follow_arm(more) == 20
    assert content(more) == content(whole)
    with pytest.raises(InputError, match="more than 20 patients"):
        few.open()


def test_another_run_is_refused(whole, run):
    other = replace(whole, run=arm_run(run.design, "EXE+EVE", run.parameters, 5))
    with pytest.raises(InputError, match=r"holds another run.*arm EXE, seed 5"):
        other.open()


def test_foreign_files_are_refused(whole, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match=r"mine\.txt"):
        replace(whole, path=tmp_path).open()


def test_the_numbers_are_read_back_with_codes_for_words(whole):
    table = whole.table()
    assert len(table) == 50
    assert set(table["best_response"]) <= set(range(6))
    assert table["pfs_day"].ge(0).all()


def test_copies_in_different_parts_meet_chance_anew(whole):
    table = whole.table()
    copies = table[table.duplicated("pool_patient", keep=False)]
    again = copies.groupby("pool_patient")["os_day"].nunique()
    assert (again > 1).any() or copies.empty
