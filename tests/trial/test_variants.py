"""Variants in a trial file: merged, checked, and refused with their own lines."""

from importlib.resources import files

import pytest

from oestra.core.errors import FaultsError, InputError
from oestra.core.library import SHIPPED
from oestra.trial.design_file import parse_designs
from oestra.trial.designs import find_design, find_designs
from oestra.trial.run import run_trial

BASE = (files("oestra.trial") / "library" / "BOLERO-2.yaml").read_text(encoding="utf-8")


def designs_of(variants):
    return parse_designs(f"{BASE}\nvariants:\n{variants}", "mine.yaml", SHIPPED)


def refused(variants):
    with pytest.raises(FaultsError) as caught:
        designs_of(variants)
    return str(caught.value)


def line_of(variants, words):
    text = f"{BASE}\nvariants:\n{variants}"
    return next(n for n, line in enumerate(text.splitlines(), 1) if words in line)


def test_a_variant_changes_what_it_says_and_nothing_else():
    base, half, late = designs_of(
        "  half: {arms: {EXE+EVE: {regimen: exemestane 25 mg daily + everolimus 5 mg"
        " daily}}}\n"
        "  late: {visits: {interval_weeks: 12}, data_cut_months: 40}\n"
    )
    assert base == find_design("BOLERO-2")
    assert (half.id, late.id) == ("BOLERO-2-half", "BOLERO-2-late")
    assert half.aliases == ()
    assert "everolimus 5 mg" in half.arms[0].regimen
    assert half.arms[0].label == base.arms[0].label
    same = half.model_copy(
        update={
            "id": base.id,
            "aliases": base.aliases,
            "arms": base.arms,
            "same_chance_as": "",
        }
    )
    assert same == base
    assert late.visits.interval_weeks == 12
    assert late.visits.window_days == base.visits.window_days
    assert late.data_cut_months == 40


def test_the_control_of_a_variant_is_that_of_its_trial(cohort, follow):
    base, half = designs_of(
        "  half: {arms: {EXE+EVE: {regimen: everolimus 5 mg daily}}}\n"
    )
    one, other = (
        run_trial(d, cohort=cohort, follow=follow, replicates=2, patients=60, seed=3)
        for d in (base, half)
    )
    assert other.trial == "BOLERO-2-half"
    for table in ("patients", "responses"):
        control, same = (
            getattr(x, table)
            .query("TRTP == 'EXE'")
            .drop(columns=["STUDYID", "USUBJID"])
            for x in (one, other)
        )
        assert len(control) > 0
        assert control.equals(same)


def test_null_takes_a_key_out():
    _, plain = designs_of("  plain: {case_mix: null}\n")
    assert plain.case_mix == ()


def test_a_list_is_replaced_as_a_whole():
    _, one = designs_of("  one: {eligibility: [her2_positive]}\n")
    assert one.eligibility == ("her2_positive",)


@pytest.mark.parametrize(
    ("variants", "told"),
    [
        ("  half: {arms: {EXE+EVR: {n: 3}}}\n", "nearest is 'EXE+EVE'"),
        ("  half: {id: other}\n", "a variant cannot change 'id'"),
        ("  half: {}\n", "the variant 'half' must hold the keys that it changes"),
        ("  a/b: {data_cut_months: 9}\n", "cannot name a variant"),
        ("  half: {data_cut_month: 9}\n", "nearest is 'data_cut_months'"),
        ("  half: {arms: {EXE: {regimen: exemestan 25 mg daily}}}\n", "exemestane"),
        ("  half: {eligibility: [her2_positiv]}\n", "her2_positive"),
    ],
)
def test_a_variant_that_cannot_be_is_refused_where_it_is_written(variants, told):
    message = refused(variants)
    assert told in message
    assert f"mine.yaml, line {line_of(variants, variants[2:6])}" in message


def test_variants_must_be_named():
    assert "at least one variant" in refused("  - half\n")


def test_a_design_without_variants_is_alone(tmp_path):
    assert [one.id for one in find_designs("BOLERO-2")] == ["BOLERO-2"]
    file = tmp_path / "mine.yaml"
    file.write_text(BASE.replace("id: BOLERO-2", "id: MINE"), encoding="utf-8")
    assert [one.id for one in find_designs(file)] == ["MINE"]


def test_a_variant_cannot_go_by_the_name_of_another_trial(tmp_path):
    file = tmp_path / "mine.yaml"
    text = BASE.replace("id: BOLERO-2", "id: BOLERO").replace("aliases", "aliases")
    file.write_text(f"{text}\nvariants:\n  '2': {{data_cut_months: 40}}\n", "utf-8")
    with pytest.raises(InputError, match="is that of a trial of the library"):
        find_designs(file)
