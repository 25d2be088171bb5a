"""Tables for the terminal say what the records hold."""

import io

import pytest
from rich.console import Console

from oestra.cli.comparison_view import comparison_view, looks_view, p_text
from oestra.report.comparison import Cell, Comparison
from oestra.trial.looks import LookResult


def printed(table):
    terminal = Console(file=io.StringIO(), width=120)
    terminal.print(table)
    return terminal.file.getvalue()


def row(**values):
    fixed = {"stratum": "ITT", "endpoint": "hazard_ratio", "arm": "A", "control": "B"}
    return Comparison(**fixed | {"of": "pfs"} | values)


def test_a_hazard_ratio_has_two_digits_a_verdict_and_its_p():
    simulated = Cell(estimate=0.486, low=0.4, high=0.6, p=0.0312)
    known = Cell(estimate=0.45, low=0.38, high=0.54)
    text = printed(
        comparison_view([row(simulated=simulated, published=known)], title="T")
    )
    assert "0.49 (0.40 to 0.60)" in text
    assert "0.45 (0.38 to 0.54)" in text
    assert "A : B" in text
    assert "inside" in text
    assert "0.031" in text


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (Cell(estimate=7.04, low=6, high=8), "7.0 (6.0 to 8.0)"),
        (Cell(estimate=7.04), "7.0"),
        (Cell(estimate=7.04, low=7.04, high=7.04), "7.0"),
        (Cell(estimate=7.04, low=6), "7.0 (6.0 to -)"),
        (Cell(reason="median not reached in 2 of 2 replicates"), "not reached"),
        (Cell(reason="no events"), "no events"),
    ],
)
def test_how_an_estimate_is_written(cell, shown):
    median = row(endpoint="pfs_median_months", control="", of="", simulated=cell)
    assert f" {shown} " in printed(comparison_view([median], title="T"))


def test_p_as_journals_print_it():
    assert (p_text(0.0004), p_text(0.0312)) == ("< 0.001", "0.031")


def test_looks():
    look = LookResult(
        events=359,
        reached_percent=100.0,
        efficacy_percent=95.0,
        futility_percent=0.0,
        month=20.25,
    )
    text = printed(looks_view([look]))
    assert "359" in text
    assert "20.2" in text
    assert "95" in text
