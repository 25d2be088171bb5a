"""Measurements on cell lines: what ships, and what is refused."""

from collections import Counter

import pytest

from oestra.core.errors import InputError
from oestra.evidence.cell_measurement import (
    COLUMNS,
    CellMeasurement,
    Direction,
    cell_measurements,
    read_measurements,
)
from oestra.evidence.published import sources

ALL = cell_measurements()
ROW = dict.fromkeys(COLUMNS, "") | {
    "id": "x1",
    "source": "he2025",
    "line": "MCF-7",
    "time_h": "24",
    "readout": "cell_number_fold",
    "value": "1.7",
    "scale": "cells over cells at time 0",
    "sd": "0.1",
    "n": "3",
}


def read(tmp_path, *, head=COLUMNS, **changes):
    file = tmp_path / "mine.csv"
    cells = (ROW | changes).values()
    file.write_text(f"{','.join(head)}\n{','.join(cells)}\n", encoding="utf-8")
    return list(read_measurements(file))


def test_every_row_ships_with_a_source_and_its_noise():
    assert len(ALL) == 1081
    assert {one.source for one in ALL} <= set(sources())
    for one in ALL:
        if isinstance(one.value, float):
            assert one.error_from, one.id


def test_kinds_are_the_files():
    assert Counter(one.kind for one in ALL) == {
        "ligand_timecourse": 572,
        "basal_levels": 352,
        "growth_timecourse": 53,
        "drug_response": 39,
        "directions": 33,
        "protein_timecourse": 32,
    }


def test_a_direction_is_no_number():
    assert all(
        isinstance(one.value, Direction) or one.readout == "growth rate"
        for one in ALL
        if one.scale.startswith("up / down / same")
    )


def test_sources_whose_terms_are_in_doubt_do_not_ship():
    doubtful = {"gcsi", "gdsc", "ctrp", "ccle", "yip2024"}
    assert not doubtful & {one.source for one in ALL}


def test_a_row_reads_as_written(tmp_path):
    (found,) = read(tmp_path)
    assert isinstance(found, CellMeasurement)
    assert (found.value, found.sd, found.n, found.kind) == (1.7, 0.1, 3, "mine")
    (found,) = read(tmp_path, value="up", sd="", n="")
    assert (found.value, found.sd, found.n) == (Direction.UP, None, None)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"value": "high"}, "line 2: value must be a number, got 'high'"),
        ({"value": ""}, "value must not be empty"),
        ({"value": "nan"}, "value must be a number"),
        ({"sd": "-1"}, "sd must be a number of at least 0, got '-1'"),
        ({"n": "0"}, "n must be a number of at least 1"),
        ({"time_h": "-2"}, "time_h must be a number of at least 0"),
        ({"source": ""}, "source must not be empty"),
        ({"note": "a,b"}, "16 cells for 15 columns"),
        ({"head": COLUMNS[:-1]}, "must have the columns"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(tmp_path, changes, told):
    with pytest.raises(InputError) as caught:
        read(tmp_path, **changes)
    assert told in str(caught.value)
