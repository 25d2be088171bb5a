"""``oestra resistance``: cells with each mechanism, and failures in a trial."""

import pytest

from oestra.appraisal.mechanism import mechanisms


def test_every_mechanism_is_told_and_one_with_its_variants(succeed_json):
    every = succeed_json("resistance")["mechanisms"]
    names = [one.id for one in mechanisms().mechanisms]
    assert [one["mechanism"] for one in every] == names
    mutants = succeed_json("resistance", "ESR1")["mechanisms"]
    assert [one["variant"] for one in mutants] == ["y537s", "y537n", "d538g"]
    assert mutants[0] == every[names.index("esr1")]


def test_a_trial_is_told_arm_by_arm(succeed):
    head, *rows = succeed("resistance", "--trial", "BOLERO-2").splitlines()
    assert head.split() == ["percent", "EXE+EVE", "EXE"]
    leads = [row.split()[-2:] for row in rows if row.startswith(" led by")]
    for arm in zip(*leads, strict=True):
        assert sum(map(int, arm)) == pytest.approx(100, abs=3)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("resistance", "her3"), "nearest is 'her2'"),
        (("resistance", "--trial", "BOLERO3"), "nearest is 'BOLERO-2'"),
        (("resistance", "her2", "--trial", "BOLERO-2"), "leave the name out"),
    ],
)
def test_what_cannot_be_told_is_said(fail, words, says):
    assert says in fail(*words)
