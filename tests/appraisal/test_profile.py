"""A patient in words becomes criteria of a trial."""

import pytest

from oestra.appraisal.profile import TODAY, read_profile
from oestra.core.errors import InputError
from oestra.core.library import library_of


def test_markers_and_therapies_become_criteria():
    found = read_profile(
        "ESR1=Y537S, PIK3CA=H1047R, prior AI 14 months, no prior fulvestrant"
    )
    assert found.criteria == (
        "esr1_mutant and esr1_allele == 'Y537S'",
        "pik3ca == 'H1047R'",
        "last_therapy == 'nonsteroidal_ai' and last_therapy_months >= 10.5 "
        "and last_therapy_months <= 18.67",
        "not (prior_fulvestrant)",
    )
    assert found.assumed == ("setting != 'primary'", "not her2_positive")
    assert not found.her2_positive


def test_what_is_said_is_not_assumed():
    found = read_profile("HER2=positive, setting == 'relapse', age_years >= 60")
    assert found.assumed == ()
    assert found.her2_positive
    assert found.criteria[1:] == ("setting == 'relapse'", "age_years >= 60")


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "empty part"),
        ("ESR1=Y537S,,AKT1=mutant", "empty part"),
        ("ESR1=Y573S", "Y537S"),
        ("PIK3CB=mutant", "PIK3CA"),
        ("prior elacestrant", "No simulated history holds 'elacestrant'"),
        ("prior palbocilib", "Nearest is 'palbociclib'"),
        ("prior chemotherapy 3 months", "Months cannot be given"),
        ("tall", "no part of a profile"),
        ("prior AI 1.2.3 months", "Months of a therapy are a number above 0"),
        ("prior AI 0 months", "got '0'"),
        ("prior AI 99999 months", "can never hold"),
        ("age_years > 200", "can never hold"),
        ("last_therapy == 'tamoxifn'", "nearest is 'tamoxifen'"),
        ("visceral, not visceral", "'not visceral' contradicts 'visceral'"),
        ("HER2=positive, HER2=negative", "nobody is eligible"),
        ("ESR1=Y537S, ESR1=wild type", "nobody is eligible"),
        ("ESR1=Y537S+D538G+Y537N", "two alleles of ESR1 at most"),
        ("ESR1=Y537S, ESR1=D538G, ESR1=Y537N", "write ESR1=Y537S.D538G"),
        ("ESR1=Y537S+D538G, ESR1=Y537N", "two alleles of ESR1 at most"),
        ("esr1_y537s, esr1_d538g, esr1_y537n", "a third allele of ESR1"),
        ("ESR1=Y537S+y537s", "names an allele twice; write ESR1=Y537S"),
        ("ESR1=Y537S+D538H", "No allele 'D538H' in ESR1; nearest is 'D538G'"),
        ("ESR1=mutant+Y537S", "known are D538G, Y537N, Y537S"),
        ("ESR1=Y537S+", "No allele ''"),
        ("prior AI, no prior AI", "nobody is eligible"),
    ],
)
def test_what_is_not_understood_is_said(text, match):
    with pytest.raises(InputError, match=match):
        read_profile(text)


@pytest.mark.parametrize(
    "text",
    [
        "ESR1=Y537S+D538G",
        "esr1 = y537s + d538g",
        "ESR1=Y537S, ESR1=D538G",
        "ESR1=Y537S, ESR1=D538G, ESR1=Y537S",
        "ESR1=Y537S+D538G, ESR1=D538G",
    ],
)
def test_two_alleles_are_asked_for_at_once_or_as_two_items(text):
    found = read_profile(f"{text}, prior AI")
    assert found.criteria == ("esr1_y537s and esr1_d538g", "prior_nonsteroidal_ai")


def test_one_allele_asks_for_what_it_asked_for():
    (one,) = read_profile("ESR1=Y537S").criteria
    assert one == "esr1_mutant and esr1_allele == 'Y537S'"
    assert read_profile("ESR1=Y537S, ESR1=y537s").criteria == (one, one)
    assert read_profile("ESR1=mutant, ESR1=Y537S").criteria == ("esr1_mutant", one)


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        ("prior CDK4/6 inhibitor", "prior_cdk46_inhibitor"),
        ("prior palbociclib", "prior_cdk46_inhibitor"),
        ("no prior mTOR inhibitor", "not (prior_mtor_inhibitor)"),
        ("prior exemestane", "prior_exemestane"),
        (
            "prior CDK4/6 inhibitor 12 months",
            "last_partner == 'cdk46_inhibitor' and last_therapy_months >= 9 "
            "and last_therapy_months <= 16",
        ),
    ],
)
def test_what_practice_gave_may_have_been_given(text, criterion):
    assert read_profile(text).criteria == (criterion,)


@pytest.mark.parametrize(
    ("entry", "column"),
    [
        ("  class: oral_serd\n", "last_therapy"),
        ("  partner: oral_serd\n", "last_partner"),
    ],
)
def test_what_ones_own_practice_gives_may_have_been_given(tmp_path, entry, column):
    folder = tmp_path / "practice"
    folder.mkdir()
    folder.joinpath("own.yaml").write_text(
        f"elacestrant:\n  regimen: elacestrant 345 mg daily\n{entry}"
    )
    found = read_profile("prior oral SERD", library_of([tmp_path]))
    assert found.criteria == (f"{column} == 'oral_serd'",)


def test_a_year_that_is_given_counts_whatever_it_is():
    assert read_profile("visceral", year=0.0).year == 0.0
    assert read_profile("visceral").year == TODAY
