"""The page for modelers names what the model has."""

import re
from pathlib import Path

import pytest

from oestra.network.alteration import alterations
from oestra.network.cell import cell
from oestra.network.compose import pathways
from oestra.network.parameter import parameter_table
from oestra.tumor.clone import Clone
from oestra.tumor.presentation import MAX_LESIONS

PAGE = Path(__file__).parents[2].joinpath("docs", "model.md").read_text("utf-8")
ROWS = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)


def test_the_tables_name_every_pathway_and_clone():
    assert [*pathways(), *Clone.__members__] == ROWS


@pytest.mark.parametrize("gene", sorted({gene for gene, _ in alterations()}))
def test_every_altered_gene_is_named(gene):
    assert gene in PAGE


def test_every_slow_state_is_named():
    slow = [name for name in cell().states if name.startswith("adapted")]
    assert len(slow) == 6
    assert all(f"`{name}`" in PAGE for name in slow)


def test_named_parameters_exist():
    named = re.findall(r"`((?:gain|feedback|akt)_\w+)`", PAGE)
    assert named
    assert set(named) <= set(parameter_table())


def test_named_files_exist():
    package = Path(__file__).parents[2] / "src" / "oestra"
    for name in re.findall(r"`((?:\w+/)+\w*(?:\.\w+)?)`", PAGE):
        path = name.removeprefix("src/oestra/")
        found = [package / path, package / "network" / path]
        assert any(file.exists() for file in found), name


def test_lesions_are_counted_right():
    assert "up to eight **lesions**" in PAGE
    assert MAX_LESIONS == 8
