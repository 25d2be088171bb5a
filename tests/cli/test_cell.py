"""oestra cell: the contract of its JSON, its files and its errors."""

import pandas as pd
import pytest

READOUTS = (
    "growth_rate,ki67,apoptosis_rate,cell_number_fold,ere_output,er_total,esr1_mrna,"
    "p_akt,p_erk,p_s6k,p_her3"
)


def test_the_contract_of_the_json(succeed_json):
    record = succeed_json(
        "cell", "MCF7", "--set", "PIK3CA=H1047R", "--set", "PTEN=loss",
        "--medium", "estradiol 1 nM + EGF 0 nM",
        "--pretreat", "estradiol 0 nM for 180 days",
        "--drug", "4-hydroxytamoxifen 100 nM", "--days", 7, "--readout", READOUTS,
    )  # fmt: skip
    assert record["line"] == "MCF-7"
    assert list(record["readouts"]) == READOUTS.split(",")
    for course in record["readouts"].values():
        assert course["unit"]
        times = course["times_days"]
        assert (times[0], times[-1]) == (0.0, 7.0)
        assert len(course["untreated"]) == len(course["treated"]) == len(times)
    assert record["readouts"]["ki67"]["unit"] == "%"
    assert record["readouts"]["growth_rate"]["unit"] == "1/day"


def test_lines_are_listed(succeed, succeed_json):
    names = {line["line"] for line in succeed_json("cell")["lines"]}
    assert {"MCF-7", "T47D", "BT-474", "ZR-75-1", "MCF-7 LTED"} <= names
    assert "MCF-7 LTED" in succeed("cell")


def test_the_terminal_shows_both_cultures(succeed):
    text = succeed("cell", "BT474", "--drug", "trastuzumab 10 ug/mL")
    assert "BT-474" in text
    assert "untreated" in text
    assert "not for clinical decisions" in text


def test_a_course_is_drawn(succeed, tmp_path, manifest):
    folder = tmp_path / "course"
    succeed("cell", "T47D", "--drug", "fulvestrant 10 nM", "--out", folder)
    table = pd.read_csv(folder / "courses.csv")
    assert set(table["culture"]) == {"untreated", "treated"}
    for name in ("courses.png", "courses.svg"):
        assert (folder / name).stat().st_size > 5000
    assert manifest(folder)["settings"]["line"] == "T47D"


def test_chosen_days_of_a_schedule(succeed, succeed_json, tmp_path):
    words = (
        "cell", "MCF7", "--drug", "palbociclib 250 nM for 3 days then none for 4 days",
        "--at", "3,7", "--readout", "ki67",
    )  # fmt: skip
    course = succeed_json(*words)["readouts"]["ki67"]
    assert course["times_days"] == [3.0, 7.0]
    assert course["treated"][0] < course["treated"][1]
    folder = tmp_path / "chosen"
    lines = succeed(*words, "--out", folder).splitlines()
    row = next(line.split() for line in lines if line.split()[:1] == ["ki67"])
    assert row[2] == "3"
    assert pd.read_csv(folder / "courses.csv")["days"].tolist() == [3, 7, 3, 7]


def test_a_dose_response_is_drawn(succeed_json, tmp_path):
    folder = tmp_path / "doses"
    record = succeed_json(
        "cell", "MCF7", "--dose-response", "fulvestrant 0.1..100 nM",
        "--readout", "cell_number_fold,er_total", "--out", folder,
    )  # fmt: skip
    assert len(record["doses_nm"]) == 13
    assert record["readouts"]["er_total"]["half_maximal_nm"] > 0
    assert len(pd.read_csv(folder / "dose_response.csv")) == 14
    assert (folder / "dose_response.png").stat().st_size > 5000


def test_a_combination_is_drawn(succeed, succeed_json, tmp_path):
    folder = tmp_path / "combination"
    words = (
        "cell", "MCF-7/Aro", "--days", 6,
        "--combine", "letrozole 3, 30, 300 nM x everolimus 0.3, 3 nM",
    )  # fmt: skip
    record = succeed_json(*words, "--out", folder)
    assert len(record["bliss_excess"]) == 3
    assert len(record["bliss_excess"][0]) == 2
    assert (folder / "combination.png").stat().st_size > 5000
    assert "Combination index" in succeed(*words)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["MCF77"], "MCF7"),
        (["MCF7", "--set", "PIK3CA=H1047R", "--set", "PIK3CA=E545K"], "twice"),
        (["MCF7", "--drug", "everolimus 1e6 nM"], "everolimus"),
        (["MCF7", "--drug", "everolimus -1 nM"], "-1"),
        (["MCF7", "--readout", "ki76"], "ki67"),
        (["MCF7", "--days", "-3"], "-3"),
        (["MCF7", "--at", "3,soon"], "soon"),
        (["MCF7", "--dose-response", "everolimus 1..9 nM", "--at", "3"], "--days"),
        (["MCF7", "--drug", "everolimus 1 nM then none"], "for 7 days"),
        (["MCF7", "--combine", "everolimus 1..10 nM"], "joined by 'x'"),
    ],
)
def test_bad_input_ends_with_one_sentence(fail, words, told):
    assert told in fail("cell", *words)


def test_dose_response_and_combination_exclude_each_other(fail):
    both = ("--dose-response", "everolimus 1..9 nM", "--combine", "x")
    assert "not both" in fail("cell", "MCF7", *both)
