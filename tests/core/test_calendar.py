"""Days, months and years: one calendar for what is published and what is simulated."""

import re
from importlib.resources import files

import pytest

from oestra.core.units import DAYS_PER_MONTH, DAYS_PER_YEAR, convert
from oestra.trial.designs import find_design


def test_twelve_months_are_a_julian_year():
    assert DAYS_PER_YEAR == 365.25
    assert DAYS_PER_MONTH == 30.4375
    assert convert(1.0, "year", "day") == pytest.approx(DAYS_PER_YEAR)
    assert convert(1.0, "month", "day") == pytest.approx(DAYS_PER_MONTH)


def test_a_data_cut_after_a_year_is_after_365_days():
    design = find_design("BOLERO-2").model_copy(update={"data_cut_months": 12.0})
    assert design.cut_days == 365.25


def test_no_other_calendar_is_written_anywhere():
    other = re.compile(r"30\.4375|365\.25|30\.44?\b|= 365\b|[=*/] 30(\.0)?\b(?!\.)")
    root = files("oestra")
    found = [
        f"{path.relative_to(root)}: {line.strip()}"
        for path in root.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if other.search(line) and "DAYS_PER_YEAR = 365.25" not in line
    ]
    assert found == []
