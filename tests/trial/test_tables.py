"""Tables for statisticians: what they hold, that all formats agree, and R's verdict."""

import io
import json
import re
import shutil
import subprocess
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pandas as pd
import pyreadstat
import pytest
import xmlschema
from odmlib.schema_manager import get_schema_path

from oestra.cdisc.dictionary import dictionary
from oestra.cdisc.formats import Format, formats_of
from oestra.cdisc.writer import table_writer
from oestra.core.errors import InputError
from oestra.core.library import SHIPPED
from oestra.trial.design import Look
from oestra.trial.design_file import parse_design
from oestra.trial.designs import find_design
from oestra.trial.run import run_trial
from oestra.trial.tables.plan import plain_words, table_plan
from oestra.trial.tables.sink import TableSink

NAMES = ("ADSL", "ADTTE", "ADRS", "ADTR", "ADAE", "ADEX")
ALL = tuple(Format)
LOOK = 120
RSCRIPT = shutil.which("Rscript")
SCRIPT = Path(__file__).with_name("tables.R")
LESSON = Path(__file__).parents[2] / "docs" / "tutorials" / "to-r-and-back.md"


def written(folder, design, cohort, follow, *, formats=ALL, workers=1, **options):
    folder.mkdir(exist_ok=True)
    names = {"study": design.id, "title": design.title, "version": "0"}
    with table_writer(folder, table_plan(design), formats, **names) as add:
        return run_trial(
            design,
            cohort=cohort,
            follow=follow,
            workers=workers,
            tables=TableSink(formats=formats, add=add),
            **options,
        )


@dataclass(frozen=True)
class Responding:
    """Some tumors of the stand-in shrink for five months before they grow again."""

    follow: Any

    def __call__(self, rows, regimen, *, days, **rest):
        course = self.follow(rows, regimen, days=days, **rest)
        deep = rows % (4 - len(regimen.drugs)) == 0
        dip = 0.02 * (np.abs(days - 150.0) - 150.0)
        volume = course.log_volume + np.where(deep[:, None], dip, 0.0)[:, None, :]
        late = course.new_lesion_day + np.where(deep, 150.0, 0.0)
        return replace(
            course, log_volume=volume.astype(np.float32), new_lesion_day=late
        )


@pytest.fixture(scope="module")
def follow(follow):
    return Responding(follow)


@pytest.fixture(scope="module")
def design():
    shipped = find_design("BOLERO-2")
    looks = {"looks": (Look(events=LOOK),)}
    analysis = shipped.analysis.model_copy(update=looks)
    return shipped.model_copy(update={"analysis": analysis})


