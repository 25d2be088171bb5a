"""What the documents say is true."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from oestra.calibration.updating.data_file import Curve, DataFile, Patients, Result
from oestra.calibration.updating.gather import gather
from oestra.cli.app import COMMANDS
from oestra.core.library import SHIPPED
from oestra.trial.analysis import Analysis
from oestra.trial.decision_columns import DECISION_COLUMNS
from oestra.trial.design import TrialDesign
from oestra.trial.designs import read_design

ROOT = Path(__file__).parents[2]
TESTED = (
    *("alpha", "sided", "margin", "looks"),
    *("final_events", "efficacy", "futility", "hypotheses"),
)
"""Keys of ``analysis`` that have a table of their own."""
TRIAL_FILE = (ROOT / "docs" / "trial-file.md").read_text("utf-8")


def documented(text):
    """Return the names in backticks at the start of table rows."""
    rows = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def test_the_trial_file_page_names_every_key_and_column():
    expected = [*TrialDesign.model_fields, "variants", *DECISION_COLUMNS, *TESTED]
    assert set(TESTED) <= Analysis.model_fields.keys()
    assert sorted(documented(TRIAL_FILE)) == sorted(expected)


def test_the_example_of_the_trial_file_page_is_a_valid_trial(tmp_path):
    (example,) = re.findall(r"```yaml\n(.*?)```", TRIAL_FILE, re.DOTALL)
    file = tmp_path / "my_trial.yaml"
    file.write_text(example)
    design = read_design(file)
    assert design.arm_ids == ("LET+EVE", "LET")
    assert YAML(typ="safe").load(example)["criteria"] == design.criteria


def test_the_page_on_updating_names_every_key_and_its_example_is_read(tmp_path):
    page = (ROOT / "docs" / "updating.md").read_text("utf-8")
    keys = {
        key for part in (DataFile, Result, Curve, Patients) for key in part.model_fields
    }
    assert set(documented(page)) >= keys
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    file = tmp_path / "mine.yaml"
    file.write_text(example)
    found = gather(file, SHIPPED, 1).data
    assert [one.source for one in found.items].count("summary") == 3
    assert any(one.source == "curve" for one in found.items)


def test_the_readme_names_every_command_and_no_other():
    text = (ROOT / "README.md").read_text("utf-8")
    named = re.findall(r"`oestra ([a-z]+)`", text.split("## All commands")[1])
    assert set(named) == set(COMMANDS)


def test_the_python_of_the_readme_runs(capsys):
    text = (ROOT / "README.md").read_text("utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102
    out = capsys.readouterr().out
    assert out.startswith("Estimate(estimate=")
    assert 0 < float(out.splitlines()[-1]) < 1


def test_the_architecture_names_every_storey():
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    folders = {p.name for p in (ROOT / "src" / "oestra").iterdir() if p.is_dir()}
    assert set(documented(text)) == folders - {"__pycache__"}


def test_the_index_leads_to_every_page():
    text = (ROOT / "docs" / "index.md").read_text("utf-8")
    found = set((ROOT / "docs").rglob("*.md")) - {ROOT / "docs/index.md"}
    linked = {ROOT / "docs" / name for name in re.findall(r"\]\((\S+\.md)\)", text)}
    for page in [path for path in linked if path.name == "index.md"]:
        names = re.findall(r"\]\((\S+\.md)\)", page.read_text("utf-8"))
        linked |= {(page.parent / name).resolve() for name in names}
    assert found <= linked
    assert all(page.is_file() for page in linked)


@pytest.mark.parametrize("page", ["README.md", "docs/index.md", "docs/architecture.md"])
def test_links_lead_somewhere(page):
    file = ROOT / page
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", file.read_text("utf-8")):
        assert (file.parent / target).exists(), target
