"""Verdicts: what holds, what fails, what is open, and what cannot be measured."""

import numpy as np
import pytest

from oestra.appraisal.claim_check import check
from oestra.appraisal.verdict import Verdict, count
from oestra.claims.cells import conduct
from oestra.claims.claim import Claim, Course, Run
from oestra.claims.claim_expression import readouts_in
from oestra.claims.claim_library import claims, find_claim
from oestra.claims.laboratory import Laboratory
from oestra.claims.pool import Pool
from oestra.claims.trial_runs import Trials
from oestra.core.errors import InputError
from oestra.culture.readout import readouts
from oestra.evidence.published import targets
from oestra.history.cohort import Cohort, simulate_cohort
from oestra.model.parameters import best_parameters
from oestra.network.cell import cell


def claim(**changes: object) -> Claim:
    given: dict[str, object] = {
        "id": "C001",
        "statement": "s",
        "section": "s",
        "references": [],
        "evidence": "weak",
        "level": "cell",
        "origin": "emergent",
        "runs": {"a": {"line": "MCF-7", "days": 1}},
        "checks": [one("a.er_total / a.er_total", "0.99 to 1.01")],
    }
    return Claim.model_validate(given | changes)


def one(value: str, expect: str, **more: object) -> dict[str, object]:
    return {"measure": "m", "value": value, "expect": expect, "why": "w", **more}


def test_a_number_inside_holds_and_one_outside_fails():
    assert check(claim()).verdict is Verdict.HOLDS
    wrong = claim(checks=[one("2 * a.er_total / a.er_total", "< 1")])
    result = check(wrong)
    assert result.verdict is Verdict.FAILS
    assert result.checks[0].measured == 2.0


def test_an_open_check_never_decides():
    never = one("a.er_total", "< 0", open="the evidence conflicts")
    sure = one("1", "> 0")
    assert check(claim(checks=[never])).verdict is Verdict.OPEN
    assert check(claim(checks=[never, sure])).verdict is Verdict.HOLDS
    assert check(claim(checks=[never, one("1", "< 0")])).verdict is Verdict.FAILS


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("b.er_total", "No run 'b'"),
        ("a.er_totl", "er_total"),
        ("ec51(a.er_total)", "ec50"),
        ("ec50(a.er_total)", "run with doses"),
        ("1 / 0", "not estimable"),
        ("a.er_total ** 2", "uses 'a.er_total ** 2'; allowed are numbers"),
    ],
)
def test_what_cannot_be_measured_fails_and_says_why(value: str, reason: str):
    result = check(claim(checks=[one(value, "> 0")])).checks[0]
    assert result.verdict is Verdict.FAILS
    assert result.measured is None
    assert reason in result.reason


def test_an_infinite_dose_holds_and_prints_as_null():
    dose = "dose_for(d.er_total, 100)"
    runs = {"d": {"line": "MCF-7", "drug": "fulvestrant {} nM", "doses": [1, 10]}}
    result = check(claim(runs=runs, checks=[one(dose, "> 1")]))
    assert result.verdict is Verdict.HOLDS
    assert result.to_json_dict()["measured"] is None


def test_printed_form_has_what_the_contract_asks():
    shown = check(claim()).to_json_dict()
    assert {"id", "statement", "origin", "verdict", "measured", "expected"} <= set(
        shown
    )
    assert isinstance(shown["measured"], float)


def test_verdicts_are_counted_by_origin():
    results = [check(claim()), check(claim(checks=[one("1", "< 0")]))]
    assert dict(count(results)) == {
        "emergent": {Verdict.HOLDS: 1, Verdict.FAILS: 1, Verdict.OPEN: 0}
    }


def test_an_edit_of_the_network_acts_and_leaves_the_rest():
    base = Run(line="MCF-7", medium="estradiol 1 nM", days=1)
    cut = base.model_copy(update={"cell": {"gain_er_rtk": 0.0, "gain_er_src": 0.0}})
    intact, open_loop = conduct(base), conduct(cut)
    assert open_loop.read("p_erk", "x").final < intact.read("p_erk", "x").final
    assert open_loop.read("estradiol", "x").final == pytest.approx(1.0, rel=1e-3)