@pytest.fixture(scope="module")
def run(design, cohort, follow, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    result = written(folder, design, cohort, follow, replicates=3, patients=300)
    return folder, result


@pytest.fixture(scope="module")
def tables(run):
    return {n: pd.read_parquet(run[0] / f"{n.lower()}.parquet") for n in NAMES}


def test_every_column_is_in_the_dictionary_and_every_word_is_written(run, tables):
    known = dictionary()
    assert tuple(known.datasets) == NAMES
    for name, dataset in known.datasets.items():
        single = [one.name for one in dataset.variables if not one.repeats]
        many = {
            one.name.rstrip("FLDR#")[:4] for one in dataset.variables if one.repeats
        }
        columns = list(tables[name])
        rest = [one for one in columns if one not in single]
        assert [one for one in columns if one in single] == single
        assert {one[:4] for one in rest} == many
    subgroups = [one for one in tables["ADSL"] if one.startswith("SUBG")]
    assert len(subgroups) == len(find_design("BOLERO-2").subgroups)


def test_names_and_labels_fit_the_transport_format(design):
    known = table_plan(design)
    for dataset in known.datasets.values():
        names = [one.name for one in dataset.variables]
        assert len(set(names)) == len(names)
        for one in dataset.variables:
            assert 1 <= len(one.name) <= 8
            assert 1 <= len(one.label) <= 40
            assert 1 <= one.length <= 200
            assert one.derivation
            assert not one.codelist or one.codelist in known.codelists


def test_every_term_is_in_its_codelist(tables):
    known = dictionary()
    for name, dataset in known.datasets.items():
        for one in dataset.variables:
            if one.codelist and not one.repeats:
                found = set(tables[name][one.name].dropna().astype(str)) - {""}
                assert found <= set(known.decode(one.codelist)), (name, one.name)


def test_days_are_whole_and_none_is_zero(tables):
    for name, table in tables.items():
        for column in (one for one in table if one.endswith("DY")):
            days = table[column].dropna()
            assert (days >= 1).all(), (name, column)
            assert (days == days.astype(int)).all()
    tte, sl = tables["ADTTE"], tables["ADSL"]
    joined = tte.merge(sl[["USUBJID", "RANDDT"]], on="USUBJID")
    apart = (pd.to_datetime(joined["ADT"]) - pd.to_datetime(joined["RANDDT"])).dt.days
    assert (apart + 1 == joined["ADY"]).all()
    assert sl["RANDDT"].min().isoformat() >= "2000-01-01"


def test_every_time_says_why_it_ended(tables):
    tte = tables["ADTTE"]
    assert set(tte["PARAMCD"]) == {"PFS", "OS", "DOR"}
    event = tte["CNSR"] == 0
    assert event.any()
    assert (~event).any()
    assert ((tte["EVNTDESC"] != "") == event).all()
    assert ((tte["CNSDTDSC"] != "") == ~event).all()


def test_strata_are_told_in_words(tables):
    sl = tables["ADSL"]
    assert set(sl["STRAT2D"]) == {"visceral"}
    assert set(sl["STRAT2R"]) == {"visceral", "not visceral"}
    assert ((sl["STRAT2R"] == "visceral") == (sl["VISCFL"] == "Y")).all()
    assert (sl["STRATAR"] == sl["STRAT1R"] + "; " + sl["STRAT2R"]).all()
    assert len(sl.groupby(["STRATARN", "STRATAR"])) == sl["STRATARN"].nunique()
    assert plain_words("age_years >= 65", met=False) == "not (age years >= 65)"


def test_subgroups_are_those_of_the_result(run, tables, design):
    result, sl = run[1], tables["ADSL"]
    for number, name in enumerate(design.subgroups, start=1):
        inside = sl[sl[f"SUBG{number:02d}FL"] == "Y"]
        for arm in design.arm_ids:
            mine = inside[inside["ARMCD"] == arm]
            counts = [(mine["REPLNUM"] == replicate).sum() for replicate in range(3)]
            assert result.strata[name].arms[arm].n == int(np.median(counts))


def test_sums_are_those_of_the_lesions(tables):
    tr = tables["ADTR"]
    keys = ["REPLNUM", "USUBJID", "AVISITN"]
    lesions = tr[tr["TRLNKID"] != ""].groupby(keys)["AVAL"].sum()
    sums = tr[tr["PARAMCD"] == "SUMDIAM"].set_index(keys)["AVAL"]
    assert len(lesions) == len(sums) > 500
    pd.testing.assert_series_equal(lesions, sums.sort_index(), check_names=False)
    base = tr[tr["ABLFL"] == "Y"]
    assert (base["AVISITN"] == 0).all()
    assert (base["ADY"] == 1).all()
    assert (base["CHG"] == 0).all()


def test_deepest_change_of_the_sums_is_that_of_the_waterfall(run, tables):
    tr = tables["ADTR"]
    later = tr[(tr["PARAMCD"] == "SUMDIAM") & (tr["AVISITN"] > 0)]
    deepest = later.groupby(["REPLNUM", "USUBJID"])["PCHG"].min()
    shown = run[1].responses.rename(columns={"REPLICATE": "REPLNUM"})
    shown = shown.set_index(["REPLNUM", "USUBJID"])["PCHG"].dropna()
    assert len(deepest) > 300
    assert list(deepest.index) == list(shown.sort_index().index)
    assert deepest.to_numpy() == pytest.approx(shown.sort_index().to_numpy())


def test_best_responses_follow_from_visits(run, tables):
    rs = tables["ADRS"]
    best = rs[rs["PARAMCD"].isin(["BOR", "CBOR"])]
    used = best[best["ANL01FL"] == "Y"].set_index(["REPLNUM", "USUBJID"])["AVALC"]
    assert set(best[best["ANL01FL"] == "Y"]["PARAMCD"]) == {"CBOR"}
    shown = run[1].responses.set_index(["REPLICATE", "USUBJID"])["AVALC"]
    assert (used.sort_index().to_numpy() == shown.sort_index().to_numpy()).all()
    # Unconfirmed, the best response is never worse.
    plain = rs[rs["PARAMCD"] == "BOR"].set_index(["REPLNUM", "USUBJID"])["AVAL"]
    twice = rs[rs["PARAMCD"] == "CBOR"].set_index(["REPLNUM", "USUBJID"])["AVAL"]
    assert (plain >= twice).all()
    assert (plain > twice).any()
    visits = rs[rs["PARAMCD"] == "OVRLRESP"]
    responded = visits[visits["AVALC"].isin(["CR", "PR"])].groupby(
        ["REPLNUM", "USUBJID"]
    )
    assert set(responded.groups) == set(plain[plain >= 4].index)
    # Nobody is scanned after progression.
    assert not visits[visits["AVALC"] == "PD"].duplicated(["REPLNUM", "USUBJID"]).any()


def test_doses_step_down_once_and_end_with_treatment(tables):
    ex, sl = tables["ADEX"], tables["ADSL"].set_index(["REPLNUM", "USUBJID"])
    keys = ["REPLNUM", "USUBJID", "EXTRT"]
    assert set(ex["EXTRT"]) == {"EXEMESTANE", "EVEROLIMUS"}
    ends = ex.groupby(["REPLNUM", "USUBJID"])["AENDY"].max()
    pd.testing.assert_series_equal(
        ends, sl["TRTEDY"].sort_index(), check_names=False, check_dtype=False
    )
    rows = ex.sort_values([*keys, "EXSEQ"])
    before = rows.groupby(keys).shift()
    later = before["AENDY"].notna()
    assert (rows["EXSEQ"] == before["EXSEQ"].fillna(0) + 1).all()
    assert (rows["ASTDY"] == before["AENDY"] + 1)[later].all()
    planned = rows["EXTRT"].map({"EXEMESTANE": 25.0, "EVEROLIMUS": 10.0})
    assert ((rows["EXADJ"] == "") == (rows["AVAL"] == planned)).all()
    # Once lowered, a dose is not raised again.
    given = rows[rows["AVAL"] > 0]
    change = given.groupby(keys)["AVAL"].diff()
    assert (change < 0).sum() > 10
    assert not (change > 0).any()


def test_an_interrupted_drug_is_not_taken_until_the_event_is_over(run, tables):
    ex, ae = tables["ADEX"], tables["ADAE"]
    held = ae[ae["AEACN"] == "DRUG INTERRUPTED"]
    gaps = ex[ex["EXDOSTXT"] == "interrupted"]
    assert len(gaps) > 5
    assert (gaps["AVAL"] == 0).all()
    keys = ["REPLNUM", "USUBJID", "EXTRT"]
    named = held.rename(columns={"AEDRUG": "EXTRT"})
    both = gaps.merge(named, on=keys, suffixes=("", "_AE"))
    assert set(map(tuple, gaps[keys].to_numpy())) <= set(
        map(tuple, named[keys].to_numpy())
    )
    first = both[both["ASTDY"] == both["ASTDY_AE"]]
    assert len(first) > 0.9 * len(gaps)
    # The share of the planned dose, by hand from the table.
    planned = ex["EXTRT"].map({"EXEMESTANE": 25.0, "EVEROLIMUS": 10.0})
    parts = ex.assign(taken=ex["AVAL"] * ex["ADURN"], planned=planned * ex["ADURN"])
    sums = parts.groupby(keys)[["taken", "planned"]].sum().reset_index()
    arm = ex.drop_duplicates(["REPLNUM", "USUBJID"])[["REPLNUM", "USUBJID", "TRTPN"]]
    sums = sums.merge(arm, on=["REPLNUM", "USUBJID"])
    share = 100 * sums["taken"] / sums["planned"]
    mean = share.groupby([sums["REPLNUM"], sums["TRTPN"], sums["EXTRT"]]).mean()
    told = run[1].harm.intensity["EXE+EVE"]
    assert set(told) == {"exemestane", "everolimus"}
    for drug, found in told.items():
        by_trial = mean.xs((1, drug.upper()), level=("TRTPN", "EXTRT"))
        assert found.estimate == pytest.approx(float(by_trial.median()), rel=1e-6)
        assert 50 < found.estimate <= 100


def test_adverse_events_are_those_of_the_result(run, tables):
    ae, shown = tables["ADAE"], run[1].adverse_events
    assert len(ae) == len(shown) > 300
    assert (ae["AEDECOD"].str.lower() == shown["AEDECOD"].str.lower()).all()
    assert (ae["ATOXGRN"].to_numpy() == shown["AETOXGR"].to_numpy()).all()
    first = ae.drop_duplicates(["REPLNUM", "USUBJID"])
    assert (first["AESEQ"] == 1).all()
    assert not ae.duplicated(["REPLNUM", "USUBJID", "AESEQ"]).any()


@pytest.mark.parametrize("name", NAMES)
def test_all_formats_hold_the_same(run, tables, name):
    folder, want = run[0], tables[name]
    stem = folder / name.lower()
    xpt, meta = pyreadstat.read_xport(stem.with_suffix(".xpt"))
    made = json.loads(stem.with_suffix(".json").read_text(encoding="utf-8"))
    names = [one["name"] for one in made["columns"]]
    told = pd.DataFrame(made["rows"], columns=names)
    read = pd.read_csv(stem.with_suffix(".csv"), keep_default_na=False, dtype=str)
    dataset = dictionary().datasets[name]
    assert meta.file_label == dataset.label
    assert made["records"] == len(want)
    for column in want:
        assert meta.column_names_to_labels[column] in {
            one["label"] for one in made["columns"] if one["name"] == column
        }
        values, text = want[column], want[column].dtype == object
        if not text:
            for other in (xpt[column], told[column], read[column].replace("", "nan")):
                got = other.astype(float).to_numpy()
                assert np.array_equal(got, values.astype(float), equal_nan=True)
            continue
        words = values.map(lambda one: "" if one is None else str(one))
        assert (told[column].fillna("") == words).all()
        assert (read[column] == words).all()
        assert (
            xpt[column].map(lambda one: "" if pd.isna(one) else str(one)) == words
        ).all()


def test_define_is_valid_and_knows_every_column(run, tables):
    place = run[0] / "define.xml"
    schema = xmlschema.XMLSchema(get_schema_path("define", "2.1"))
    assert [str(one) for one in schema.iter_errors(str(place))] == []
    text = place.read_text(encoding="utf-8")
    for name, table in tables.items():
        for column in table:
            assert f'ItemOID="IT.{name}.{column}"' in text
    assert 'xlink:href="adsl.xpt"' in text
    assert "The reference date, on which the trial opens, is an assumption" in text


# As the specification of version 1.1 has it.
TEXT = {"type": "string"}
JSON_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        *("datasetJSONCreationDateTime", "datasetJSONVersion", "itemGroupOID"),
        *("records", "name", "label", "columns"),
    ],
    "properties": {
        "datasetJSONCreationDateTime": {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$"},
        "datasetJSONVersion": {"pattern": r"^1\.1(\.\d+)?$"},
        **dict.fromkeys(("fileOID", "originator", "studyOID"), TEXT),
        **dict.fromkeys(("metaDataVersionOID", "metaDataRef"), TEXT),
        "sourceSystem": {"type": "object", "required": ["name", "version"]},
        **dict.fromkeys(("itemGroupOID", "name", "label"), TEXT),
        "records": {"type": "integer", "minimum": 0},
        "columns": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["itemOID", "name", "label", "dataType"],
                "properties": {
                    **dict.fromkeys(("itemOID", "name", "label"), TEXT),
                    "displayFormat": TEXT,
                    "dataType": {
                        "enum": [
                            *("string", "integer", "decimal", "float", "double"),
                            *("boolean", "datetime", "date", "time", "URI"),
                        ]
                    },
                    "targetDataType": {"enum": ["integer", "decimal"]},
                    "length": {"type": "integer", "minimum": 1},
                    "keySequence": {"type": "integer", "minimum": 1},
                },
            },
        },
        "rows": {"type": "array", "items": {"type": "array"}},
    },
}


