"""The RO-Crate of a folder of results: what the specification and its profile ask."""

import hashlib
import json
import re
from datetime import datetime
from urllib.parse import unquote

import pytest

from oestra.core.whole_file import CRATE
from oestra.report import manifest as manifest_module
from oestra.report.file_hash import hashes_of_named
from oestra.report.manifest import Run, record_run, write_manifest
from oestra.report.media_type import media_type

COMMAND = ["oestra", "trial", "my trial.yaml", "--seed", "7"]


def written(folder, **changes):
    """Write two files with a run below, and return the graph of the crate by id."""
    folder.mkdir()
    (folder / "table.csv").write_text("abc")
    (folder / "a b#1.parquet").write_text("")
    (folder / "below").mkdir()
    known = {
        "command": COMMAND,
        "seed": 7,
        "settings": {"patients": 40, "set": {"pace": 0.5}, "deep": True},
        "hashes": {"model": "ff"},
        "inputs": {"my trial.yaml": "aa"},
        "started": 1_000_000_000.0,
    }
    run = Run(**known | changes)
    write_manifest(folder / "below", run)
    write_manifest(folder, run)
    return read(folder)


def read(folder):
    record = json.loads((folder / CRATE).read_text(encoding="utf-8"))
    assert record["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    entities = {one["@id"]: one for one in record["@graph"]}
    assert len(entities) == len(record["@graph"])
    return entities


@pytest.fixture(scope="module")
def graph(tmp_path_factory):
    return written(tmp_path_factory.mktemp("crate") / "out")


def references(value):
    """Yield every id that a value refers to."""
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            yield value["@id"]
        for one in value.values():
            yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)


def ids(value):
    return list(references(value))


def test_the_descriptor_names_the_root_and_the_specification(graph):
    descriptor = graph["ro-crate-metadata.json"]
    assert descriptor["@type"] == "CreativeWork"
    assert ids(descriptor["about"]) == ["./"]
    assert ids(descriptor["conformsTo"]) == ["https://w3id.org/ro/crate/1.1"]


def test_the_root_has_what_it_must(graph):
    root = graph["./"]
    assert root["@type"] == "Dataset"
    assert root["name"]
    assert "not for clinical decisions" in root["description"]
    assert datetime.fromisoformat(root["datePublished"]).tzinfo
    (terms,) = ids(root["license"])
    assert graph[terms]["name"]
    assert graph[terms]["description"]
    (profile,) = ids(root["conformsTo"])
    assert re.fullmatch(r"https://w3id\.org/ro/wfrun/process/\d\.\d", profile)
    assert graph[profile]["@type"] == "CreativeWork"


def test_everything_is_an_object_of_the_graph_and_is_described_in_it(graph):
    for entity in graph.values():
        assert entity["@type"]
        for name in ids([value for key, value in entity.items() if key != "@id"]):
            assert name in graph or name.startswith("https://w3id.org/ro/crate/")


def test_every_file_is_there_with_hash_size_and_media_type(graph):
    parts = ids(graph["./"]["hasPart"])
    found = {unquote(name) for name in parts}
    assert found == {"a b#1.parquet", "table.csv", "below/", "manifest.json"}
    assert all("#" not in name and " " not in name for name in parts)
    table = graph["table.csv"]
    assert (table["@type"], table["encodingFormat"]) == ("File", "text/csv")
    assert table["contentSize"] == "3"
    assert table["sha256"] == hashlib.sha256(b"abc").hexdigest()
    assert graph["below/"]["@type"] == "Dataset"


def test_the_action_says_what_ran_on_what_and_what_came_of_it(graph):
    (place,) = ids(graph["./"]["mentions"])
    action = graph[place]
    assert action["@type"] == "CreateAction"
    assert action["name"] == "oestra trial 'my trial.yaml' --seed 7"
    (program,) = ids(action["instrument"])
    assert graph[program]["@type"] == "SoftwareApplication"
    assert graph[program]["softwareVersion"]
    given = [graph[name] for name in ids(action["object"])]
    values = {one["name"]: one.get("value", one.get("sha256")) for one in given}
    assert values == {
        "seed": 7,
        "patients": 40,
        "set": '{"pace": 0.5}',
        "deep": "true",
        "fingerprint of the model": "ff",
        "my trial.yaml": "aa",
    }
    made = ids(action["result"])
    assert set(made) == set(ids(graph["./"]["hasPart"])) - {"manifest.json"}


def test_times_are_those_of_the_manifest(graph):
    times = [graph["#run"][key] for key in ("startTime", "endTime")]
    assert times[0] == "2001-09-09T01:46:40+00:00"
    assert times == sorted(times)
    assert graph["./"]["datePublished"] == times[1]


def test_equal_runs_differ_in_nothing_but_their_times(tmp_path, monkeypatch):
    def texts(name, started):
        monkeypatch.setattr(manifest_module.time, "time", lambda: started + 2.5)
        written(tmp_path / name, started=started)
        return (tmp_path / name / CRATE).read_text(encoding="utf-8")

    times = re.compile(r"\d{4}-\d\d-\d\dT[\d:+]+")
    first, second = texts("a", 1e9), texts("b", 1.5e9)
    assert first != second
    assert times.sub("", first) == times.sub("", second)
    assert texts("c", 1e9) == first


def test_files_on_the_command_line_are_inputs_by_hash(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("mine.yaml", "data.csv", "old.json"):
        (tmp_path / name).write_text(name)
    (tmp_path / "lib" / "drugs").mkdir(parents=True)
    (tmp_path / "lib" / "drugs" / "new.yaml").write_text("new")
    (tmp_path / "lib" / "notes.txt").write_text("notes")
    words = ["mine.yaml", "--data=data.csv", "--out", "old.json", "BOLERO-2", "\0"]
    words += ["--library", "lib", "--library", "absent", "x" * 5000]
    assert hashes_of_named(words) == {
        name: hashlib.sha256(text.encode()).hexdigest()
        for name, text in (
            ("mine.yaml", "mine.yaml"),
            ("data.csv", "data.csv"),
            ("lib/drugs/new.yaml", "new"),
        )
    }
    monkeypatch.setattr("sys.argv", ["oestra", "trial", "mine.yaml"])
    assert list(record_run(seed=1).inputs) == ["mine.yaml"]


def test_media_types_do_not_depend_on_the_machine():
    assert media_type("km.svg") == "image/svg+xml"
    assert media_type("ADSL.PARQUET") == "application/vnd.apache.parquet"
    assert media_type("adsl.xpt") == "application/octet-stream"


def test_a_command_that_writes_a_folder_writes_a_crate(succeed, manifest, tmp_path):
    folder = tmp_path / "out"
    for _ in range(2):
        succeed("population", "--patients", "20", "--out", folder)
        found = read(folder)
        files = manifest(folder)["files"]
        assert CRATE not in files
        assert set(files) < set(ids(found["./"]["hasPart"]))
