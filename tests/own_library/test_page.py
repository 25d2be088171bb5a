"""What the page on own libraries says is true."""

import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest

from oestra.claims.claim import Check, Claim, Course, Run
from oestra.core.library import Kind
from oestra.core.quantity import Quantity
from oestra.culture.amount import Amount
from oestra.culture.confluence import NamedDish
from oestra.culture.mixed_medium import MixedMedium
from oestra.culture.readout import Readout
from oestra.culture.substance import Substance
from oestra.drugs.drug import Drug
from oestra.drugs.target import Lever
from oestra.evidence.target_row import TargetRow
from oestra.history.therapies import Therapy
from oestra.network.alteration import Alteration
from oestra.network.cell_line import CellLine

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "own-library.md").read_text("utf-8")
RECORDS = {
    "Numbers": (Quantity,),
    "targets": (Lever,),
    "readouts": (Readout,),
    "substances": (Substance,),
    "media": (MixedMedium,),
    "dishes": (NamedDish,),
    "amounts": (Amount,),
    "alterations": (Alteration,),
    "cell_lines": (CellLine,),
    "drugs": (Drug,),
    "practice": (Therapy,),
    "evidence": (TargetRow,),
    "claims": (Claim, Run, Course, Check),
}
ELSEWHERE = {
    "targets": {"target"},
    "readouts": {"name"},
    "drugs": {"formed", "drug_class"},
    "practice": {"name", "therapy_class"},
}
"""Fields that are the key of an entry, have another name, or are in no file."""


def sections():
    """Return the text of each section by its heading."""
    parts = re.split(r"^## (.+)$", PAGE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def names_of(record):
    """Return the fields of a dataclass or model."""
    if hasattr(record, "model_fields"):
        return set(record.model_fields)
    return {field.name for field in fields(record)}


def test_every_kind_has_a_section():
    assert set(sections()) == {"Numbers", *(kind.value for kind in Kind)}


@pytest.mark.parametrize("section", RECORDS)
def test_a_section_names_every_field(section):
    named = set(re.findall(r"`([^`]+)`", sections()[section]))
    for record in RECORDS[section]:
        assert names_of(record) - ELSEWHERE.get(section, set()) <= named


def test_its_commands_and_its_python_run(tmp_path, monkeypatch, succeed):
    monkeypatch.chdir(tmp_path)
    (commands,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for command in commands.splitlines():
        succeed(*shlex.split(command)[1:])
    (script,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    found = {}
    exec(compile(script, "own-library.md", "exec"), found)  # noqa: S102
    assert found["treated"] > found["untreated"] == 0
    assert found["drug"].id == "examplestrant"