@pytest.mark.parametrize("name", NAMES)
def test_dataset_json_is_of_version_1_1(run, name):
    made = json.loads((run[0] / f"{name.lower()}.json").read_text(encoding="utf-8"))
    jsonschema.validate(made, JSON_SCHEMA)
    assert {len(row) for row in made["rows"]} == {len(made["columns"])}


def test_the_same_run_gives_the_same_bytes(design, cohort, follow, tmp_path):
    places = [tmp_path / "one", tmp_path / "two"]
    for place, workers in zip(places, (1, 2), strict=True):
        written(
            place, design, cohort, follow, workers=workers, replicates=2, patients=60
        )
    names = sorted(path.name for path in places[0].iterdir())
    assert len(names) == 4 * len(NAMES) + 1
    for name in names:
        first, second = ((place / name).read_bytes() for place in places)
        assert first == second, name


def test_tables_change_no_result(run, design, cohort, follow):
    plain = run_trial(design, cohort=cohort, follow=follow, replicates=3, patients=300)
    assert plain.to_json_dict() == run[1].to_json_dict()


LONGEST = {"A": "試" * 200, "B": "é" * 101, "on": 'o"neill, <1> & µ', "no": "=1+1"}
ODD = """\
id: "001"
title: '"quoted" <and> é & 試'
arms:
%s
eligibility: [prior_tamoxifen]
visits: {interval_weeks: 8}
criteria: RECIST-1.1
exact_numbers: true
accrual_months: %s
data_cut_months: %s
subgroups: {a%s: visceral, "1e3": not visceral}
"""


