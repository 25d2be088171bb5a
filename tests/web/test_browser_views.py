"""The explorer of resistance, scenarios and the evidence in Chromium."""

import re

import pytest

from oestra.appraisal.mechanism import mechanisms
from oestra.appraisal.resistance import resist
from oestra.model.parameters import best_parameters

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
pytestmark = pytest.mark.browser


def test_a_mechanism_is_chosen_by_keyboard_and_its_address_restores_it(visit):
    page = visit("resistance")
    row = page.locator('#matrix [data-name="esr1"]')
    row.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#mechanism")).to_have_text("ESR1 mutants")
    page.get_by_label("In the form of").select_option("d538g")
    expect(page.locator("#stands")).to_contain_text("ESR1=D538G")
    chosen = mechanisms().find("esr1")
    found = resist(chosen, chosen.variant("d538g"), best_parameters())
    left = found.having["fulvestrant"].divisions_left_percent
    expect(row.locator("text").last).to_have_text(re.compile(f"^{left:.0f} % "))
    again = visit("resistance" + page.url.partition("resistance")[2])
    expect(again.locator("#mechanism")).to_have_text("ESR1 mutants")
    expect(again.locator("#variant")).to_have_value("d538g")
    page.get_by_role("link", name="tamoxifen").click()
    page.wait_for_selector("#map.known")
    expect(page.locator("#state-b")).to_contain_text("MCF-7")


def test_failures_of_a_trial_and_all_numbers_can_be_saved(visit):
    page = visit("resistance?mechanism=esr1&trial=BOLERO-2")
    expect(page.locator("#share")).to_contain_text(
        re.compile(r"ESR1 mutants: .* \d+ %")
    )
    with page.expect_download() as saved:
        page.get_by_role("button", name="All numbers (CSV)").click()
    text = saved.value.path().read_text()
    assert "cells,esr1,y537s,fulvestrant,divisions_left," in text
    assert "BOLERO-2,,,EXE,led by esr1_mutant," in text
    with page.expect_download() as saved:
        page.get_by_role("button", name="PNG").click()
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Mechanisms (SVG)").click()
    drawing = saved.value.path().read_text()
    assert "var(" not in drawing
    assert "Research software, not for clinical decisions." in drawing


def test_scenarios_are_compared_changed_and_come_back_from_their_address(
    visit, quick_trials
):
    page = visit("compare?scenario=HORIZON&scenario=BOLERO-2&patients=60&replicates=1")
    expect(page.locator("#arms tbody tr")).to_have_count(4)
    expect(page.locator("#ladder")).to_contain_text("published 0.90 (0.76 to 1.07)")
    page.get_by_role("button", name="Leave out HORIZON").click()
    page.get_by_label("Add a trial").select_option("TAMRAD")
    page.get_by_role("button", name="Run").click()
    page.wait_for_selector('body[data-ready="2"]')
    expect(page.locator("#command code")).to_have_text(
        "oestra trial BOLERO-2 TAMRAD --parameters best --replicates 1 "
        "--seed 1 --patients 60"
    )
    assert "scenario=BOLERO-2&scenario=TAMRAD" in page.url
    ratio = page.locator("#ladder circle").first.get_attribute("cx")
    again = visit("compare" + page.url.partition("compare")[2])
    expect(again.locator("#ladder circle").first).to_have_attribute("cx", ratio)


def test_a_published_number_leads_to_its_source(visit):
    page = visit("evidence?kind=hazard_ratio&find=HORIZON")
    row = page.locator("#forest .row").first
    row.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#source")).to_contain_text("wolff2013")
    expect(page.locator("#source")).to_contain_text("0.90 (0.76 to 1.07), verified")
    expect(page.locator("#source")).not_to_contain_text("null")
    again = visit("evidence" + page.url.partition("evidence")[2])
    expect(again.locator("#source")).to_contain_text("NCT00083993")
    page.get_by_label("Simulated by").select_option("trial")
    expect(page.locator("#count")).to_contain_text("Not predicted yet")


@pytest.mark.parametrize(
    ("path", "ready"),
    [
        ("resistance", "#signals rect"),
        ("compare?scenario=BOLERO-2", "#chosen li"),
        ("evidence", "#cards .card"),
    ],
)
def test_views_fit_a_telephone(visit, path, ready):
    page = visit(path, width=390, ready=ready)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
