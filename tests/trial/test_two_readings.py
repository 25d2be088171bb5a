"""Scans read locally and centrally: what must agree, what may differ."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from oestra.core.errors import InputError
from oestra.core.quantity import Origin, Quantity
from oestra.trial.assumption import assumptions
from oestra.trial.designs import find_design, read_design
from oestra.trial.run import run_trial
from oestra.trial.tables.plan import table_plan
from oestra.trial.two_readings import OTHER, by_other_reader, count_differences

DESIGN = find_design("EXAMPLE-READERS")
ONE = DESIGN.model_copy(update={"reading": ()})
TURNED = DESIGN.model_copy(update={"reading": DESIGN.reading[::-1]})


def of_error(value):
    error = Quantity(
        value=value,
        unit="1",
        interval=(value, value),
        origin=Origin.ASSUMED,
        reason="known in a test",
    )
    return replace(assumptions(), reading_error=error)


@pytest.fixture(scope="module")
def run(cohort, follow):
    def go(design, known=None):
        return run_trial(
            design, cohort=cohort, follow=follow, replicates=2, patients=160,
            known=known,
        )  # fmt: skip

    return go


@pytest.fixture(scope="module")
def both(run):
    return run(DESIGN)


def told(stratum):
    return stratum.to_json_dict()["arms"]


def test_local_reading_is_the_trial_with_one_reader(run, both):
    one, local = run(ONE), both.strata["local reading"]
    assert told(local) == told(one.overall)
    assert local.contrasts[0].hazard_ratio == one.contrasts[0].hazard_ratio
    assert told(both.overall) != told(local)
    assert not one.readers
    assert "readers" not in one.to_json_dict()
    # Harm and the end of treatment follow from what the investigator reads.
    pd.testing.assert_frame_equal(both.adverse_events, one.adverse_events)


def test_the_first_reader_is_primary(run, both):
    turned = run(TURNED)
    assert told(turned.overall) == told(both.strata["local reading"])
    assert told(turned.strata["central reading"]) == told(both.overall)
    for arm, one in both.readers.items():
        other = turned.readers[arm]
        assert (one.primary, one.other) == ("central", "local")
        assert other.primary_alone_percent == one.other_alone_percent
        assert other.other_later_percent == one.other_earlier_percent
        assert other.discordant_percent == pytest.approx(one.discordant_percent)


def test_readers_without_error_agree_and_bad_readers_do_not(run):
    exact = run(DESIGN, of_error(0.0))
    assert told(exact.overall) == told(exact.strata["local reading"])
    assert {one.discordant_percent for one in exact.readers.values()} == {0.0}
    good, bad = run(DESIGN, of_error(0.05)), run(DESIGN, of_error(0.3))
    for arm, one in good.readers.items():
        assert one.discordant_percent < bad.readers[arm].discordant_percent


def test_differences_are_counted_once():
    table = pd.DataFrame(
        {
            "pfs_day": [100.0, 100.0, 100.0, 100.0, 100.0, 100.0],
            "pfs_event": [True, True, True, True, False, False],
            f"{OTHER}pfs_day": [103.0, 150.0, 50.0, 90.0, 70.0, 80.0],
            f"{OTHER}pfs_event": [True, True, True, False, True, False],
        }
    )
    assert count_differences(table).tolist() == [6, 1, 1, 1, 1, 1]
    turned = by_other_reader(table)
    assert turned["pfs_day"].tolist() == table[f"{OTHER}pfs_day"].tolist()
    assert list(turned.columns) == ["pfs_day", "pfs_event"]


def test_central_reading_ends_with_treatment_unless_patients_are_scanned_on(run, both):
    def alone(result, kind):
        rows = result.patients
        return rows[rows["PARAMCD"] == kind].set_index("USUBJID")

    local, central = alone(both, "PFSLOC"), alone(both, "PFS")
    progressed = local["EVNTDESC"] == "progression on scan"
    # After progression was seen there is no scan on which a reader could see it late.
    late = central["AVAL"] > local["AVAL"] + 7
    assert not (
        progressed & late & (central["EVNTDESC"] == "progression on scan")
    ).any()
    censored = progressed & (central["CNSR"] == 1)
    assert censored.any()
    ignored = DESIGN.model_copy(
        update={"censoring": find_design("EXAMPLE-CHOICE").censoring.model_copy(
            update={"rule": find_design("EXAMPLE-PLASMA").censoring.rule})}
    )  # fmt: skip
    on = run(ignored)
    local, central = alone(on, "PFSLOC"), alone(on, "PFS")
    late = central["AVAL"] > local["AVAL"] + 7
    assert ((local["EVNTDESC"] == "progression on scan") & late).any()


def test_tables_hold_both(both):
    sizes = both.patients["PARAMCD"].value_counts()
    assert set(sizes.index) == {"PFS", "TTP", "PFSLOC", "TTPLOC"}
    assert set(sizes) == {320}
    names = both.patients.loc[both.patients["PARAMCD"] == "PFSLOC", "PARAM"]
    assert names.str.endswith(", local reading").all()
    known = table_plan(DESIGN).decode("TTEPRM")
    assert {"PFSLOC", "PFSCEN", "TTPLOC", "TTPCEN"} <= set(known)


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("reading: [central]", "got central; write \\[central, local\\]"),
        ("reading: [central, central]", "got central, central; write"),
        ("reading: [locl, central]", "nearest is 'local'"),
        ("reading: [central, local]\nsubgroups: {local reading: liver}",
         "'local reading' is the name of results by reader"),
    ],
)  # fmt: skip
def test_refusals(tmp_path, word, says):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "id: MINE\ntitle: mine\narms:\n"
        "  - {id: A, label: a, n: 50, regimen: exemestane 25 mg daily}\n"
        "  - {id: B, label: b, n: 50, regimen: elacestrant 345 mg daily}\n"
        "eligibility: [liver]\nvisits: {interval_weeks: 8}\n"
        "criteria: RECIST-1.1\naccrual_months: 12\ndata_cut_months: 24\n" + word
    )
    with pytest.raises(InputError, match=says) as caught:
        read_design(path)
    assert "line 1" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_numbers_are_plain(both):
    (one, _) = both.to_json_dict()["readers"].values()
    shares = [value for name, value in one.items() if name.endswith("_percent")]
    assert np.isfinite(shares).all()
    assert 0 < one["discordant_percent"] < 100