def odd_design(*names, n, accrual=12, cut=30, regimen="letrozole 2.5 mg daily"):
    arms = [
        f"  - {{id: {one}, label: '{LONGEST[one]}', n: {n}, regimen: {regimen}}}"
        for one in names
    ]
    text = ODD % ("\n".join(arms), accrual, cut, "é" * 60)
    return parse_design(text, "001.yaml", SHIPPED)


@pytest.mark.parametrize(
    "design",
    [
        odd_design("on", "no", n=1),
        odd_design("A", "B", n=12),
        odd_design("on", "no", n=3, regimen="none"),
        odd_design("on", "no", n=6, accrual=0, cut=2.1),
    ],
    ids=["one patient an arm", "long labels", "nothing given", "no event yet"],
)
def test_odd_designs_have_tables_that_others_read(design, cohort, follow, tmp_path):
    written(tmp_path, design, cohort, follow, replicates=2)
    schema = xmlschema.XMLSchema(get_schema_path("define", "2.1"))
    assert [str(one) for one in schema.iter_errors(str(tmp_path / "define.xml"))] == []
    label = {one.id: one.label for one in design.arms}
    sl = pd.read_parquet(tmp_path / "adsl.parquet")
    assert (sl["ARM"] == sl["ARMCD"].map(label)).all()
    assert set(sl["ARMCD"]) == set(label)
    for name in NAMES:
        stem = tmp_path / name.lower()
        want = pd.read_parquet(stem.with_suffix(".parquet"))
        xpt, meta = pyreadstat.read_xport(stem.with_suffix(".xpt"))
        made = json.loads(stem.with_suffix(".json").read_text(encoding="utf-8"))
        jsonschema.validate(made, JSON_SCHEMA)
        told = {one["name"]: one["label"] for one in made["columns"]}
        assert meta.column_names_to_labels == told
        assert len(xpt) == len(want) == made["records"]
        read = pd.read_csv(stem.with_suffix(".csv"), keep_default_na=False, dtype=str)
        for column in ("ARM", "TRTP"):
            if len(want) and column in want:
                whole = want[column]
                assert (read[column] == whole).all()
                # What the transport format holds ends with a whole character.
                fits = [one.encode()[:200].decode(errors="ignore") for one in whole]
                assert list(xpt[column]) == fits
    if design.arms[0].regimen == "none":
        assert len(pd.read_parquet(tmp_path / "adex.parquet")) == 0


