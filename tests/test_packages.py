"""The wheel holds all that the program reads, the source package all that tests do."""

from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[1]
CODE = ROOT / "src" / "oestra"
BESIDE = ("tests", "docs", "benchmarks", "predictions", ".ci", ".github")


def packed(builder):
    return {
        file.distribution_path for file in builder(str(ROOT)).recurse_included_files()
    }


def present(folder, below):
    """Return the files of a folder that no tool left there."""
    return {
        path.relative_to(below).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not {"__pycache__", ".state"} & set(path.parts)
    }


def test_the_wheel_holds_the_package_and_nothing_else():
    assert packed(WheelBuilder) == present(CODE, CODE.parent)


@pytest.mark.parametrize(
    "pattern",
    [
        *("model/fit.json", "model/fit_arrays.npz", "model/cell_fit.json"),
        *("history/pools/*.npz", "network/cell.xml", "network/pathways/*.ant"),
        *("trial/library/*.yaml", "drugs/library/*.yaml", "evidence/sources/*.bib"),
        *("evidence/cell_measurements/*.csv", "claims/library/*.yaml"),
        *("web/**/*.html", "web/**/*.css", "web/**/*uplot.js", "report/review.css"),
        *("appraisal/maps/*.yaml", "own_library/**/*.yaml", "py.typed"),
    ],
)
def test_the_wheel_holds_data_of_every_kind(pattern):
    names = {path.relative_to(CODE.parent).as_posix() for path in CODE.glob(pattern)}
    assert names
    assert names <= packed(WheelBuilder)


def test_the_source_package_holds_what_tests_and_builds_need():
    names = packed(SdistBuilder)
    assert present(CODE, ROOT) <= names
    for folder in BESIDE:
        files = present(ROOT / folder, ROOT)
        assert files, folder
        assert files <= names, folder
    assert {"uv.lock", "README.md", "CHANGELOG.md", "LICENSE", "CITATION.cff"} <= names
