"""Tables for the terminal say what the records hold."""

import io

import pytest
from rich.console import Console
from rich.table import Table

from oestra.appraisal.comparison import Cell, Comparison
from oestra.cli.comparison_view import comparison_view, looks_view
from oestra.cli.terminal import Terminal
from oestra.trial.look_summary import LookResult


def printed(table):
    terminal = Console(file=io.StringIO(), width=120)
    terminal.print(table)
    return terminal.file.getvalue()


def row(**values):
    fixed = {"stratum": "ITT", "endpoint": "hazard_ratio", "arm": "A", "control": "B"}
    return Comparison(**fixed | {"of": "pfs"} | values)


def test_a_hazard_ratio_has_two_digits_a_verdict_and_the_trials_it_wins():
    simulated = Cell(estimate=0.486, low=0.4, high=0.6, won=85, won_low=62, won_high=97)
    known = Cell(estimate=0.45, low=0.38, high=0.54)
    text = printed(
        comparison_view([row(simulated=simulated, published=known)], title="T")
    )
    assert "0.49 (0.40 to 0.60)" in text
    assert "0.45 (0.38 to 0.54)" in text
    assert "A : B" in text
    assert "inside" in text
    assert "85 (62 to 97)" in text


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


def many():
    known = Cell(estimate=12.61, low=9.84, high=15.92)
    cells = [
        ("pfs_median_months", Cell(estimate=18.31, low=15.72, high=111.04), known),
        ("orr_percent", Cell(estimate=50.83, low=43.12, high=55.74), known),
        ("os_median_months", Cell(reason="median not reached"), Cell()),
    ]
    rows = [
        row(endpoint=name, arm=arm, control="", of="", simulated=cell, published=found)
        for name, cell, found in cells
        for arm in ("EXE+EVE", "a-very-long-name-of-an-arm")
    ]
    ratio = Cell(estimate=0.486, low=0.401, high=0.612, won=85, won_low=62, won_high=97)
    told = Cell(estimate=0.45, low=0.38, high=0.54)
    return [*rows, row(arm="EXE+EVE", control="EXE", simulated=ratio, published=told)]


@pytest.mark.parametrize("width", [60, 72, 80, 88, 96, 100, 120])
def test_no_width_loses_an_interval_or_a_verdict(width):
    terminal = Terminal(file=io.StringIO(), width=width)
    terminal.print(comparison_view(many(), title="ITT", width=width))
    text = terminal.file.getvalue()
    assert max(map(len, text.splitlines())) <= width
    shown = {
        "18.3 (15.7 to 111.0)": 2,
        "50.8 (43.1 to 55.7)": 2,
        "12.6 (9.8 to 15.9)": 4,
        "0.49 (0.40 to 0.61)": 1,
        "0.45 (0.38 to 0.54)": 1,
        "not reached": 2,
        "85 (62 to 97)": 1,
        "inside": 1,
        "outside": 4,
        "published": 1,
    }
    for part, times in shown.items():
        assert text.count(part) == times, part
    assert "…" not in text
    for word in ("EXE+EVE : EXE", "a-very-long-name-of-an-arm"):
        letters = iter("".join(text.split()))
        assert all(letter in letters for letter in word.replace(" ", ""))


@pytest.mark.parametrize("width", [60, 80, 100])
def test_of_what_was_not_published_there_is_no_column(width):
    own = [row(simulated=Cell(estimate=0.8, low=0.7, high=0.9))]
    terminal = Terminal(file=io.StringIO(), width=width)
    terminal.print(comparison_view(own, title="ITT", width=width))
    text = terminal.file.getvalue()
    assert "published" not in text
    assert " -" not in text
    assert "0.80 (0.70 to 0.90)" in text


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_the_terminal_breaks_long_words_and_cuts_none(width):
    table = Table("a", "b", box=None)
    table.add_row("x" * 90, "12.3 (10.1 to 15.6) " * 3)
    terminal = Terminal(file=io.StringIO(), width=width)
    terminal.print(table)
    text = terminal.file.getvalue()
    assert text.count("x") == 90
    assert text.count("15.6") == 3
    assert "…" not in text


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
