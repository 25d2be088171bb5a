"""The library of claims: complete, honest about origin, readable by the machine."""

from collections import Counter

import pytest

from oestra.claims.claim import Claim, Level, Origin
from oestra.claims.claim_expression import readouts_in
from oestra.claims.claim_library import claims, find_claim, read_claim
from oestra.claims.laboratory import Laboratory
from oestra.claims.trial_runs import find_target
from oestra.core.errors import InputError
from oestra.culture.genotype import parse_genotype
from oestra.culture.medium import parse_condition, parse_step
from oestra.drugs.regimen import Regimen
from oestra.evidence.vocabulary import Use
from oestra.network.cell import cell
from oestra.network.cell_line import find_line

HARD = {
    12, 18, 23, 24, 29, 35, 42, 51, 52, 59, 60, 65, 73, 81, 84, 85, 86, 90, 92, 94, 95,
    98,
}  # fmt: skip
ALL = list(claims().values())


def names(claim: Claim) -> str:
    return claim.id


def test_all_are_there_once():
    assert len(ALL) >= 100
    assert [claim.number for claim in ALL] == list(range(1, len(ALL) + 1))


def test_hard_ones_are_marked():
    assert {claim.number for claim in ALL if claim.hard} == HARD


def test_hard_cell_claims_are_emergent():
    for claim in ALL:
        if claim.hard and claim.level is Level.CELL:
            assert claim.origin is Origin.EMERGENT, claim.id


def test_most_claims_are_emergent_or_fitted_and_few_are_put_in():
    origins = Counter(claim.origin for claim in ALL)
    assert origins[Origin.INPUT] <= 15
    assert origins[Origin.EMERGENT] >= 55


@pytest.mark.parametrize("claim", ALL, ids=names)
def test_no_emergent_claim_rests_on_a_fitted_row(claim: Claim):
    rows = [find_target(one.target)[0] for one in claim.checks if one.target]
    if any(row.use is Use.FIT for row in rows):
        assert claim.origin is Origin.FITTED


@pytest.mark.parametrize("claim", ALL, ids=names)
def test_what_is_open_cites_a_conflict(claim: Claim):
    if any(one.open for one in claim.checks):
        assert claim.conflicts


@pytest.mark.parametrize("claim", ALL, ids=names)
def test_every_number_says_why(claim: Claim):
    assert all(one.why or one.target for one in claim.checks)


@pytest.mark.parametrize("claim", ALL, ids=names)
def test_runs_speak_of_what_exists(claim: Claim):
    for name in claim.runs:
        run = claim.run(name)
        assert bool(run.doses) == ("{}" in run.medium + run.drug)
        dose = f"{run.doses[0]:.10g}" if run.doses else ""
        parse_genotype(run.set)
        assert run.cell.keys() <= cell().parameters.keys()
        if run.line == "tumor":
            assert run.drug == "none" or Regimen.parse(run.drug).drugs
            continue
        assert find_line(run.line)
        parse_condition(run.medium.replace("{}", dose), drugs=False)
        parse_condition(run.drug.replace("{}", dose))
        for step in run.pretreat:
            parse_step(step)
    for course in claim.courses.values():
        assert Regimen.parse(course.drug).drugs


@pytest.mark.parametrize("claim", ALL, ids=names)
def test_expressions_read_their_own_runs_and_every_run_is_read(claim: Claim):
    read = {
        run for one in claim.checks if one.value for run, _ in readouts_in(one.value)
    }
    assert read <= claim.runs.keys()
    kept_for_others = {run.like for run in claim.runs.values()}
    assert claim.runs.keys() <= read | kept_for_others


def test_a_claim_is_found_by_id_or_number():
    assert find_claim("C018") is find_claim("18") is find_claim("c18")


@pytest.mark.parametrize("name", ["C101", "101", "letrozole"])
def test_an_unknown_claim_is_explained(name: str):
    with pytest.raises(InputError, match="No claim"):
        find_claim(name)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id: C001\n", "statement"),
        ("id: [", "file.yaml"),
        ("id: '../X1'\n", "file.yaml: id"),
    ],
)
def test_a_broken_file_is_explained(text: str, message: str):
    with pytest.raises(InputError, match=message):
        read_claim(text, "file.yaml")


def test_the_laboratory_waits_with_the_pool_until_it_is_needed():
    assert "cohort" not in Laboratory().__dict__
