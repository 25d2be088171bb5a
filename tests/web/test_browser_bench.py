"""Who is eligible, and regimens while they are typed, in Chromium and by keyboard."""

import re
import threading
import time

import pytest

from oestra.core.library import SHIPPED
from oestra.trial.run import run_trial
from oestra.web import job, trial_answer
from oestra.web.background import background
from oestra.web.trial_form import own_design

axe = pytest.importorskip("axe_playwright_python.sync_playwright")
playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
pytestmark = pytest.mark.browser

OFFERED = ".completion:not([hidden]) [role=option]"
BOLERO = "bench?trial=BOLERO-2&patients=60&replicates=1&seed=2"


def unfold(page):
    page.evaluate(
        "document.querySelectorAll('#criteria details').forEach((o) => o.open = true)"
    )


def lines(page):
    return page.locator("#eligibility").input_value().splitlines()


def expect_line(page, line, times=1):
    pattern = re.compile(rf"^{re.escape(line)}$", re.MULTILINE)
    found = expect(page.locator("#eligibility"))
    found.to_have_value(pattern) if times else found.not_to_have_value(pattern)


def test_sliders_choices_and_boxes_write_lines_without_a_mouse(visit, quick_trials):
    page = visit(BOLERO)
    unfold(page)
    before = lines(page)
    highest = page.get_by_role(
        "slider", name="Chemotherapies for metastatic disease, at most"
    )
    expect(highest).to_have_attribute("aria-valuetext", "at most 1")
    highest.focus()
    page.keyboard.press("ArrowLeft")
    expect(highest).to_have_attribute("aria-valuetext", "at most 0")
    expect_line(page, "prior_chemotherapy_lines <= 0")
    expect(highest).to_be_focused()
    page.keyboard.press("End")
    expect(highest).to_have_attribute("aria-valuetext", "any")
    expect_line(page, "prior_chemotherapy_lines <= 0", times=0)
    setting = page.get_by_role("group", name="Setting", exact=True)
    setting.get_by_label("progression").focus()
    page.keyboard.press("Space")
    expect_line(page, 'setting == "progression"')
    organs = page.get_by_role("group", name="Visceral")
    organs.get_by_label("any").focus()
    page.keyboard.press("ArrowRight")
    expect(organs.get_by_label("yes")).to_be_checked()
    expect_line(page, "visceral")
    expect(organs.get_by_label("yes")).to_be_focused()
    assert lines(page) == [*before[:-1], 'setting == "progression"', "visceral"]
    expect(page.locator("#text-only")).to_contain_text(
        "refractory_in_adjuvant or refractory_in_metastatic"
    )


def test_a_run_tells_whom_the_criteria_take_out_as_the_command_does(
    visit, quick_trials
):
    cohort, follow = quick_trials
    page = visit(BOLERO)
    unfold(page)
    page.get_by_role("group", name="Visceral").get_by_text("yes").click()
    expect_line(page, "visceral")
    page.get_by_role("button", name="Run").click()
    page.wait_for_selector('body[data-ready="2"]')
    design = own_design(page.locator("#yaml").input_value(), SHIPPED)
    found = run_trial(
        design, cohort=cohort, follow=follow, patients=60, replicates=1, seed=2
    ).screening
    expect(page.locator("#screened")).to_contain_text(
        f"{found['eligible_percent']:.1f} % of {found['screened']:,} times"
    )
    out = found["excluded_percent"]["visceral"]
    expect(page.locator("#screened")).to_contain_text(f"visceral: {out:.1f} %")
    again = visit("bench" + page.url.partition("bench")[2])
    unfold(again)
    group = again.get_by_role("group", name="Visceral")
    expect(group.get_by_label("yes")).to_be_checked()


def test_the_file_and_the_lines_set_the_controls(visit, quick_trials):
    page = visit("bench?trial=EXAMPLE-SERD&patients=60&replicates=1")
    unfold(page)
    ecog = page.get_by_role("slider", name="ECOG status, at most")
    expect(ecog).to_have_attribute("aria-valuetext", "any")
    page.locator("#eligibility").fill(
        'not her2_positive\necog <= 2\nki67_percent > 12.5\npik3ca != "wild type"'
    )
    page.locator("#eligibility").press("Tab")
    expect(ecog).to_have_attribute("aria-valuetext", "at most 2")
    ki67 = page.get_by_role("slider", name="Ki67 in percent, at least")
    expect(ki67).to_have_attribute("aria-valuetext", "more than 12.5")
    ki67.focus()
    page.keyboard.press("ArrowRight")
    expect(ki67).to_have_attribute("aria-valuetext", "at least 13")
    expect_line(page, "ki67_percent >= 13")
    kinase = page.get_by_role("group", name="PIK3CA", exact=True)
    for name in ("H1047R", "E545K", "E542K"):
        expect(kinase.get_by_label(name)).to_be_checked()
    expect(kinase.get_by_label("wild type")).not_to_be_checked()
    expect(page.locator("#text-only")).to_be_hidden()
    summary = page.locator("#criteria summary", has_text="Biomarkers")
    expect(summary).to_contain_text("HER2 positive: no; Ki67 in percent: at least 13")
    page.locator("#yaml").evaluate(
        "(one) => { one.value = one.value.replace('ecog <= 2', 'ecog == 1'); }"
    )
    page.locator("#file summary").click()
    page.get_by_role("button", name="Take the form from the file").click()
    expect(ecog).to_have_attribute("aria-valuetext", "at most 1")