def test_dosed_runs_agree_with_single_ones():
    several = Run(line="MCF-7", drug="fulvestrant {} nM", doses=(1.0, 100.0), days=2)
    curve = conduct(several).read("er_total", "x")
    alone = Run(line="MCF-7", drug="fulvestrant 100 nM", days=2)
    assert curve.values[-1] == pytest.approx(
        conduct(alone).read("er_total", "x").final, rel=1e-4
    )


def test_a_tumor_has_a_regimen_and_no_medium():
    with pytest.raises(InputError, match="regimen"):
        conduct(Run(line="tumor", medium="estradiol 1 nM"))


def test_poor_metabolizers_differ_on_tamoxifen_only():
    def seen(drug: str, phenotype: str) -> tuple[float, float]:
        run = Run.model_validate({"line": "tumor", "drug": drug, "cyp2d6": phenotype})
        course = conduct(run)
        dimers, output = (
            course.read(name, "x").final for name in ("er_e2_dimer", "ere_output")
        )
        return dimers, output

    # Less antagonist leaves more receptor to estradiol; whether more output follows is
    # for C036 to say.
    poor, normal = (seen("tamoxifen 20 mg daily", kind) for kind in ("PM", "NM"))
    assert poor[0] > normal[0]
    assert poor[1] != normal[1]
    letrozole = "letrozole 2.5 mg daily"
    assert seen(letrozole, "PM") == seen(letrozole, "NM")


def test_every_readout_of_every_claim_exists():
    known = {*readouts(), *cell().states, *cell().model.ode.outputs}
    known |= {alias for one in readouts().values() for alias in one.aliases}
    for found in claims().values():
        for row in found.checks:
            if row.value:
                asked = {readout for _, readout in readouts_in(row.value)}
                assert asked <= known, found.id


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return simulate_cohort(120, best_parameters(), seed=3)


def test_shares_of_the_pool_are_those_of_its_table(cohort: Cohort):
    functions = Pool(cohort=cohort, courses={}).functions()
    share = functions["share_of_patients"]("her2_positive")
    assert share == pytest.approx(100 * cohort.covariates["her2_positive"].mean())
    first = functions["share_of_decisions"]("bone", "prior_lines == 0")
    chosen = cohort.decisions[cohort.decisions["prior_lines"] == 0]
    assert first == pytest.approx(100 * chosen["bone"].mean())


def test_courses_share_their_patients_and_a_drug_helps(cohort: Cohort):
    where = "prior_lines == 0"
    courses = {
        name: Course(where=where, patients=40, drug=drug, days=168)
        for name, drug in (
            ("weak", "anastrozole 1 mg daily"),
            ("strong", "anastrozole 1 mg daily + everolimus 10 mg daily"),
        )
    }
    pool = Pool(cohort=cohort, courses=courses)
    assert list(pool.table("weak")["patient"]) == list(pool.table("strong")["patient"])
    assert pool.mean_difference("weak", "strong", "log_cells_change") > 0
    assert pool.rank_correlation("weak", "er_h_score", "er_h_score") == pytest.approx(1)
    with pytest.raises(InputError, match="No course of patients"):
        pool.table("wek")


def test_nobody_eligible_is_explained(cohort: Cohort):
    courses = {"x": Course(where="age_years > 200", patients=5, drug="x", days=9)}
    with pytest.raises(InputError, match="No virtual patient"):
        Pool(cohort=cohort, courses=courses).table("x")


def test_a_trial_is_run_once_and_scores_its_row(cohort: Cohort):
    begun: list[str] = []
    trials = Trials(cohort=cohort, replicates=1, progress=begun.append)
    row = next(r for r in targets() if r.id == "BOLERO-2/ITT/hazard_ratio/EXE+EVE")
    first = trials.simulated(row)
    functions = trials.functions({})
    again = functions["hazard_ratio"]("BOLERO-2", "EXE+EVE", "pfs")
    assert first.estimate == again
    assert begun == ["BOLERO-2"]
    with pytest.raises(InputError, match="No arm"):
        functions["endpoint"]("BOLERO-2", "EVE", "orr_percent")


def test_the_same_claim_twice_gives_the_same_numbers():
    results = [check(find_claim("C042"), Laboratory()) for _ in range(2)]
    numbers = [np.array([row.measured for row in r.checks]) for r in results]
    assert np.array_equal(*numbers)
