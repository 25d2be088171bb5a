"""The table of hard histories: every answer, and that each turns on what it says."""

import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import oestra
from oestra.core.terms import Criteria, Response

TABLE = YAML(typ="safe", pure=True).load(
    (Path(__file__).parent / "response_histories.yaml").read_text("utf-8")
)
CASES = TABLE["cases"]


def plain(value):
    """Return numbers as numbers and words as text."""
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return str(value) if isinstance(value, Response) else value


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{number}: {c['rule']}" for number, c in enumerate(CASES)]
)
def test_answer(case):
    found = oestra.best_response(
        case["history"],
        criteria=case.get("criteria", "RECIST-1.1"),
        **case.get("options", {}),
    )
    names = {"visits": "responses", "unconfirmed": "best_unconfirmed"}
    for key, want in case["answer"].items():
        assert plain(getattr(found, names.get(key, key))) == want, key


def test_the_table_is_large_and_every_case_has_a_source():
    assert len(CASES) >= 80
    assert len({json.dumps(case, sort_keys=True) for case in CASES}) == len(CASES)
    for case in CASES:
        known = case["source"].startswith((*TABLE["sources"], "admiralonco"))
        assert known, case["rule"]
        assert "best" in case["answer"]
        assert ("r" in case) == ("why" in case)
    assert {case.get("criteria", "RECIST-1.1") for case in CASES} == set(Criteria)
    assert {case["answer"]["best"] for case in CASES} == set(Response)