def test_what_is_moved_at_once_is_all_written(visit, quick_trials):
    page = visit(BOLERO)
    unfold(page)
    handle = page.get_by_role("slider", name="Age in years, at least")
    handle.focus()
    for _ in range(25):
        page.keyboard.press("ArrowRight")
    page.get_by_role("group", name="PTEN lost").get_by_text("no").click()
    page.get_by_role("group", name="Bone involved").get_by_text("yes").click()
    page.get_by_label("Accrual, months").fill("11")
    page.get_by_label("Accrual, months").press("Tab")
    expect(page.locator("#yaml")).to_have_value(re.compile("accrual_months: 11\n"))
    for line in ("age_years >= 42", "not pten_loss", "bone"):
        expect_line(page, line)
    assert lines(page)[:4] == [
        "not her2_positive",
        "prior_nonsteroidal_ai",
        "refractory_in_adjuvant or refractory_in_metastatic",
        "prior_chemotherapy_lines <= 1",
    ]


def test_handles_of_a_slider_do_not_pass_each_other(visit, quick_trials):
    page = visit(BOLERO)
    unfold(page)
    low = page.get_by_role("slider", name="ECOG status, at least")
    high = page.get_by_role("slider", name="ECOG status, at most")
    high.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Home")
    expect(high).to_have_attribute("aria-valuetext", "at most 0")
    low.focus()
    page.keyboard.press("End")
    expect(low).to_have_attribute("aria-valuetext", "at least 0")
    expect_line(page, "ecog == 0")


def test_a_regimen_is_completed_drug_by_drug_without_a_mouse(visit, quick_trials):
    page = visit(BOLERO)
    field = page.get_by_label("Regimen of placebo + exemestane")
    field.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("letroz")
    offered = page.locator(OFFERED)
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(offered.first).to_have_attribute("aria-selected", "true")
    first = offered.first.get_attribute("id")
    expect(field).to_have_attribute("aria-activedescendant", first)
    page.keyboard.press("Enter")
    expect(field).to_have_value("letrozole 2.5 mg daily")
    expect(page.locator("#yaml")).to_have_value(
        re.compile("regimen: letrozole 2.5 mg daily\n")
    )
    expect(field).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(" + palbo")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    both = "letrozole 2.5 mg daily + palbociclib 125 mg daily for 21 days every 28 days"
    expect(field).to_have_value(both)
    expect(page.locator("#problem")).to_be_hidden()
    page.get_by_role("button", name="Run").click()
    page.wait_for_selector('body[data-ready="2"]')
    design = own_design(page.locator("#yaml").input_value(), SHIPPED)
    assert design.arms[1].regimen == both


def test_drugs_go_by_their_other_names_and_are_offered_once(visit, quick_trials):
    page = visit(BOLERO)
    field = page.get_by_label("Regimen of placebo + exemestane")
    offered = page.locator(OFFERED)
    field.fill("RAD001")
    expect(offered).to_have_text(["everolimus 10 mg daily", "everolimus 5 mg daily"])
    field.press("Escape")
    expect(offered).to_have_count(0)
    field.fill("letrozole 2.5 mg daily + ")
    expect(offered.filter(has_text="letrozole")).to_have_count(0)
    expect(offered.filter(has_text="everolimus")).to_have_count(2)
    field.fill("letrozole 2.5 mg daily + gos")
    expect(offered).to_have_text(["+ goserelin 3.6 mg every 28 days"])


def test_a_regimen_of_a_life_is_completed_too_and_by_mouse(visit):
    page = visit("life?number=9&seed=7", ready="body[data-line]")
    field = page.get_by_label("she takes")
    field.fill("goser")
    page.wait_for_selector(".completion", state="attached")
    expect(page.locator(OFFERED)).to_have_count(0)
    field.fill("exemestane 25 mg daily + everolimus 10")
    page.locator(OFFERED, has_text="+ everolimus 10 mg daily").click()
    expect(field).to_have_value("exemestane 25 mg daily + everolimus 10 mg daily")
    page.keyboard.press("Enter")
    page.wait_for_selector('body[data-line="2"]')
    expect(page.locator("#outcome")).to_contain_text("everolimus 10 mg daily")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_of_the_form_is_open_to_everybody(visit, quick_trials, scheme):
    page = visit(BOLERO, color_scheme=scheme)
    unfold(page)
    page.get_by_label("Regimen of placebo + exemestane").fill("fulv")
    page.keyboard.press("ArrowDown")
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["target"]) for one in found] == []


def test_the_open_form_fits_a_telephone(visit, quick_trials):
    page = visit(BOLERO, width=390)
    unfold(page)
    page.get_by_label("Regimen of placebo + exemestane").fill("fulv")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_page_that_is_left_frees_its_work(visit, quick_trials, monkeypatch):
    begun = threading.Event()

    def endless(*_design, progress, **_asked):
        begun.set()
        while True:
            time.sleep(0.01)
            progress(0, 1)
            yield from ()

    monkeypatch.setattr(trial_answer, "refine_trial", endless)
    # Nobody would be missed for an hour.
    monkeypatch.setattr(job, "_PATIENCE", 3600.0)
    page = visit("bench?trial=BOLERO-2", ready="#told:has-text('Enrolling')")
    assert begun.wait(60)
    name = page.evaluate(
        "performance.getEntriesByType('resource').map((one) => one.name"
        ".match(/api\\/runs\\/([^?]+)/)).filter(Boolean)[0][1]"
    )
    page.goto("about:blank")
    end = time.monotonic() + 60
    while not (found := background().look(name)).over:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert found.state is job.JobState.STOPPED
