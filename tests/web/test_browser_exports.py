"""What each view lets people take away: a link, pictures, tables, files, commands."""

import csv
import io
import json
import re

import antimony
import libsbml
import pytest

from oestra.culture.specimens import culture_specimens
from oestra.network.export import to_sbml
from oestra.trial.design_file import parse_designs

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
pytestmark = pytest.mark.browser

BENCH = "bench?trial=BOLERO-2&patients=60&replicates=5"
COMPARE = "compare?scenario=HORIZON&scenario=BOLERO-2&patients=60&replicates=5"
VIEWS = {
    "?line=MCF-7&drug=everolimus 20 nM&day=2": "svg png csv json sbml",
    "resistance?mechanism=esr1": "svg png signals csv json",
    BENCH: "svg png csv table json yaml",
    COMPARE: "svg png csv curves curves-png curves-csv json yaml",
    "life?number=8&seed=7": "svg png csv json",
    "evidence?kind=hazard_ratio": "svg png csv json",
    "claims?find=her3": "csv json",
}


def saved(page, name):
    with page.expect_download() as found:
        page.locator(f"#save-{name}").click()
    return found.value.path().read_bytes()


def is_whole(name, content):
    kind = name.rpartition("-")[2]
    if kind == "png":
        assert content.startswith(b"\x89PNG")
        return len(content) > 5000
    text = content.decode()
    if kind in ("svg", "signals", "curves"):
        assert "var(" not in text
        return text.startswith("<svg") and "not for clinical decisions" in text
    if kind in ("csv", "table"):
        rows = list(csv.reader(io.StringIO(text)))
        return len(rows) > 1 and len({len(row) for row in rows}) == 1
    if kind == "json":
        return bool(json.loads(text))
    if kind == "yaml":
        return bool(parse_designs(text, "x.yaml", None)) if text else True
    return not libsbml.readSBMLFromString(text).getNumErrors(libsbml.LIBSBML_SEV_ERROR)


@pytest.mark.parametrize("path", VIEWS, ids=lambda one: one.partition("?")[0] or "/")
def test_every_view_gives_all_its_files_a_link_and_a_command(visit, quick_trials, path):
    page = visit(path)
    for name in VIEWS[path].split():
        assert is_whole(name, saved(page, name)), name
    expect(
        page.locator("code").filter(has_text=re.compile("^oestra "))
    ).not_to_have_count(0)
    page.locator("#copy-link").click()
    expect(page.locator("#copied")).not_to_be_empty()


def test_the_cell_is_saved_as_the_command_writes_it(visit):
    page = visit("?line=T47D&set=PTEN=loss&drug=alpelisib 1000 nM&day=2")
    found = saved(page, "sbml").decode()
    *_, treated = culture_specimens("T47D", set=["PTEN=loss"], drug="alpelisib 1000 nM")
    assert found == to_sbml(treated)
    assert antimony.loadSBMLString(found) >= 0
    expect(page.locator("#copied")).to_contain_text(
        "oestra export sbml --line T47D --set PTEN=loss --drug 'alpelisib 1000 nM'"
    )


def test_a_tumor_has_no_sbml_and_says_why(visit):
    page = visit("?line=tumor&drug=letrozole 2.5 mg daily&day=28")
    page.locator("#save-sbml").click()
    expect(page.locator("#problem")).to_contain_text("SBML holds cells in culture")


def test_curves_of_scenarios_are_chosen_by_keyboard_and_kept_in_the_address(
    visit, quick_trials
):
    page = visit(COMPARE)
    entries = page.locator("#curves .entry")
    expect(entries).to_have_count(2)
    expect(page.locator("#curves .band")).to_have_count(1)
    # Each curve says the hazard ratio that the ladder above it says.
    for place in (0, 1):
        ratio = page.locator(
            "#ladder text.head", has_text=re.compile(r"^\d\.\d\d \(")
        ).nth(place)
        expect(entries.nth(place)).to_contain_text(ratio.text_content())
    entries.first.focus()
    page.keyboard.press("Enter")
    expect(entries.first).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#curves .band")).to_have_class(re.compile("tone-0"))
    page.get_by_label("Curves of").select_option("2")
    expect(page.locator("#curves .entry")).to_have_count(4)
    again = visit("compare" + page.url.partition("compare")[2])
    expect(again.locator("#which")).to_have_value("2")
    expect(again.locator("#curves .band")).to_have_count(2)
