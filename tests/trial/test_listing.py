"""The list of trials says what their designs say."""

import pytest

from oestra.core.errors import InputError
from oestra.core.library import Library
from oestra.trial.designs import designs
from oestra.trial.listing import find_listed, list_trials


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("OESTRA_CACHE", str(tmp_path / "cache"))


def test_a_light_reading_agrees_with_the_designs():
    listed = list_trials()
    assert [one.id for one in listed] == list(designs())
    for one, design in zip(listed, designs().values(), strict=True):
        assert one.aliases == design.aliases
        assert one.title == design.title
        assert one.prediction == design.prediction
        assert one.patients == sum(arm.n for arm in design.arms)
        for arm, planned in zip(one.arms, design.arms, strict=True):
            given = {"regimen": planned.described}
            assert arm == planned.model_dump(include=set(arm)) | given


def test_a_bad_trial_of_an_own_library_is_refused(tmp_path):
    (tmp_path / "own" / "trials").mkdir(parents=True)
    (tmp_path / "own" / "trials" / "MINE.yaml").write_text("id: MINE\ntitle: x\n")
    with pytest.raises(InputError, match=r"MINE\.yaml"):
        list_trials(Library((tmp_path / "own",)))


def test_a_trial_is_found_by_any_of_its_names():
    assert find_listed("bolero 2").patients == 724
    with pytest.raises(InputError, match="nearest is 'BOLERO-2'"):
        find_listed("BOLRO-2")
