"""``oestra export``: files that other programs read, and the errors on the way."""

import json
import math
import subprocess
import sys
import warnings
import zipfile
from importlib.util import find_spec
from xml.etree import ElementTree as Xml

import libsbml
import numpy as np
import pytest

from oestra.claims.cells import conduct
from oestra.claims.claim_library import find_claim
from oestra.culture.experiment import run_cell
from oestra.culture.readout import readouts
from oestra.network.compose import consistency_errors

S = "{http://sed-ml.org/sed-ml/level1/version4}"
M = "{http://www.w3.org/1998/Math/MathML}"
NAMES = {"sbml": "http://www.sbml.org/sbml/level3/version2/core"}
POINTS = 101
CLAIMS = ("C042", "C040", "C063")
"""One with edits of the network, one with a tumor, one with doses."""


def peer():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("roadrunner", reason="roadrunner is absent")


def simulate(text, days, symbols):
    runner = peer().RoadRunner(text)
    runner.integrator.relative_tolerance = 1e-10
    runner.integrator.absolute_tolerance = 1e-13
    table = runner.simulate(0.0, days, POINTS, ["time", *symbols])
    return dict(zip(["time", *symbols], np.array(table).T, strict=True))


class Experiment:
    """As much of SED-ML as an archive uses, carried out with RoadRunner."""

    def __init__(self, file):
        with zipfile.ZipFile(file) as archive:
            self.model = archive.read("model.xml").decode()
            self.sedml = Xml.fromstring(archive.read("experiment.sedml"))  # noqa: S314

    def all(self, tag):
        return {one.get("id"): one for one in self.sedml.iter(S + tag)}

    def changed(self, model):
        assert model.get("source") == "model.xml"
        root = Xml.fromstring(self.model)  # noqa: S314
        for change in model.iter(S + "changeAttribute"):
            path, _, attribute = change.get("target").rpartition("/@")
            (element,) = root.findall("." + path.removeprefix("/sbml:sbml"), NAMES)
            assert attribute in element.attrib
            element.set(attribute, change.get("newValue"))
        return Xml.tostring(root, encoding="unicode")

    def run(self, task):
        model = self.all("model")[task.get("modelReference")]
        course = self.all("uniformTimeCourse")[task.get("simulationReference")]
        wanted = [
            one
            for one in self.sedml.iter(S + "variable")
            if one.get("taskReference") == task.get("id")
        ]
        symbols = {
            one.get("id"): one.get("target", "'time'").split("'")[1] for one in wanted
        }
        days = float(course.get("outputEndTime"))
        asked = sorted(set(symbols.values()) - {"time"})
        table = simulate(self.changed(model), days, asked)
        return {variable: table[symbol] for variable, symbol in symbols.items()}

    def results(self):
        values = {}
        for task in self.all("task").values():
            values |= self.run(task)
        return {
            name: calculate(one.find(M + "math")[0], values)
            for name, one in self.all("dataGenerator").items()
        }


def calculate(node, values):
    tag = node.tag.removeprefix(M)
    if tag == "cn":
        return float(node.text)
    if tag == "ci":
        return values[node.text]
    operands = [calculate(one, values) for one in node[1:]]
    if node[0].tag == M + "exp":
        return np.exp(operands[0])
    assert node[0].tag == M + "times"
    return math.prod(operands)


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    """Return a function that writes the archive of a claim, once."""
    from oestra.cli import main  # noqa: PLC0415

    folder, written = tmp_path_factory.mktemp("archives"), {}

    def of(claim):
        if claim not in written:
            file = folder / f"{claim}.omex"
            words = ["export", "omex", "--claim", claim, "--out", str(file)]
            assert main(words) == 0
            written[claim] = file
        return written[claim]

    return of


@pytest.mark.parametrize("claim", CLAIMS)
def test_an_archive_gives_what_the_claim_reads(archives, claim):
    found = find_claim(claim)
    results = Experiment(archives(claim)).results()
    compared = 0
    for name in found.runs:
        run = found.run(name)
        experiment = conduct(run)
        for key, course in results.items():
            task, _, what = key.partition("__")
            if what == "time" or not (
                task == name or (run.doses and task.rpartition("_")[0] == name)
            ):
                continue
            if run.doses:
                dose = int(task.rpartition("_")[2]) - 1
                expected = experiment.read(what, key).values[dose]
            else:
                expected = experiment.read(what, key).final
            # Our side is at the tolerance of cultures, the other far below it.
            assert course[-1] == pytest.approx(expected, rel=1e-4), key
            compared += 1
    assert compared == len(results) - len(Experiment(archives(claim)).all("task"))