def test_names_of_very_many_subgroups_have_eight_letters():
    shipped = find_design("BOLERO-2")
    many = {f"s{n}": f"age_years > {n}" for n in range(1, 101)}
    known = table_plan(shipped.model_copy(update={"subgroups": many}))
    names = [one.name for one in known.datasets["ADSL"].variables]
    flags = [one for one in names if re.fullmatch(r"SUBG?\d+FL", one)]
    assert flags[:2] == ["SUBG01FL", "SUBG02FL"]
    assert flags[-2:] == ["SUBG99FL", "SUB100FL"]
    assert len(set(names)) == len(names)


OTHER_DESIGNS = (
    "EGF30008",
    "GDC0032_FULV",
    "EXAMPLE-CHOICE",
    "EXAMPLE-INDUCTION",
    "EXAMPLE-READERS",
    "TAnDEM",
    "BASELGA_NEOADJ_EVE",
)


@pytest.mark.parametrize("name", OTHER_DESIGNS)
def test_trials_of_other_designs_have_tables(name, cohort, follow, tmp_path):
    plan = find_design(name)
    written(tmp_path, plan, cohort, follow, replicates=1, patients=60)
    schema = xmlschema.XMLSchema(get_schema_path("define", "2.1"))
    assert schema.is_valid(str(tmp_path / "define.xml"))
    sl = pd.read_parquet(tmp_path / "adsl.parquet")
    assert set(sl["ARMCD"]) == set(plan.arm_ids)
    groups = set(sl["COHORT"].dropna()) - {""}
    assert groups == set(plan.groups)
    ex = pd.read_parquet(tmp_path / "adex.parquet")
    assert not ex.duplicated(["USUBJID", "EXTRT", "EXSEQ"]).any()
    assert (ex["ADURN"] >= 1).all()
    ends = ex.merge(sl[["USUBJID", "TRTEDY"]], on="USUBJID")
    assert (ends["AENDY"] <= ends["TRTEDY"]).all()
    nobody_is_known_after_her_last_day(tmp_path, sl)


