"""The list of drugs says what the drugs say."""

import pytest

from oestra.core.errors import InputError
from oestra.core.library import Library
from oestra.drugs.listing import find_listed, list_drugs
from oestra.drugs.load import drugs, find


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("OESTRA_CACHE", str(tmp_path / "cache"))


def test_a_light_reading_agrees_with_the_drugs():
    listed = list_drugs()
    assert [one.id for one in listed] == list(drugs())
    for one, drug in zip(listed, drugs().values(), strict=True):
        assert one.aliases == drug.aliases
        assert one.drug_class == drug.drug_class.value
        assert one.targets == tuple(action.target for action in drug.targets)
        assert one.regimens == drug.standard_regimens


@pytest.mark.parametrize("name", ["everolimus", "RAD-001", "afinitor", "4OHT", "no"])
def test_a_name_finds_the_same_drug_or_the_same_error(name):
    try:
        found = find(name).id
    except InputError as error:
        found = str(error)
    try:
        listed = find_listed(name).id
    except InputError as error:
        listed = str(error)
    assert listed == found


def test_a_bad_drug_of_an_own_library_is_refused(tmp_path):
    (tmp_path / "own" / "drugs").mkdir(parents=True)
    (tmp_path / "own" / "drugs" / "mine.yaml").write_text("id: mine\nclass: SERD\n")
    with pytest.raises(InputError, match=r"mine\.yaml"):
        list_drugs(Library((tmp_path / "own",)))
