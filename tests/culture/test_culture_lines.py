"""The files of cell lines, media, readouts and what they refer to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.core.errors import InputError
from oestra.culture.genotype import Genotype, parse_genotype
from oestra.culture.hormones import medium_parameters
from oestra.culture.medium import Condition, parse_condition, parse_step
from oestra.culture.readout import find_readout, readouts
from oestra.culture.substance import substances
from oestra.model.parameters import best_parameters
from oestra.network.cell_line import cell_lines, find_line, read_line

NEEDED = (
    "MCF-7", "T47D", "BT-474", "ZR-75-1", "MCF-7/HER2-18", "MCF-7 LTED", "MCF-7Aro",
    "T47D/Aro", "MCF-7 myr-AKT", "MCF-7 Y537S", "MCF-7 Y537N", "MCF-7 D538G",
    "MCF-7 PTEN knockdown",
)  # fmt: skip

WHOLE = """\
id: X
description: A line.
medium: {estradiol: {value: 1, unit: nM, interval: [0, 2], origin: assumed, reason: r}}
doubling_time: {value: 30, unit: hour, interval: [24, 40], origin: assumed, reason: r}
apoptosis_rate: {value: 0.1, unit: 1/day, interval: [0, 1], origin: assumed, reason: r}
ki67: {value: 50, unit: "%", interval: [20, 90], origin: assumed, reason: r}
"""


def read(tmp_path, text):
    file = tmp_path / "X.yaml"
    file.write_text(text, encoding="utf-8")
    return read_line(file, cell_lines())


@pytest.mark.parametrize("name", NEEDED)
def test_a_line_stands_on_names_that_exist(name):
    line = find_line(name)
    assert set(line.medium) <= set(substances())
    assert Genotype().parameters(line, best_parameters()) is not None
    assert medium_parameters({n: q.value for n, q in line.medium.items()}, None)
    for text in line.pretreatment:
        assert parse_step(text).days > 30


def test_long_deprived_cells_differ_by_their_history_alone():
    line, parent = find_line("LTED"), find_line("MCF-7")
    assert line.alterations == parent.alterations
    assert line.traits == parent.traits
    assert line.pretreatment
    assert line.untouched is parent
    assert line.founder is parent


def test_names_of_lines_are_told_apart():
    names = [n for line in cell_lines().values() for n in (line.id, *line.aliases)]
    plain = ["".join(c for c in n.casefold() if c not in " -_/.") for n in names]
    owners = dict(zip(plain, names, strict=True))
    for name in names:
        assert find_line(name).id
    assert len({find_line(n).id for n in owners.values()}) == len(cell_lines())


def test_a_whole_file_is_read(tmp_path):
    line = read(tmp_path, WHOLE)
    assert line.doubling_time is not None
    assert line.doubling_time.value == 30.0


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("unit: hour", "unit: day", ["doubling_time", "hour"]),
        ("value: 30", "value: 50", ["outside"]),
        ("value: 1, unit: nM", "value: 1, unit: pM", ["estradiol", "nM"]),
        ("id: X", "id: X\nparent: MCF8", ["MCF8", "MCF-7"]),
        ("id: X", "id: X\nkaryotype: odd", ["karyotype"]),
        ("ki67: {", "other: {", ["X.yaml"]),
        (WHOLE, "id: X\ndescription: A line.", ["without a parent", "ki67"]),
        (WHOLE, "[1, 2]", ["fields of one cell line"]),
        ("id: X", "id: [", ["X.yaml, line 3", "expected"]),
    ],
)
def test_a_broken_file_is_explained(tmp_path, old, new, words):
    with pytest.raises(InputError) as error:
        read(tmp_path, WHOLE.replace(old, new, 1))
    message = str(error.value)
    assert message.startswith("X.yaml")
    assert all(word in message for word in words), message


def test_every_readout_is_found_by_all_its_names():
    for readout in readouts().values():
        for name in (readout.name, *readout.aliases):
            assert find_readout(name) is readout


def test_lesions_by_other_names_of_their_genes():
    changes = dict(parse_genotype(["her2=AMPLIFIED", "pten=wt"]).changes)
    assert changes == {"ERBB2": "amplification", "PTEN": "wild-type"}
    assert Genotype((("PTEN", "wild-type"),)).of(find_line("ZR-75-1")) == {}


@given(
    st.dictionaries(
        st.sampled_from(["estradiol", "EGF", "fulvestrant", "PF-04691502"]),
        st.floats(0.0, 9e5).map(lambda level: float(f"{level:.4g}")),
        min_size=1,
    )
)
def test_what_a_condition_writes_it_reads(levels):
    text = " + ".join(f"{name} {level:.4g} nM" for name, level in levels.items())
    condition = parse_condition(text)
    again = parse_condition(str(condition))
    assert again == condition
    assert {**again.substances, **again.drugs} == pytest.approx(levels, rel=1e-9)


def test_nothing_is_written_as_none():
    assert str(Condition()) == "none"
    assert parse_condition("none") == Condition()
