"""The version of simulated histories is declared, and its golden patients are met."""

from oestra.core.declared import Golden
from oestra.core.library import Library
from oestra.history.store import cohort_key
from oestra.history.version import HISTORIES
from oestra.model.parameters import prior_parameters

COMMAND = "run 'python -m oestra.history.version'"


def test_the_code_is_declared():
    declared = str(HISTORIES.known().version)
    assert HISTORIES.version() == declared, f"code was edited since: {COMMAND}"


def test_golden_patients_live_as_declared():
    golden = HISTORIES.golden()
    assert HISTORIES.changed(golden) == [], f"results changed: {COMMAND}"
    assert golden.parameters == HISTORIES.known().parameters, COMMAND


def test_a_golden_result_that_moves_is_named():
    known = dict(HISTORIES.known().golden)
    name = next(iter(known))
    moved = {**known, name: known[name] * 1.001 + 1.0}
    assert HISTORIES.changed(Golden(values=known)) == []
    assert HISTORIES.changed(Golden(values=moved)) == [name]
    del moved[name]
    assert HISTORIES.changed(Golden(values=moved)) == [name]


def test_the_key_covers_size_seed_and_every_number_that_is_read():
    p = prior_parameters()
    key = cohort_key(10, p, 1)
    assert key == cohort_key(10, prior_parameters(), 1)
    others = {cohort_key(11, p, 1), cohort_key(10, p, 2)}
    for name in HISTORIES.known().parameters:
        others.add(cohort_key(10, p.replace(**{name: p[name] * 1.01 + 1e-9}), 1))
    assert len(others | {key}) == 3 + len(HISTORIES.known().parameters)


def test_a_drug_that_own_practice_gives_is_keyed_with_what_it_reads(tmp_path):
    folder = tmp_path / "practice"
    folder.mkdir()
    folder.joinpath("mine.yaml").write_text(
        "gefitinib: {regimen: gefitinib 250 mg daily}"
    )
    own = prior_parameters(Library((tmp_path,)))
    shipped = prior_parameters()
    assert cohort_key(10, own, 1) != cohort_key(10, shipped, 1)
    more = {"accumulation_egfr": 2.0 * own["accumulation_egfr"]}
    assert cohort_key(10, own.replace(**more), 1) != cohort_key(10, own, 1)
    # Nobody takes gefitinib where practice does not give it.
    assert cohort_key(10, shipped.replace(**more), 1) == cohort_key(10, shipped, 1)
