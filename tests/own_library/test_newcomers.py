"""Mistakes of people who bring their first files: each is told where it is made."""

import pytest

from oestra.cli import main
from oestra.core.errors import InputError
from oestra.core.library import Library
from oestra.network.cell_line import find_line
from oestra.own_library.check import check_library

NUMBER = (
    "{{value: {}, unit: {}, interval: [{}, {}], origin: assumed, reason: invented}}"
)
MAXIMUM = NUMBER.format(0.95, '"1"', 0.8, 1)
DRUG = f"""\
id: newib
class: CDK4/6 inhibitor
mechanism: invented
molar_mass: {NUMBER.format(450, "g/mol", 449, 451)}
fraction_unbound: {NUMBER.format(0.1, '"1"', 0.05, 0.2)}
standard_regimens: [newib 300 mg daily]
kinetics:
  model: oral
  parameters:
    absorption_rate: {NUMBER.format(0.5, "1/hour", 0.2, 1.5)}
    clearance: {NUMBER.format(25, "L/hour", 12, 60)}
    volume: {NUMBER.format(900, "L", 450, 1800)}
targets:
  - target: "CDK4/6:kinase inhibitor"
    potency: {NUMBER.format(10, "nM", 2, 50)}
    max_effect: {MAXIMUM}
    assay: in cells
washout: {NUMBER.format(7, "day", 4, 10)}
"""
LINE = "id: MYL\ndescription: A clone.\nparent: MCF-7\n"
KI67 = f"ki67: {NUMBER.format(300, '%', 1, 400)}\n".replace("%", '"%"')


@pytest.fixture
def told(tmp_path):
    """Return a function that gives the faults of files as lines of text."""

    def check(files):
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        found = check_library([tmp_path]).faults
        short = (one.file.removeprefix(f"{tmp_path}/") for one in found)
        return [
            f"{file}:{one.line}: {one.problem}"
            for file, one in zip(short, found, strict=True)
        ]

    return check


def drug(*pairs):
    text = DRUG
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return {"drugs/newib.yaml": text}


def test_a_drug_of_these_files_has_no_fault(told):
    assert told(drug()) == []