def test_an_archive_is_whole(archives):
    with zipfile.ZipFile(archives("C042")) as archive:
        assert archive.testzip() is None
        manifest = Xml.fromstring(archive.read("manifest.xml"))  # noqa: S314
        listed = {one.get("location"): one.attrib for one in manifest}
        names = {f"./{name}" for name in archive.namelist()}
        assert set(listed) == names | {"."}
        assert listed["./experiment.sedml"]["master"] == "true"
        assert consistency_errors(archive.read("model.xml").decode()) == []
        metadata = archive.read("metadata.rdf").decode()
    assert find_claim("C042").statement in metadata
    sedml = Experiment(archives("C042"))
    assert len(sedml.all("report")) == len(find_claim("C042").runs)
    assert set(sedml.all("plot2D")) == {"plot_irs1", "plot_p_akt"}


def test_an_archive_is_the_same_twice(archives, succeed, tmp_path):
    again = tmp_path / "again.omex"
    succeed("export", "omex", "--claim", "42", "--out", again)
    assert again.read_bytes() == archives("C042").read_bytes()


def elsewhere(code, *words):
    """Run code in another process: these libraries disturb libsbml in this one."""
    command = [sys.executable, "-W", "ignore", "-c", code, *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.skipif(find_spec("libsedml") is None, reason="libsedml is absent")
@pytest.mark.parametrize("claim", CLAIMS)
def test_libsedml_finds_nothing_wrong(archives, claim):
    code = """
import json, libsedml, sys, zipfile
text = zipfile.ZipFile(sys.argv[1]).read("experiment.sedml").decode()
document = libsedml.readSedMLFromString(text)
errors = [document.getError(i) for i in range(document.getNumErrors())]
found = [error.getMessage() for error in errors]
print(json.dumps([found, document.getLevel(), document.getVersion()]))
"""
    assert elsewhere(code, archives(claim)) == [[], 1, 4]


@pytest.mark.skipif(find_spec("libcombine") is None, reason="libcombine is absent")
def test_libcombine_opens_the_archive(archives):
    code = """
import json, libcombine, sys
archive = libcombine.CombineArchive()
assert archive.initializeFromArchive(sys.argv[1])
metadata = archive.getMetadataForLocation(".")
print(json.dumps([archive.getMasterFile().getLocation(), metadata.getDescription()]))
"""
    place, description = elsewhere(code, archives("C042"))
    assert place == "./experiment.sedml"
    assert "irs1" in description


def test_a_culture_is_archived_with_and_without_its_drug(succeed, tmp_path):
    file = tmp_path / "culture.omex"
    given = ("--line", "T47D", "--drug", "fulvestrant 100 nM", "--days", 5)
    asked = ("--readout", "er_total,ki67", "--readout", "cell_number_fold")
    succeed("export", "omex", *given, *asked, "--out", file)
    found = Experiment(file).results()
    names = ("er_total", "ki67", "cell_number_fold")
    result = run_cell("T47D", drug="fulvestrant 100 nM", days=5, readouts=names)
    for name in names:
        untreated, treated = result.final(name)
        assert found[f"untreated__{name}"][-1] == pytest.approx(untreated, rel=1e-4)
        assert found[f"treated__{name}"][-1] == pytest.approx(treated, rel=1e-4)


def test_sbml_of_a_culture_is_its_experiment(succeed):
    words = ("--line", "MCF7", "--set", "PTEN=loss", "--medium", "estradiol 0.1 nM")
    text = succeed("export", "sbml", *words, "--drug", "letrozole 10 nM")
    assert consistency_errors(text) == []
    result = run_cell(
        "MCF-7",
        set=["PTEN=loss"],
        medium="estradiol 0.1 nM",
        drug="letrozole 10 nM",
        days=4,
        readouts=["growth_rate", "er_total", "p_akt"],
    )
    for name in result.treated:
        one = readouts()[name]
        table = simulate(text, 4.0, one.symbols)
        value = one.scale * math.prod(table[symbol][-1] for symbol in one.symbols)
        assert value == pytest.approx(result.treated[name][-1], rel=1e-4), name


def test_antimony_is_text_of_the_same_model(succeed, succeed_json, tmp_path):
    text = succeed("export", "antimony")
    assert "model *oestra_cell()" in text
    assert "http://identifiers.org/uniprot/P03372" in text
    file = tmp_path / "cell.ant"
    record = succeed_json("export", "antimony", "--out", file)
    assert record["file"] == str(file)
    assert file.read_text(encoding="utf-8") == text


def test_json_names_the_archive(succeed, tmp_path):
    file = tmp_path / "reference.omex"
    record = json.loads(succeed("export", "omex", "--out", file, "--json"))
    assert record["file"] == str(file)
    assert set(Experiment(file).all("task")) == {"untreated"}


OUT = ("--out", "x.omex")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sbm"], "nearest is 'sbml'"),
        (["omex"], "with --out"),
        (["sbml", "--claim", "C042"], "--claim is part of an experiment"),
        (["antimony", "--days", "3"], "--days is part of an experiment"),
        (["petab", "--line", "MCF-7"], "leave out --line"),
        (["petab", "--days", "3"], "--days is part of an experiment"),
        (["petb"], "nearest is 'petab'"),
        (["sbml", "--drug", "fulvestrant 1 nM"], "--line"),
        (["sbml", "--line", "MCF8"], "nearest is 'MCF7'"),
        (["sbml", "--line", "MCF-7", "--drug", "fulvestrnt 1 nM"], "fulvestrant"),
        (["sbml", "--line", "MCF-7", "--drug", "fulvestrant -1 nM"], "from 0"),
        (["sbml", "--set", "PIK3CA=H1047"], "H1047R"),
        (["omex", "--claim", "C142", *OUT], "C042"),
        (["omex", "--claim", "C047", *OUT], "nearest claim with one is"),
        (["omex", "--claim", "C042", "--line", "MCF-7", *OUT], "leave out --line"),
        (["omex", "--line", "MCF-7", "--readout", "ki76", *OUT], "ki67"),
        (["omex", "--line", "MCF-7", "--days", "0", *OUT], "got 0"),
    ],
)
def test_bad_input(fail, words, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert said in fail("export", *words)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_what_was_there(fail, tmp_path):
    file = tmp_path / "kept.omex"
    file.write_text("before")
    fail("export", "omex", "--claim", "C047", "--out", file)
    assert file.read_text(encoding="utf-8") == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["kept.omex"]


def test_a_folder_is_no_file(fail, tmp_path):
    assert "it is a folder" in fail("export", "sbml", "--out", tmp_path)


def test_model_of_the_default_is_sbml(succeed):
    document = libsbml.readSBMLFromString(succeed("export"))
    assert document.getModel().getName() == "Reference cell"


PETAB = {"problem.yaml", "model.xml", "manifest.json", "ro-crate-metadata.json"} | {
    f"{name}.tsv"
    for name in (
        "parameters",
        "observables",
        "measurements",
        "conditions",
        "experiments",
    )
}


def test_petab_fills_a_folder_and_says_what_is_left_out(
    succeed_json, succeed, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    record = succeed_json("export", "petab")
    assert record["file"] == "petab"
    assert record["left_out"].keys() == {"fact"}
    folder = tmp_path / "petab"
    assert {one.name for one in folder.iterdir()} == PETAB
    rows = (folder / "measurements.tsv").read_text("utf-8").splitlines()[1:]
    assert len(rows) == sum(record["measurements"].values())
    # Its own files are replaced.
    assert str(folder) in succeed("export", "petab", "--out", folder)


def test_petab_leaves_a_foreign_folder_alone(fail, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    said = fail("export", "petab", "--out", tmp_path)
    assert "'mine.txt', which Oestra did not write" in said
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]


def test_petab_needs_a_folder_not_a_file(fail, tmp_path):
    file = tmp_path / "kept"
    file.write_text("before")
    assert "it is a file" in fail("export", "petab", "--out", file)
    assert file.read_text(encoding="utf-8") == "before"
