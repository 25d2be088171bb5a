"""One's own trial: its data read, the ensemble weighed or moved."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.calibration.free import free_parameters
from oestra.calibration.standardize import standardize
from oestra.calibration.updating import simulate, update
from oestra.calibration.updating.datum import Data, Datum, shared_patients
from oestra.calibration.updating.gather import gather
from oestra.calibration.updating.simulate import Predicted
from oestra.calibration.updating.smoother import smooth
from oestra.calibration.updating.weights import (
    Errors,
    model_errors,
    resampled,
    weigh_sets,
    z_scores,
)
from oestra.core.errors import InputError
from oestra.core.library import SHIPPED
from oestra.model.parameters import ensemble_parameters
from oestra.survival import hazard_ratio, kaplan_meier, product_limit
from oestra.trial.case_mix import effective_sample_size

TRIAL = """\
id: MINE
title: A trial of mine
arms:
  - {id: A, label: two, n: 200,
     regimen: letrozole 2.5 mg daily + everolimus 10 mg daily}
  - {id: B, label: one, regimen: letrozole 2.5 mg daily, n: 200}
eligibility: [prior_nonsteroidal_ai]
visits: {interval_weeks: 8}
criteria: RECIST-1.1
accrual_months: 12
data_cut_months: 30
subgroups: {liver: liver}
"""
RATIO = (
    "{endpoint: hazard_ratio, arm: A, control: B, estimate: 0.6, low: 0.4, high: 0.9}"
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "trial.yaml").write_text(TRIAL)
    return tmp_path


def read(folder, text, seed=1):
    file = folder / "mine.yaml"
    file.write_text(f"trial: trial.yaml\n{text}\n")
    return gather(file, SHIPPED, seed)


def datum(value=0.0, error=0.1, **given):
    named = {"endpoint": "hazard_ratio", "of": "pfs", "arm": "A", "control": "B"}
    return Datum(**(named | given), value=value, error=error, source="summary")


def of_numbers(*items):
    error = np.array([one.error for one in items])
    return Data(items=items, covariance=np.diag(error**2))


def no_errors(data):
    zero = np.zeros(len(data.items))
    return Errors(seen=data.covariance, model=zero, trial=zero)


def predicted(*rows):
    mean = np.array(rows, dtype=float)
    size = mean.shape[1]
    return Predicted(
        index=np.arange(len(mean)), mean=mean, noise=np.zeros((size, size))
    )


def patients(seed=3, size=200):
    """Return a table of patients in two arms, in ADTTE columns, days."""
    rng = np.random.default_rng(seed)
    parts = []
    for arm, median in (("A", 300.0), ("B", 180.0)):
        time = rng.exponential(median / np.log(2), size)
        end = rng.uniform(200, 800, size)
        parts.append(
            pd.DataFrame(
                {
                    "PARAMCD": "PFS",
                    "TRTP": arm,
                    "AVAL": np.round(np.minimum(time, end), 3),
                    "AVALU": "DAYS",
                    "CNSR": (time > end).astype(int),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


# What was seen


def test_a_printed_interval_gives_the_error_on_the_scale(folder):
    (one,) = read(folder, f"results: [{RATIO}]").data.items
    assert one.value == pytest.approx(np.log(0.6))
    assert one.error == pytest.approx(np.log(0.9 / 0.4) / (2 * 1.96), rel=1e-4)
    assert one.natural(one.value) == pytest.approx(0.6)


def test_a_comparison_the_other_way_round_is_the_same(folder):
    turned = (
        "{endpoint: hazard_ratio, arm: B, control: A, estimate: 2, low: 1, high: 4}"
    )
    (one,) = read(folder, f"results: [{turned}]").data.items
    assert (one.arm, one.control) == ("A", "B")
    assert one.value == pytest.approx(np.log(0.5))


def test_counts_give_errors_where_no_interval_was_printed(folder):
    found = read(
        folder,
        "results:\n"
        "- {endpoint: orr_percent, arm: A, estimate: 20, n: 100}\n"
        "- {endpoint: pfs_median_months, arm: B, estimate: 6, events: 64}\n"
        "- {endpoint: hazard_ratio, arm: A, control: B, estimate: 0.6, events: 100}\n",
    )
    rate, median, ratio = found.data.items
    assert rate.error == pytest.approx(1 / np.sqrt(100 * 0.2 * 0.8))
    # An exponential sample: the variance of a Kaplan-Meier median is 1 / (n ln(2)^2).
    assert median.error == pytest.approx(1 / np.log(2) / 8, rel=0.01)
    assert ratio.error == pytest.approx(0.2)


def test_numbers_of_the_same_patients_go_together():
    ratio = datum()
    mine = datum(endpoint="pfs_median_months", control="")
    theirs = datum(endpoint="pfs_median_months", arm="B", control="")
    rate = datum(endpoint="orr_percent", of="", control="")
    found = shared_patients((ratio, mine, theirs, rate))
    assert found[0] == pytest.approx([1.0, -0.5, 0.5, 0.0])
    assert found[1, 2] == pytest.approx(0.0)
    assert np.linalg.eigvalsh(found).min() > 0


@pytest.mark.parametrize("ending", ["csv", "parquet", "xpt"])
def test_a_table_of_patients_is_read_alike_from_every_format(folder, ending):
    table = patients()
    file = folder / f"adtte.{ending}"
    if ending == "csv":
        table.to_csv(file, index=False)
    elif ending == "parquet":
        table.to_parquet(file)
    else:
        pyreadstat = pytest.importorskip("pyreadstat")
        pyreadstat.write_xport(table, file, file_format_version=5)
    found = read(folder, f"adtte: [{{file: {file.name}}}]").data
    assert [one.endpoint for one in found.items] == [
        "hazard_ratio", "pfs_median_months", "pfs_median_months"
    ]  # fmt: skip
    group = (table["TRTP"] == "A").to_numpy()
    cox = hazard_ratio(table["AVAL"], table["CNSR"] == 0, group)
    ratio, mine, theirs = found.items
    assert ratio.value == pytest.approx(cox.log_hazard_ratio, abs=1e-6)
    assert ratio.error == pytest.approx(cox.standard_error, abs=1e-6)
    treated = table[group]
    median = product_limit(treated["AVAL"], treated["CNSR"] == 0).median
    assert np.exp(mine.value) == pytest.approx(median / 30.4375, rel=1e-4)
    correlation = found.covariance / np.outer(
        [one.error for one in found.items], [one.error for one in found.items]
    )
    assert correlation[0, 1] < -0.2
    assert correlation[0, 2] > 0.2
    assert abs(correlation[1, 2]) < 0.2
    assert theirs.error == pytest.approx(1.44 / np.sqrt(200), rel=0.4)


def test_a_digitized_curve_gives_what_its_patients_give(folder):
    table = patients()
    text = ["curves:"]
    for arm in ("A", "B"):
        rows = table[table["TRTP"] == arm]
        curve = kaplan_meier(rows["AVAL"], rows["CNSR"] == 0)
        pd.DataFrame(
            {"day": curve.times, "percent": np.round(100 * curve.survival, 1)}
        ).to_csv(folder / f"{arm}.csv", index=False)
        risk = [[d, int((rows["AVAL"] >= d).sum())] for d in range(0, 721, 90)]
        text.append(
            f"- {{arm: {arm}, file: {arm}.csv, unit: days, percent: true, "
            f"at_risk: {[[float(d), float(n)] for d, n in risk]}}}"
        )
    table.to_parquet(folder / "adtte.parquet")
    curves = read(folder, "\n".join(text)).data
    known = read(folder, "adtte: [{file: adtte.parquet}]").data
    for one, other in zip(curves.items, known.items, strict=True):
        assert one.key == other.key
        assert one.value == pytest.approx(other.value, abs=0.03)
        assert one.error == pytest.approx(other.error, rel=0.2)


def test_a_median_that_was_not_reached_becomes_a_landmark(folder):
    table = patients()
    table.loc[table["TRTP"] == "A", "CNSR"] = (np.arange(200) % 12 != 0).astype(int)
    table.to_csv(folder / "adtte.csv", index=False)
    found = read(folder, "adtte: [{file: adtte.csv}]").data
    landmark = next(one for one in found.items if one.at_months)
    assert landmark.endpoint == "landmark_percent"
    assert landmark.arm == "A"
    assert landmark.at_months % 3 == 0


def test_several_virtual_trials_are_not_one(folder):
    table = patients().assign(REPLNUM=np.arange(400) % 2)
    table.to_parquet(folder / "adtte.parquet")
    with pytest.raises(InputError, match="2 virtual trials by REPLNUM"):
        read(folder, "adtte: [{file: adtte.parquet}]")
    one = table[table["REPLNUM"] == 0].replace({"A": "two", "B": "one"})
    one.to_parquet(folder / "adtte.parquet")
    assert len(read(folder, "adtte: [{file: adtte.parquet}]").data.items) == 3


def test_a_table_without_units_needs_one(folder):
    table = patients().drop(columns="AVALU")
    table.to_csv(folder / "adtte.csv", index=False)
    with pytest.raises(InputError, match="no column AVALU; say unit"):
        read(folder, "adtte: [{file: adtte.csv}]")
    found = read(folder, "adtte: [{file: adtte.csv, unit: days}]")
    assert len(found.data.items) == 3


def test_arms_and_times_may_have_other_names(folder):
    table = patients().replace({"A": "Drug X", "B": "Placebo", "PFS": "PFSINV"})
    table.to_csv(folder / "adtte.csv", index=False)
    with pytest.raises(InputError, match="PARAMCD PFSINV"):
        read(folder, "adtte: [{file: adtte.csv}]")
    named = "arms: {A: Drug X, B: Placebo}, param: {pfs: PFSINV}"
    assert len(read(folder, f"adtte: [{{file: adtte.csv, {named}}}]").data.items) == 3
    wrong = "arms: {A: Drug Y, B: Placebo}, param: {pfs: PFSINV}"
    with pytest.raises(InputError, match="nearest is 'Drug X'"):
        read(folder, f"adtte: [{{file: adtte.csv, {wrong}}}]")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0,1\n3,0.8\n6,0.7\n", "begins with numbers"),
        ("t,s,n\n0,1,9\n3,0.8,8\n", "needs two columns.*got 3"),
        ("t;s\n0;1\n3;0.8\n", "joined by semicolons; join them by a comma"),
        ("t,t\n0,1\n3,0.8\n", "has the column 't' twice"),
        ("t,s\n0,1,5\n3,0.8,5\n", "cannot be read"),
        ("t,s\n0,1\n3\n6,0.7\n", "line 3: time and survival must be numbers"),
    ],
)
def test_files_of_curves_are_read_strictly(folder, text, said):
    (folder / "curve.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read(folder, "curves: [{arm: A, file: curve.csv, at_risk: [[0, 9]]}]")


def first(table, **given):
    """Return a table with other values in its first row."""
    changed = table.astype(object)
    for name, value in given.items():
        changed.loc[0, name] = value
    return changed


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.assign(aval=1), "'AVAL' and 'aval' differ in capitals only"),
        (
            lambda t: first(t, AVAL="47,6"),
            "line 2: AVAL must .* got '47,6'; write 47.6",
        ),
        (lambda t: first(t, AVAL="."), r"line 2: AVAL must .* got '\.'"),
        (lambda t: first(t, AVAL=-3), "line 2: AVAL must .* not negative, got '-3'"),
        (lambda t: first(t, AVAL=""), "line 2: AVAL must .* got nothing"),
        (lambda t: first(t, AVAL="2024-01-03"), "AVAL must .* got '2024-01-03'"),
        (lambda t: first(t, CNSR="Y"), "line 2: CNSR must .* 0 for an event.* got 'Y'"),
        (lambda t: first(t, CNSR=-1), "line 2: CNSR must be a whole .* got '-1'"),
        (lambda t: first(t, CNSR=0.5), "line 2: CNSR must be a whole .* got '0.5'"),
        (lambda t: first(t, CNSR=""), "line 2: CNSR must .* got nothing"),
        (lambda t: first(t, PARAMCD=""), "line 2: PARAMCD says what.* got nothing"),
        (lambda t: first(t, TRTP=""), "1 of 400 rows have TRTP left empty"),
        (lambda t: t.assign(TRTP=t["TRTP"].str.lower()), "rows have TRTP 'a', which"),
        (lambda t: first(t, AVALU=""), "line 2: AVALU must be a unit .* got nothing"),
        (lambda t: t.assign(AVALU=""), "nothing in AVALU; say unit"),
        (lambda t: t.assign(ANL01FL=["Y", *"N" * 399]), "399 of 400 rows .* ANL01FL"),
        (lambda t: t.head(0), "has no rows"),
        (lambda t: pd.concat([t] * 2), "400 rows of PFS are more than the 200 patient"),
        (lambda t: t.assign(CNSR=1), "learned from: A has no PFS event"),
        (lambda t: t.assign(AVAL=90, CNSR=0), "learned from: .*is the same however"),
    ],
)
def test_a_row_that_cannot_be_meant_is_named(folder, change, said):
    change(patients()).to_csv(folder / "adtte.csv", index=False)
    with pytest.raises(InputError, match=said) as caught:
        read(folder, "adtte: [{file: adtte.csv}]")
    assert str(caught.value).startswith("mine.yaml: ")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda text: text[:0].encode(), "is empty"),
        (lambda text: text.replace(",", ";").encode(), "joined by semicolons"),
        (lambda text: text.replace(",", "\t").encode(), "joined by tabs"),
        (lambda text: text.encode("utf-16"), "line 1: the byte 0xff is not UTF-8"),
        (lambda text: text.replace("A", "\xc4", 9).encode("latin-1"), "is not UTF-8"),
        (lambda text: b"PK\x03\x04" + text.encode(), "is a workbook"),
        (lambda text: text.replace("A", "\0", 9).encode(), "U.0000 is not allowed"),
        (lambda text: f"Export\n{text}".encode(), "line 2 has 5 values, and line 1 na"),
        (lambda text: f'{text}"PFS,A'.encode(), "cannot be read: unexpected end"),
    ],
)
def test_what_is_no_table_joined_by_commas_says_so(folder, make, said):
    (folder / "adtte.csv").write_bytes(make(patients().to_csv(index=False)))
    with pytest.raises(InputError, match=said):
        read(folder, "adtte: [{file: adtte.csv}]")


@pytest.mark.parametrize(
    "make",
    [
        lambda text: f"\ufeff{text}",
        lambda text: f"\n,,,,\n{text},,,,\n",
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", ",\n"),
        str.lower,
        lambda text: text.replace(",0\n", ",False\n").replace(",1\n", ",True\n"),
    ],
)
def test_how_a_table_is_written_changes_nothing(folder, make):
    text = patients().to_csv(index=False)
    (folder / "plain.csv").write_bytes(text.encode())
    (folder / "other.csv").write_bytes(make(text).encode())
    named = "arms: {A: a, B: b}" if make is str.lower else "arms: {}"
    plain = read(folder, "adtte: [{file: plain.csv}]").data
    found = read(folder, f"adtte: [{{file: other.csv, {named}}}]").data
    assert found.items == plain.items


def test_dates_and_spans_of_time_are_no_numbers(folder):
    table = patients()
    for value in (pd.Timestamp("2024-01-01"), pd.Timedelta(days=40)):
        table.assign(AVAL=value).to_parquet(folder / "adtte.parquet")
        with pytest.raises(InputError, match="row 1: AVAL must be a finite time"):
            read(folder, "adtte: [{file: adtte.parquet}]")


def test_codes_of_arms_keep_their_zeros(folder):
    table = patients().replace({"TRTP": {"A": "01", "B": "02"}})
    table.to_csv(folder / "adtte.csv", index=False)
    found = read(folder, "adtte: [{file: adtte.csv, arms: {A: '01', B: '02'}}]")
    assert len(found.data.items) == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("arms: {A: B}", "TRTP 'B' is taken for A and B"),
        ("param: {os: DEATH}", "param names os, which MINE does not report"),
    ],
)
def test_names_of_a_table_are_of_the_trial_and_apart(folder, words, said):
    patients().to_csv(folder / "adtte.csv", index=False)
    with pytest.raises(InputError, match=said):
        read(folder, f"adtte: [{{file: adtte.csv, {words}}}]")


def test_what_is_not_read_or_not_compared_is_told(folder):
    table = patients()
    other = table.head(5).assign(PARAMCD="DOR")
    pd.concat([table[table["TRTP"] == "A"], other]).to_csv(
        folder / "adtte.csv", index=False
    )
    found = read(folder, "adtte: [{file: adtte.csv}]").data
    assert [one.endpoint for one in found.items] == ["pfs_median_months"]
    assert "5 rows of PARAMCD DOR are no time that MINE reports" in found.told[0]
    assert "no PFS times of B, so that A is not compared" in found.told[1]


def test_nobody_and_everybody_can_respond(folder):
    for percent, sign in ((0, -1.0), (100, 1.0)):
        text = f"{{endpoint: orr_percent, arm: A, estimate: {percent}, n: 40}}"
        (one,) = read(folder, f"results: [{text}]").data.items
        assert one.value == pytest.approx(sign * np.log(40.5 / 0.5))
        assert one.error == pytest.approx(np.sqrt(1 / 0.5 + 1 / 40.5))


def test_an_interval_that_reaches_an_end_leaves_the_error_to_n(folder):
    text = "endpoint: orr_percent, arm: A, estimate: 5, low: 0, high: 12"
    with pytest.raises(InputError, match=r"interval that reaches 0 %.* give n"):
        read(folder, f"results: [{{{text}}}]")
    (one,) = read(folder, f"results: [{{{text}, n: 40}}]").data.items
    assert one.error == pytest.approx(1 / np.sqrt(40 * 0.05 * 0.95))


def test_curves_with_too_few_points_give_no_number_without_error(folder):
    curve = (
        "arm: A, points: [[0, 1], [3, 0.8], [6, 0.6], [9, 0.3]], at_risk: [[0, 200]]"
    )
    with pytest.raises(InputError, match="pfs_median_months of A is the same however"):
        read(folder, f"curves: [{{{curve}}}]")


@pytest.mark.parametrize(
    ("events", "said"),
    [
        (0, "0 events do not fit the curve.* show about|0 events leave survival"),
        (190, "190 events do not fit the curve and its numbers at risk"),
    ],
)
def test_events_that_a_curve_cannot_have_are_refused(folder, events, said):
    points = "points: [[0, 1], [3, 0.8], [6, 0.6], [9, 0.4]], at_risk: [[0, 200]]"
    with pytest.raises(InputError, match=said):
        read(folder, f"curves: [{{arm: A, {points}, events: {events}}}]")


@pytest.mark.parametrize(
    ("change", "words", "said"),
    [
        (lambda t: t.assign(USUBJID=0), "", "USUBJID '0' has more than one row of PFS"),
        (
            lambda t: t.replace({"TRTP": {"B": "C"}}),
            "",
            "200 of 400 rows have TRTP 'C', which is no arm",
        ),
        (lambda t: t, ", unit: months", "unit months contradicts AVALU DAYS"),
        (lambda t: t.assign(AVALU="MONTHS"), "", "is it in days"),
    ],
)
def test_tables_that_contradict_themselves_are_refused(folder, change, words, said):
    change(patients()).to_csv(folder / "adtte.csv", index=False)
    with pytest.raises(InputError, match=said):
        read(folder, f"adtte: [{{file: adtte.csv{words}}}]")


def test_printed_numbers_beside_patients_are_used_once(folder):
    patients().to_csv(folder / "adtte.csv", index=False)
    ratio = read(folder, "adtte: [{file: adtte.csv}]").data.items[0]
    middle = float(np.exp(ratio.value))
    printed = (
        "{endpoint: hazard_ratio, arm: A, control: B, "
        f"estimate: {middle:.2f}, low: {0.8 * middle:.2f}, high: {1.25 * middle:.2f}}}"
    )
    found = read(folder, f"results: [{printed}]\nadtte: [{{file: adtte.csv}}]").data
    assert [one.source for one in found.items] == ["patients"] * 3
    assert "is taken from patients" in found.told[0]


def test_sources_that_contradict_each_other_are_refused(folder):
    patients().to_csv(folder / "adtte.csv", index=False)
    wrong = RATIO.replace("0.6", "1.6").replace("0.4", "1.4").replace("0.9", "1.8")
    with pytest.raises(InputError, match="they contradict each other"):
        read(folder, f"results: [{wrong}]\nadtte: [{{file: adtte.csv}}]")
    with pytest.raises(InputError, match=r"medians of 12 and 4 months contradict"):
        read(
            folder,
            "results:\n"
            "- {endpoint: hazard_ratio, arm: A, control: B, estimate: 1.5, low: 1.3, "
            "high: 1.7}\n"
            "- {endpoint: pfs_median_months, arm: A, estimate: 12, low: 11, high: 13}\n"
            "- {endpoint: pfs_median_months, arm: B, estimate: 4, low: 3.7, high: 4.3}",
        )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("results: []", "nothing to learn from"),
        ("reslts: []", "reslts"),
        (RATIO.join(["results: [", ", ", "]"]), "given twice"),
        (f"results: [{RATIO.replace('0.6', '0.3')}]", "must lie between low 0.4"),
        (f"results: [{RATIO.replace('A,', 'X,')}]", "no arm 'X'; it has A, B"),
        (f"results: [{RATIO.replace(', control: B', '')}]", "needs a control"),
        ("results: [{endpoint: pfs_median_months, arm: A, estimate: 5}]", "how sure"),
        (
            "results: [{endpoint: pfs_median_months, arm: A, estimate: 5, n: 9}]",
            "low and high, or events",
        ),
        (
            "results: [{endpoint: orr_percent, arm: A, estimate: 120, n: 9}]",
            "120 is no objective response in percent",
        ),
        (
            "results: [{endpoint: landmark_percent, arm: A, estimate: 20, n: 9}]",
            "needs at_months",
        ),
        (
            "results: [{endpoint: landmark_percent, arm: A, at_months: 90, "
            "estimate: 20, n: 9}]",
            "after the data cut at 30",
        ),
        (
            "results: [{endpoint: os_median_months, arm: A, estimate: 20, events: 9}]",
            "does not report os_median_months; its times are pfs",
        ),
        (
            "results: [{endpoint: orr_prcent, arm: A, estimate: 20, n: 9}]",
            "nearest is 'orr_percent'",
        ),
        (
            "results: [{endpoint: crossover_percent, arm: A, estimate: 20, n: 9}]",
            "cannot be learned from",
        ),
        (
            "results: [{endpoint: orr_percent, arm: A, stratum: bone, estimate: 20, "
            "n: 9}]",
            "no group or subgroup 'bone'; it has liver",
        ),
        ("curves: [{arm: A, at_risk: [[0, 9]]}]", "a file or points, and not both"),
        (
            "curves: [{arm: A, points: [[0, 1], [3, 0.8], [6, 0.9]], at_risk: "
            "[[0, 9]]}]",
            "a survival curve never rises",
        ),
        (
            "curves: [{arm: A, points: [[0, 100], [3, 80]], at_risk: [[0, 9]]}]",
            "percent: true",
        ),
        (
            "curves: [{arm: A, of: os, points: [[0, 1], [3, 0.8]], at_risk: [[0, 9]]}]",
            "does not report os",
        ),
        ("curves: [{arm: A, file: none.csv, at_risk: [[0, 9]]}]", "there is no file"),
        ("adtte: [{file: mine.yaml}]", "must end in .csv"),
        ("reslts: []", "there is no such key; nearest is 'results'"),
        (
            f"results: [{RATIO.replace('0.6', '60').replace('0.4', '40')}]".replace(
                "0.9", "90"
            ),
            "it is a ratio, not in percent",
        ),
        (
            "results: [{endpoint: pfs_median_months, arm: A, estimate: 900, events: "
            "9}]",
            "900 months comes long after the data cut at 30",
        ),
        (
            "curves: [{arm: A, percent: true, points: [[0, 1], [3, 0.8]], at_risk: "
            "[[0, 9]]}]",
            "if it is a share, leave percent out",
        ),
        (
            "curves: [{arm: A, points: [[0, 0.9], [3, 0.8]], at_risk: [[0, 9]]}]",
            "survival is 0.9 there",
        ),
        (
            "results: [{endpoint: orr_percent, arm: A, estimate: 20, n: 900}]",
            "n 900 are more than the 200 patients of A",
        ),
        (
            f"results: [{RATIO.replace('low: 0.4, high: 0.9', 'events: 900')}]",
            "events 900 are more than the 400 patients of A and B",
        ),
        (
            "curves: [{arm: A, points: [[0, 1], [3, 0.8]], at_risk: [[0, 900]]}]",
            "900 at risk are more than the 200 patients of A",
        ),
        (
            "results: [{endpoint: orr_percent, arm: A, estimate: 0.2, n: 40}]",
            "0.2 % of 40 patients is no whole number of them; nearest is 0 %",
        ),
        (
            f"results: [{RATIO.replace('0.4', '0.59').replace('0.9', '0.61')}]",
            "narrower than the 400 patients of A and B can make it",
        ),
        (
            f"results: [{RATIO.replace('0.4', '0.59').replace('0.9', '3.6')}]",
            "0.6 is not in the middle of 0.59 to 3.6",
        ),
        (
            "results: [{endpoint: orr_percent, of: pfs, arm: A, estimate: 20, n: 40}]",
            "of pfs says nothing of orr_percent",
        ),
        (
            "curves: [{arm: A, unit: days, points: [[0, 1], [90, 0.8], [180, 0.5]], "
            "at_risk: [[0, 40], [3, 30], [6, 15]]}]",
            "write both in one unit",
        ),
        (
            "results:\n- {endpoint: landmark_percent, arm: A, at_months: 6, estimate: "
            "30, n: 40}\n- {endpoint: landmark_percent, arm: A, at_months: 12, "
            "estimate: 60, n: 40}",
            "a curve never rises",
        ),
        (
            "results:\n- {endpoint: landmark_percent, arm: A, at_months: 6, estimate: "
            "30, n: 40}\n- {endpoint: pfs_median_months, arm: A, estimate: 12, events: "
            "40}",
            "a median of 12 months contradicts it",
        ),
        (
            "results:\n- {endpoint: orr_percent, arm: A, estimate: 60, n: 40}\n"
            "- {endpoint: cbr_percent, arm: A, estimate: 30, n: 40}",
            "whoever has the first has the second as well",
        ),
        (
            "curves: [{arm: A, points: [[0, 1], [900, 0.8]], at_risk: [[0, 9]]}]",
            "if times are in days, say unit: days",
        ),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence(folder, text, said):
    with pytest.raises(InputError) as caught:
        read(folder, text)
    assert said in str(caught.value)
    assert str(caught.value).startswith("mine.yaml: ")


def test_every_fault_is_told_at_once(folder):
    with pytest.raises(InputError) as caught:
        read(
            folder,
            "results: [{endpoint: orr_percent, arm: X, estimate: 20, n: 10}]\n"
            "curves: [{arm: A, points: [[0, 1], [3, 0.5], [6, 0.9]], at_risk: "
            "[[0, 9], [3, 12]]}]\n"
            "adtte: [{file: none.csv}]",
        )
    assert len(str(caught.value).splitlines()) == 4


# Weights


def test_weights_are_likelihoods():
    data = of_numbers(datum(0.0, 0.5))
    found = weigh_sets(data, predicted([0.0], [0.5], [1.0]), no_errors(data))
    assert found[1] / found[0] == pytest.approx(np.exp(-0.5))
    assert found[2] / found[0] == pytest.approx(np.exp(-2.0))
    assert found.sum() == pytest.approx(1.0)


def test_every_error_makes_weights_more_even():
    data = of_numbers(datum(0.0, 0.1))
    seen = predicted([0.0], [0.3])
    bare = weigh_sets(data, seen, no_errors(data))
    model = Errors(seen=data.covariance, model=np.array([0.3]), trial=np.array([0.0]))
    trial = Errors(seen=data.covariance, model=np.array([0.0]), trial=np.array([0.3]))
    for errors in (model, trial):
        assert bare[0] > weigh_sets(data, seen, errors)[0] > 0.5
    noisy = Predicted(index=seen.index, mean=seen.mean, noise=np.array([[0.09]]))
    assert weigh_sets(data, noisy, no_errors(data)) == pytest.approx(
        weigh_sets(data, seen, model)
    )


def test_what_trials_share_is_no_contradiction():
    """Both medians longer by the same factor may be the trial; one longer is not."""
    items = [datum(0.6, 0.1, endpoint="pfs_median_months", control="", arm=arm)
             for arm in ("A", "B")]  # fmt: skip
    data = of_numbers(*items)
    errors = Errors(
        seen=data.covariance, model=np.zeros(2), trial=np.array([-0.3, -0.3])
    )
    both = weigh_sets(data, predicted([0.6, 0.6], [0.0, 0.0]), errors)
    one = weigh_sets(data, predicted([0.6, 0.6], [0.0, 0.6]), errors)
    assert one[1] < 0.01 * both[1]


@given(st.lists(st.floats(0.01, 1.0), min_size=2, max_size=30), st.floats(0, 0.999))
def test_drawing_by_weight(given_weights, start):
    weights = np.array(given_weights) / sum(given_weights)
    size = effective_sample_size(weights)
    assert 1.0 - 1e-9 <= size <= len(weights) + 1e-9
    count = np.bincount(resampled(weights, 20, start), minlength=len(weights))
    assert count.sum() == 20
    assert (np.abs(count - 20 * weights) < 1.0 + 1e-9).all()


def test_effective_size_of_even_and_of_one():
    assert effective_sample_size(np.full(8, 0.125)) == pytest.approx(8.0)
    assert effective_sample_size(np.array([1.0, 0.0, 0.0])) == pytest.approx(1.0)


def test_conflicts_have_size_and_sign():
    data = of_numbers(datum(1.0, 0.3))
    errors = Errors(seen=data.covariance, model=np.array([0.4]), trial=np.zeros(1))
    (z,) = z_scores(data, predicted([0.0], [0.0], [0.0]), errors)
    assert z == pytest.approx(2.0)
    (lower,) = z_scores(of_numbers(datum(-1.0, 0.3)), predicted([0.0], [0.0]), errors)
    assert lower == pytest.approx(-2.0)


def test_the_models_own_error_is_that_of_left_out_trials():
    known = {
        "hazard_ratio": {"sd": 0.15, "trials": 17.0},
        "median": {"sd": 0.2, "trials": 17.0},
        "orr_cbr": {"sd": 0.5, "trials": 2.0},
    }
    half = datum(endpoint="landmark_percent", control="", at_months=6.0)
    data = of_numbers(datum(), half, datum(endpoint="orr_percent", of="", control=""))
    found = model_errors(data, known)
    # Half of the patients left: logit of exp(-x) falls by 2 ln 2 per unit of log x.
    assert found == pytest.approx([0.15, 0.2 * 2 * np.log(2), 0.0])


# Moving


def test_the_smoother_gives_the_posterior_of_a_linear_model():
    rng = np.random.default_rng(1)
    count, slope, error = 6000, np.array([0.8, 0.0, -0.3]), 0.5
    z = rng.standard_normal((count, 3))
    y = (z @ slope)[:, None]
    data = of_numbers(datum(1.2, error))
    moved = smooth(
        z, y, data, no_errors(data), np.zeros((1, 1)), rng.standard_normal((count, 1))
    )
    gain = slope / (slope @ slope + error**2)
    assert moved.mean(axis=0) == pytest.approx(gain * 1.2, abs=0.05)
    expected = np.eye(3) - np.outer(gain, slope)
    assert np.cov(moved.T) == pytest.approx(expected, abs=0.06)


def test_what_chance_alone_could_give_moves_nothing():
    rng = np.random.default_rng(2)
    z = rng.standard_normal((30, 200))
    y = (2.0 * z[:, :1]) + 0.1 * rng.standard_normal((30, 1))
    data = of_numbers(datum(4.0, 0.2))
    noise = np.zeros((30, 1))
    moved = smooth(z, y, data, no_errors(data), np.zeros((1, 1)), noise) - z
    size = np.abs(moved.mean(axis=0))
    assert size[0] > 1.0
    assert (size[1:] == 0.0).mean() > 0.5
    assert np.abs(smooth(z, 9 * y, data, no_errors(data), np.zeros((1, 1)), noise)
                  ).max() <= 3.0  # fmt: skip


# The whole


@pytest.fixture
def linear(monkeypatch):
    """Replace simulation by a line in the first fitted parameter."""
    free = free_parameters()

    def line(sets, data, slope=0.5):
        z = np.array([standardize(one, free)[0] for one in sets])
        middle = standardize(ensemble_parameters()[0], free)[0]
        return np.outer(slope * (z - middle), np.ones(len(data.items)))

    def predict(_design, sets, data, **_rest):
        mean = line(sets, data)
        size = len(data.items)
        return Predicted(
            index=np.arange(len(sets)), mean=mean, noise=1e-6 * np.eye(size)
        )

    monkeypatch.setattr(update, "predict_sets", predict)
    monkeypatch.setattr(
        update, "slopes", lambda _d, _b, data, **_rest: np.zeros(len(data.items))
    )
    return line


def run(folder, text, **given):
    found = read(folder, text)
    return update.update_ensemble(ensemble_parameters()[:40], found, **given)


def ratio_text(value):
    low, high = value * np.exp(-0.3), value * np.exp(0.3)
    return (
        "results: [{endpoint: hazard_ratio, arm: A, control: B, "
        f"estimate: {value:.4f}, low: {low:.4f}, high: {high:.4f}}}]"
    )


def test_an_update_goes_toward_what_was_seen(folder, linear):
    for value, sign in ((1.3, 1.0), (0.77, -1.0)):
        found = run(folder, ratio_text(value))
        assert found.method == "reweighted"
        assert found.effective_sets < 40
        (row,) = found.rows()
        moved = np.log(row["after"]["estimate"] / row["before"]["estimate"])
        assert sign * moved > 0
        assert abs(found.z_after[0]) < abs(found.z_before[0])
        kept = linear(found.sets, found.data)[:, 0].mean()
        assert sign * (kept - found.before.mean.mean()) > 0
        assert len(found.sets) == 20


def test_far_data_move_every_set_and_are_named_a_conflict(folder, linear):
    found = run(folder, ratio_text(6.0))
    assert found.method == "moved"
    assert found.effective_sets < 5
    assert found.conflicts == [0]
    assert found.z_before[0] > 2
    (row,) = found.rows()
    assert row["conflict"]
    # The least of both errors: between what was expected and what was seen.
    assert row["before"]["estimate"] < row["after"]["estimate"] < 6.0
    assert len(found.sets) == 39
    assert found.z_after[0] < found.z_before[0]


def test_the_best_set_stays_where_nothing_speaks_against_it(folder, linear):
    found = run(folder, ratio_text(1.0))
    assert found.best == ensemble_parameters()[0]


def test_the_same_seed_gives_the_same_sets(folder, linear):
    one, other, third = (run(folder, ratio_text(1.3), seed=s) for s in (1, 1, 2))
    assert one.sets == other.sets
    assert one.sets != third.sets


def test_real_simulation_of_a_small_trial(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(simulate, "ENSEMBLE_PATIENTS", 150)
    monkeypatch.setattr(simulate, "_PATIENTS", 100)
    found = read(
        folder,
        f"results:\n- {RATIO}\n"
        "- {endpoint: landmark_percent, arm: B, at_months: 6, estimate: 30, n: 40}\n"
        "- {endpoint: cbr_percent, arm: A, stratum: liver, estimate: 30, n: 20}\n",
    )
    done = update.update_ensemble(
        ensemble_parameters()[:2], found, seed=2, workers=1, fewest=0.0
    )
    assert done.before.mean.shape == (2, 3)
    assert np.isfinite(done.before.mean).all()
    assert (np.diag(done.before.noise) > 0).all()
    assert done.weights.sum() == pytest.approx(1.0)
    # Faster growth leaves fewer patients without progression at six months.
    assert done.errors.trial[1] < 0