def test_treatment_ends_at_what_an_analysis_censors(cohort, follow, tmp_path):
    """Progression after missed scans is censored, and ends treatment all the same."""
    rule = {"missed_assessments": 1, "death_after_missed": "censor"}
    plan = find_design("BOLERO-2")
    plan = type(plan).model_validate(
        plan.model_dump(exclude_unset=True) | {"censoring": rule}
    )
    written(tmp_path, plan, cohort, follow, replicates=4, patients=200)
    sl = pd.read_parquet(tmp_path / "adsl.parquet")
    assert len(set(sl["DCUTDT"])) == 1
    nobody_is_known_after_her_last_day(tmp_path, sl)
    times = pd.read_parquet(tmp_path / "adtte.parquet")
    late = times[times["CNSDTDSC"].str.endswith("AFTER MISSED SCANS")]
    late = late[late["PARAMCD"] == "PFS"].merge(sl, on=["REPLNUM", "USUBJID"])
    assert len(late) > 5
    assert (late["EOTSTT"] == "DISCONTINUED").all()
    found = pd.read_parquet(tmp_path / "adrs.parquet")
    found = found[(found["PARAMCD"] == "OVRLRESP") & (found["AVALC"] == "PD")]
    ended = late.merge(found, on=["REPLNUM", "USUBJID"], suffixes=("", "_PD"))
    ended = ended[ended["DCTREAS"] == "PROGRESSIVE DISEASE"]
    assert len(ended)
    assert (ended["TRTEDT"] == ended["ADT_PD"]).all()


