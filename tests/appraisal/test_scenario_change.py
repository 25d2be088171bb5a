"""What differs between two designs, in words."""

from itertools import pairwise

from oestra.appraisal.scenario_change import scenario_changes
from oestra.core.library import SHIPPED
from oestra.trial.design_file import parse_designs
from oestra.trial.designs import find_design
from oestra.web.page_data import examples

(EXAMPLE,) = examples()


def test_a_design_differs_in_nothing_from_itself():
    design = find_design("BOLERO-2")
    assert scenario_changes(design, design) == ()


def test_every_step_of_the_example_changes_one_factor():
    steps = [
        find_design("HORIZON"),
        *parse_designs(EXAMPLE["yaml"], "example.yaml", SHIPPED),
        find_design("BOLERO-2"),
    ]
    drug, schedule, line, patients, rest = [
        scenario_changes(before, after) for before, after in pairwise(steps)
    ]
    assert len(drug) == len(schedule) == 1
    assert "temsirolimus 30 mg" in drug[0]
    assert drug[0].endswith("everolimus 10 mg daily for 5 days every 14 days")
    assert schedule[0].endswith("→ letrozole 2.5 mg daily + everolimus 10 mg daily")
    assert not any("mg daily" in part for part in (*line, *patients))
    assert any("prior nonsteroidal AI" in part for part in line)
    assert any("not HER2 positive" in part for part in patients)
    assert any(part.startswith("case mix: visceral 56 %") for part in patients)
    assert not any("asked for" in part or "case mix" in part for part in rest)
    assert any("exemestane 25 mg daily" in part for part in rest)
    assert "scans every 6 weeks instead of 8 or 12" in rest
