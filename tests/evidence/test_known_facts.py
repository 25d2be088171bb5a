"""Known answers: what the publications print is what the evidence holds."""

import pytest

from oestra.core.errors import InputError
from oestra.evidence.published import (
    cell_observations,
    cell_quantities,
    digest,
    epidemiology,
    find_trial,
    published,
    sources,
    targets,
    trials,
)
from oestra.evidence.vocabulary import Confidence, Endpoint, IntervalKind, Use


def _one(rows):
    (row,) = rows
    return row


def test_bolero_2_final_medians_and_hazard_ratio():
    trial = find_trial("BOLERO-2")
    final = {
        r.arm: r
        for r in trial.results_of("pfs_median_months")
        if r.look == "final" and r.reader == "local"
    }
    assert final["EXE+EVE"].estimate == 7.8
    assert final["EXE"].estimate == 3.2
    interval = final["EXE"].interval
    assert interval is not None
    assert (interval.low, interval.high) == (2.8, 4.1)
    ratio = _one(
        r
        for r in trial.results_of("hazard_ratio", arm="EXE+EVE")
        if r.look == "final" and r.reader == "local"
    )
    assert ratio.estimate == 0.45
    assert ratio.interval is not None
    assert (ratio.interval.low, ratio.interval.high) == (0.38, 0.54)
    assert ratio.in_review
    assert ratio.confidence == Confidence.VERIFIED


def test_bolero_2_target_rows():
    row = _one(
        published(
            "BOLERO-2", stratum="ITT", arm="EXE+EVE", endpoint="hazard_ratio", use="fit"
        )
    )
    assert (row.estimate, row.low, row.high) == (0.45, 0.38, 0.54)
    assert row.control == "EXE"
    assert row.of == "pfs"
    assert row.ci == IntervalKind.PUBLISHED
    assert row.contains(0.5)
    assert not row.contains(0.55)
    assert row.in_review
    assert len(published("BOLERO-2", use=Use.FIT)) == 7


def test_counts_of_the_frozen_lists():
    rows = targets()
    assert len({row.id for row in rows}) == len(rows) == 177 + 80
    first, later = rows[:177], rows[177:]
    by_use = [
        {use: sum(row.use == use for row in part) for use in Use}
        for part in (first, later)
    ]
    assert by_use == [
        {Use.FIT: 88, Use.CHECK: 56, Use.EXCLUDE: 33},
        {Use.FIT: 43, Use.CHECK: 33, Use.EXCLUDE: 4},
    ]
    assert not {row.trial for row in first} & {row.trial for row in later}


@pytest.mark.parametrize(
    ("trial", "arm", "regimen"),
    [
        ("BOLERO-2", "EXE+EVE", "exemestane 25 mg daily + everolimus 10 mg daily"),
        ("BOLERO-2", "EXE", "exemestane 25 mg daily"),
        (
            "HORIZON",
            "LET+TEM30int",
            "letrozole 2.5 mg daily + "
            "temsirolimus 30 mg daily for 5 days every 14 days",
        ),
        (
            "SoFEA",
            "FUL250",
            "fulvestrant 500 mg on day 1 then 250 mg on days 15, 29 then every 28 days",
        ),
    ],
)
def test_regimens_are_written_in_the_grammar(trial, arm, regimen):
    found = find_trial(trial).arm(arm)
    assert found is not None
    assert found.regimen == regimen


@pytest.mark.parametrize(
    ("name", "trial"),
    [
        ("BOLERO-2", "BOLERO-2"),
        ("bolero2", "BOLERO-2"),
        ("Bolero 2", "BOLERO-2"),
        ("nct00863655", "BOLERO-2"),
        ("T1_BELLE3_row", "BELLE-3"),
        ("NCT00083993", "HORIZON"),
        ("chow-tem", "CHOW_TEM"),
        ("NCT00944918", "SoFEA"),
        ("s0226", "S0226_MEHTA"),
        ("fergi", "T1_FERGI"),
    ],
)
def test_trials_are_found_by_any_of_their_names(name, trial):
    assert find_trial(name).id == trial


def test_an_unknown_trial_names_the_nearest():
    with pytest.raises(InputError, match="No trial 'BOLERO-3'; nearest is 'BOLERO-2'"):
        find_trial("BOLERO-3")


# Corrections to what was first collected.


def test_tandem_responses_are_of_measurable_disease():
    trial = find_trial("TAnDEM")
    row = _one(trial.results_of("orr_percent", arm="ANA+TRAS", stratum="measurable"))
    assert (row.estimate, row.count, row.n) == (20.3, 15, 74)
    assert _one(trial.design_of("criteria")).text == "WHO"


def test_fact_is_seen_every_eight_weeks_and_responds_among_measurable():
    trial = find_trial("FACT")
    visit = _one(trial.design_of("visit_interval"))
    assert (visit.value, visit.unit) == (8, "week")
    assert visit.confidence == Confidence.VERIFIED
    row = _one(trial.results_of(Endpoint.ORR, arm="ANA+FUL250", stratum="measurable"))
    assert (row.count, row.n) == (42, 132)


def test_egf30008_follow_up_and_weeks_of_the_label():
    trial = find_trial("EGF30008")
    assert _one(trial.design_of("follow_up_median")).value == 31.7
    row = _one(trial.results_of("pfs_median_months", arm="LET+LAP", stratum="HER2+"))
    assert row.interval is not None
    assert (row.interval.low, row.interval.high) == (5.5, 9.1)
    assert row.interval.confidence == Confidence.RECALLED


def test_carpenter_has_both_registry_numbers():
    assert find_trial("NCT00062751") is find_trial("NCT00061971")


def test_osborne_has_no_known_visit_interval():
    trial = find_trial("OSBORNE_GEF_TAM")
    assert "visit_interval" in trial.design_not_found
    assert trial.visit_candidates is not None
    assert trial.visit_candidates.values == (8, 12)


def test_bolero_2_esr1_alleles_are_exclusive_shares():
    facts = {f.category: f.value for f in epidemiology()["esr1_alleles_bolero2"].facts}
    assert facts["D538G only"] == 15.3
    assert facts["Y537S only"] == 7.8
    assert facts["both"] == 5.5


def test_review_and_publication_are_both_kept_where_they_conflict():
    trial = find_trial("TAnDEM")
    severe = trial.results_of("adverse_event_percent", arm="ANA+TRAS")
    assert sum(r.estimate for r in severe) == 28
    assert any("grade 2" in text for text in trial.discrepancies)


def test_population_and_cells():
    assert epidemiology()["cyp2d6_non_converters"].facts[0].value == 8
    assert cell_quantities()["her2_per_cell"].facts[0].value == 499795
    assert "synergy" in cell_observations()["IV13"].observation


def test_every_trial_of_the_review_and_nine_later_ones_are_here():
    later = {trial.id for trial in trials().values() if "later" in trial.review.section}
    assert len(later) == 7
    assert len(trials()) == 26 + len(later)
    assert {row.trial for row in targets()} <= set(trials())


def test_sources_say_how_they_were_read():
    assert sources()["yardley2013"].fields["pmid"] == "24158787"
    assert "Adv Ther" in sources()["yardley2013"].citation


def test_digest_is_stable_hexadecimal():
    assert digest() == digest()
    assert len(bytes.fromhex(digest())) == 16