@dataclass(frozen=True)
class Unseen:
    """No tumor of the stand-in is ever large enough to be seen."""

    follow: Any

    def __call__(self, rows, regimen, *, days, **rest):
        course = self.follow(rows, regimen, days=days, **rest)
        small = np.minimum(course.log_volume, -9.0)
        never = np.full_like(course.new_lesion_day, np.inf)
        return replace(course, log_volume=small, new_lesion_day=never)


def test_scans_that_tell_nothing_tell_that_a_patient_lives(cohort, follow, tmp_path):
    plan = find_design("EXAMPLE-READERS")
    plan = type(plan).model_validate(
        plan.model_dump(exclude_unset=True) | {"censoring": {"rule": "EMA"}}
    )
    written(tmp_path, plan, cohort, Unseen(follow), replicates=1, patients=60)
    sl = pd.read_parquet(tmp_path / "adsl.parquet")
    scans = pd.read_parquet(tmp_path / "adrs.parquet").dropna(subset=["ADT"])
    assert (scans["AVALC"] == "NE").mean() > 0.9
    scans = scans.merge(sl, on="USUBJID")
    assert (scans["ADT"] <= scans["LSTALVDT"]).all()
    assert (scans["ADT"] > scans["TRTEDT"]).any()


def nobody_is_known_after_her_last_day(folder, sl):
    """Dates of all tables within the life that ADSL tells of."""
    assert (sl["TRTEDT"] <= sl["LSTALVDT"]).all()
    assert (sl["LSTALVDT"] <= sl["DCUTDT"]).all()
    dead = sl["DTHFL"] == "Y"
    assert (dead == sl["DTHDT"].notna()).all()
    assert (sl["DTHDT"] == sl["LSTALVDT"])[dead].all()
    assert dead[sl["DCTREAS"] == "DEATH"].all()
    for name, column in (("adtte", "ADT"), ("adrs", "ADT"), ("adae", "AENDT")):
        table = pd.read_parquet(folder / f"{name}.parquet")
        table = table.merge(sl[["USUBJID", "LSTALVDT", "DTHDT"]], on="USUBJID")
        known = table[table[column].notna()]
        assert (known[column] <= known["LSTALVDT"]).all(), name
    times = pd.read_parquet(folder / "adtte.parquet")
    deaths = times[times["EVNTDESC"] == "DEATH"].merge(sl, on="USUBJID")
    assert len(deaths)
    assert (deaths["ADT"] == deaths["DTHDT"]).all()


def test_nobody_is_known_after_her_death(run, tables):
    nobody_is_known_after_her_last_day(run[0], tables["ADSL"])
    ae = tables["ADAE"].merge(tables["ADSL"][["USUBJID", "DTHDT"]], on="USUBJID")
    died = ae[ae["DTHDT"].notna()]
    assert died["AENDT"].isna().sum() > 20


def test_formats_are_asked_for_by_name():
    assert formats_of([]) == (Format.PARQUET,)
    assert formats_of(["xpt", "csv"]) == (Format.PARQUET, Format.CSV, Format.XPT)
    assert formats_of(["all"]) == ALL
    with pytest.raises(InputError, match="No format of tables 'xtp'; nearest is 'xpt'"):
        formats_of(["xtp"])


@cache
def missing_in_r() -> str:
    if RSCRIPT is None:
        return "R is missing (r-base-core)"
    for name in ("haven", "survival"):
        asked = [RSCRIPT, "-e", f"stopifnot(requireNamespace('{name}'))"]
        if subprocess.run(asked, capture_output=True, check=False).returncode:  # noqa: S603 - fixed program and script
            return f"R's package {name} is missing (r-cran-{name})"
    return ""


