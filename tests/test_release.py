"""What names the release says the same everywhere."""

import re
import runpy
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def project():
    return tomllib.loads(text("pyproject.toml"))["project"]


@pytest.fixture(scope="module")
def citation():
    return YAML(typ="safe").load(text("CITATION.cff"))


def test_the_citation_is_of_this_version_and_its_day(project, citation):
    assert citation["version"] == project["version"] == version("oestra")
    heading = f"## [{project['version']}] - {citation['date-released']}\n"
    assert heading in text("CHANGELOG.md")
    assert citation["license"] == project["license"]


def test_authors_are_the_same_everywhere(project, citation):
    cited = [one["name"] for one in citation["authors"]]
    assert cited == [one["name"] for one in project["authors"]]
    assert all(name in text("LICENSE") for name in cited)


def test_codemeta_is_what_the_project_and_the_citation_say():
    assert (
        text("codemeta.json")
        == runpy.run_path(str(ROOT / ".ci/codemeta.py"))["written"]()
    )


def test_the_changelog_has_one_place_for_what_comes_and_then_versions_downward():
    headings = re.findall(r"^## \[(.*?)\]", text("CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == "Unreleased"
    numbers = [tuple(map(int, one.split("."))) for one in headings[1:]]
    assert numbers == sorted(set(numbers), reverse=True)


def test_results_that_change_raise_the_minor_version():
    parts = re.split(r"^## \[", text("CHANGELOG.md"), flags=re.MULTILINE)[2:]
    moved = [part for part in parts if "### Results changed" in part]
    assert moved
    for part in moved:
        assert re.match(r"\d+\.\d+\.0\]", part), part.split("\n")[0]