DRUGS = {
    "a bare number": (
        (NUMBER.format(25, "L/hour", 12, 60), "25"),
        "newib.yaml:11: kinetics.parameters.clearance must be a mapping with the keys "
        "value, unit, interval",
    ),
    "no interval": (
        (", interval: [12, 60]", ""),
        "newib.yaml:11: the key 'kinetics.parameters.clearance.interval' is missing.",
    ),
    "an interval of one": (
        ("[12, 60]", "12"),
        "newib.yaml:11: kinetics.parameters.clearance.interval must be a list, got 12.",
    ),
    "a decimal comma": (
        ("value: 0.5, unit: 1/hour, interval: [0.2,",
         "value: 0,5, unit: 1/hour, interval: [0,"),
        "newib.yaml:10: kinetics.parameters.absorption_rate: a key must be a text, got "
        "5; decimals have a point.",
    ),
    "a unit without quotes": (
        ('unit: "1", interval: [0.05', "unit: 1, interval: [0.05"),
        "newib.yaml:5: fraction_unbound.unit must be a text, got 1.",
    ),
    "a word for a number": (
        ("value: 25,", "value: yes,"), "clearance.value must be a number, ",
    ),
    "a class of its own": (
        ("class: CDK4/6 inhibitor", "class: CDK7 inhibitor"),
        "nearest is 'CDK4/6 inhibitor', got 'CDK7 inhibitor'.",
    ),
    "a text for a list": (
        ("standard_regimens: [newib 300 mg daily]",
         "standard_regimens: newib 300 mg daily"),
        "newib.yaml:6: standard_regimens must be a list, got 'newib 300 mg daily'.",
    ),
    "a regimen of another drug": (
        ("newib 300 mg daily", "palbociclib 125 mg daily"),
        "newib.yaml:6: 'palbociclib 125 mg daily' does not give newib.",
    ),
    "no maximum": (
        (f"    max_effect: {MAXIMUM}\n", ""),
        "newib.yaml:14: CDK4/6:kinase inhibitor needs a max_effect: the share",
    ),
    "a slash": (("id: newib", "id: new/ib"), "newib.yaml:1: 'new/ib' cannot be an id"),
    "its own metabolite": (
        ("targets:", "metabolites:\n  - {drug: newib, ratio: "
         f"{NUMBER.format(1, chr(34) + '1' + chr(34), 0, 2)}, half_life: "
         f"{NUMBER.format(9, 'hour', 1, 20)}}}\ntargets:"),
        "newib.yaml:14: newib cannot be its own metabolite.",
    ),
    "a partner that no regimen names": (
        ("washout:", "interactions:\n  - {partner: everolimos, fact: x, "
         f"exposure_factor: {NUMBER.format(2, chr(34) + '1' + chr(34), 1, 3)}}}\n"
         "washout:"),
        "newib.yaml:19: No drug 'everolimos'; nearest is 'everolimus'.",
    ),
    "an indent by a tab": (
        ("  model: oral", "\tmodel: oral"),
        "newib.yaml:8: a tab stands where spaces indent.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", DRUGS)
def test_a_fault_of_a_drug_is_one_sentence(kind, told):
    pair, sentence = DRUGS[kind]
    found = told(drug(pair))
    if kind == "a decimal comma":
        found = [one for one in found if "outside" not in one]
    assert len(found) == 1, found
    assert sentence in found[0]


@pytest.mark.parametrize(("text", "given"), [("", "nothing"), ("- a\n", "a list")])
def test_what_is_no_record_says_so(text, given, told):
    (found,) = told({"drugs/newib.yaml": text})
    assert f"{given}; a mapping with the keys id, " in found
    assert "drug_class" not in found


@pytest.mark.parametrize("name", ["new ib", "123", "a+b"])
def test_an_id_that_no_regimen_can_say_is_told(name, told):
    text = DRUG.replace("id: newib", f"id: '{name}'").replace(
        "[newib 300 mg daily]", "[]"
    )
    (found,) = told({f"drugs/{name}.yaml": text})
    assert f"{name!r} cannot be told in a regimen" in found


def test_a_drug_of_dishes_may_have_any_name_and_no_kinetics(
    told, tmp_path, succeed_json
):
    start, end = DRUG.index("standard_regimens"), DRUG.index("targets:")
    text = (DRUG[:start] + DRUG[end:]).replace("newib", "new ib")
    assert (
        told({"drugs/new ib.yaml": text.replace("CDK4/6 inhibitor", "other", 1)}) == []
    )
    asked = ("--drug", "new ib 100 nM", "--days", "1", "--readout", "ki67")
    found = succeed_json("cell", "MCF-7", "--library", tmp_path, *asked)
    untreated, treated = (
        found["readouts"]["ki67"][k][-1] for k in ("untreated", "treated")
    )
    assert treated < untreated


def test_files_that_nothing_reads_are_told(told):
    files = {
        "drugs/newib.yaml": DRUG,
        "drugs/more/other.yaml": DRUG,
        "drugs/upper.YAML": DRUG,
        "drugs/windows.yaml.txt": DRUG,
        "drugs/._newib.yaml": "\0",
        "drugs/notes.md": "x",
        "newib.yaml": DRUG,
        "README.md": "x",
    }
    found = told(files)
    assert [one.split(":")[0] for one in found] == [
        "drugs/more", "drugs/upper.YAML", "drugs/windows.yaml.txt", "newib.yaml",
    ]  # fmt: skip


def test_a_folder_that_is_nearly_a_library_says_what_is_near(tmp_path):
    (tmp_path / "Drugs").mkdir()
    with pytest.raises(InputError, match="'Drugs' is nearest to 'drugs'"):
        Library((tmp_path,))
    (tmp_path / "drugs").mkdir(exist_ok=True)
    with pytest.raises(InputError, match=r"it is such a folder, and .* the library"):
        Library((tmp_path / "drugs",))


LINES = {
    "its own parent": (LINE.replace("MCF-7", "MYL"), "MYL cannot be its own parent"),
    "a name that ships": (LINE + "aliases: [T-47D]\n", "names a cell line 'T-47D', as"),
    "more than all": (LINE + KI67, "number, at most 100, of %, got 300 %"),
    "a text for a list": (
        LINE + "pretreatment: estradiol 0 nM for 9 days\n",
        "pretreatment must be a list, got 'estradiol 0 nM for 9 days'",
    ),
}


@pytest.mark.parametrize("kind", LINES)
def test_a_fault_of_a_line_is_told(kind, told):
    text, sentence = LINES[kind]
    (found,) = told({"cell_lines/MYL.yaml": text})
    assert sentence in found


def test_a_line_that_ships_is_not_taken_over(tmp_path):
    (tmp_path / "cell_lines").mkdir()
    (tmp_path / "cell_lines" / "MYL.yaml").write_text(LINE + "aliases: [t47d]\n")
    with pytest.raises(InputError, match="choose another name"):
        find_line("T47D", Library((tmp_path,)))
    assert find_line("T47D").id == "T47D"


PATHWAY = (
    "substanceOnly species foo in cell;\nmake_foo: -> foo; k_foo;\n"
    "lose_foo: foo -> ; kd_foo * foo;\n"
)
RATE = NUMBER.format(1, "1/day", 0, 2)
RATES = f"k_foo: {RATE}\nkd_foo: {RATE}\n"
PATHWAYS = {
    "a reaction twice": (
        "make_foo: -> foo; kd_foo;\n",
        "foo.ant:4: 'make_foo' stands on line 2 of foo.ant already",
    ),
    "a quantity that ships": ("er_total := foo;\n", "'er_total' stands on line "),
    "an event": ("at (time > 2): foo = 1;\n", "foo.ant:4: an event"),
    "a species of nobody": (
        "lose_bar: bar -> ; kd_foo * bar;\n",
        "foo.ant:4: 'bar' is not declared; write 'substanceOnly species bar in cell;'",
    ),
    "another alphabet": (
        "\u00b5 := 1;\n",
        "foo.ant:4: names are of the letters a to z",
    ),
}


@pytest.mark.parametrize("kind", PATHWAYS)
def test_a_fault_of_a_pathway_is_told(kind, told, tmp_path, capsys):
    more, sentence = PATHWAYS[kind]
    files = {"pathways/foo.ant": PATHWAY + more, "parameters/foo.yaml": RATES}
    (found,) = told(files)
    assert sentence in found
    assert main(["cell", "MCF-7", "--library", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


CLAIM = """\
id: OC-1
statement: s
section: own work
references: []
evidence: weak
level: cell
origin: emergent
runs:
  a: {line: MCF-7, days: 1}
checks:
  - {measure: m, value: "VALUE", expect: "> 1", why: w}
"""


@pytest.mark.parametrize(
    "value", ["a.ki67 // 2", "a.ki67 ** 2", "a.ki67 > 1", "a", "[1]"]
)
def test_an_expression_that_could_not_be_worked_out_is_told(value, told):
    (found,) = told({"claims/OC-1.yaml": CLAIM.replace("VALUE", value)})
    assert "OC-1.yaml:11: The expression " in found
    assert "allowed are numbers, run.readout, + - * /" in found


def test_what_expressions_may_hold_has_no_fault(told):
    value = "-(a.ki67 + 2) * 1.5 / a.growth_rate - a.ki67"
    assert told({"claims/OC-1.yaml": CLAIM.replace("VALUE", value)}) == []