@pytest.fixture(scope="module")
def rebuilt(run):
    """Return what R makes of the transport files, by name: one number a replicate."""
    if missing_in_r():
        pytest.skip(missing_in_r())
    done = subprocess.run(  # noqa: S603 - fixed program and script
        [str(RSCRIPT), str(SCRIPT), str(run[0]), str(LOOK)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = pd.read_csv(
        io.StringIO(done.stdout), sep="\t", names=["name", "replicate", "value"]
    )
    return {name: part["value"].to_numpy() for name, part in found.groupby("name")}


def near(record):
    return pytest.approx(record["estimate"], rel=1e-6)


def middle(values):
    return float(np.median(values))


def test_r_rebuilds_the_arms(run, rebuilt, design):
    printed = run[1].to_json_dict()["arms"]
    for number, arm in enumerate(design.arm_ids, start=1):
        asked = {
            "PFS": "pfs_median_months",
            "OS": "os_median_months",
            "DOR": "response_duration_median_months",
            "RSP": "orr_percent",
            "CBEN": "cbr_percent",
        }
        for name, key in asked.items():
            values = rebuilt[f"{name} {number}"]
            if np.isnan(values).any():
                assert name in {"OS", "DOR"}
                continue
            assert middle(values) == near(printed[arm][key]), (arm, key)
    assert not np.isnan(rebuilt["PFS 1"]).any()
    assert not np.isnan(rebuilt["DOR 1"]).any()


def test_the_r_script_of_the_tutorial_rebuilds_the_trial(run, design, tmp_path):
    if missing_in_r():
        pytest.skip(missing_in_r())
    page = LESSON.read_text("utf-8")
    (script,) = re.findall(r"```r file=rebuild\.R\n(.*?)```", page, re.DOTALL)
    (tmp_path / "rebuild.R").write_text(script)
    done = subprocess.run(  # noqa: S603 - fixed program and script
        [str(RSCRIPT), "--vanilla", "rebuild.R", str(run[0])],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = pd.read_csv(tmp_path / "found.csv")
    printed = run[1].to_json_dict()
    for number, arm in enumerate(design.arm_ids, start=1):
        seen = printed["arms"][arm]["pfs_median_months"]
        assert middle(found[f"median_{number}"]) == near(seen)
    ratio = printed["contrasts"][0]["hazard_ratio"]
    assert middle(found["hazard_ratio"]) == near(ratio)
    returned = pd.read_sas(tmp_path / "mine.xpt", encoding="utf-8")
    first = pd.read_parquet(run[0] / "adtte.parquet").query("PARAMCD == 'PFS'")
    assert len(returned) == (first.REPLNUM == 0).sum()


def test_r_counts_the_same_best_responses(run, rebuilt, design):
    shown = run[1].responses
    for number, arm in enumerate(design.arm_ids, start=1):
        part = shown[shown["TRTP"] == arm]
        for word, rows in part.groupby("AVALC"):
            assert rebuilt[f"BOR {word} {number}"].sum() == len(rows)


def test_r_rebuilds_hazard_ratios_and_subgroups(run, rebuilt, design):
    printed = run[1].to_json_dict()
    for record in printed["contrasts"]:
        values = rebuilt[f"HR {record['endpoint'].upper()}"]
        assert middle(values) == near(record["hazard_ratio"])
    for number, name in enumerate(design.subgroups, start=1):
        if number > 2:
            break
        part = printed["strata"][name]
        flag = f"SUBG{number:02d}FL"
        assert middle(rebuilt[f"{flag} HR"]) == near(
            part["contrasts"][0]["hazard_ratio"]
        )
        first = part["arms"][design.arm_ids[0]]["pfs_median_months"]
        assert middle(rebuilt[f"{flag} PFS 1"]) == near(first)


def test_r_rebuilds_an_interim_look(run, rebuilt):
    look = run[1].to_json_dict()["looks"][0]
    assert look["events"] == LOOK
    assert look["reached_percent"] == 100
    assert middle(rebuilt["look HR"]) == pytest.approx(look["hazard_ratio"], rel=1e-6)
    assert middle(rebuilt["look months"]) == pytest.approx(look["months"])
    assert middle(rebuilt["look patients"]) == look["patients"]
