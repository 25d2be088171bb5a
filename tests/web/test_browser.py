"""The page in Chromium: load, act, read the number; skipped where there is none."""

import re

import pytest

from oestra.appraisal.what_if import what_if
from oestra.claims.claim_library import claims
from oestra.core.units import DAYS_PER_MONTH, DAYS_PER_YEAR
from oestra.culture.experiment import run_cell
from oestra.history.lived import live
from oestra.history.patient import course_of, follow_patient
from oestra.model.parameters import best_parameters

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
pytestmark = pytest.mark.browser


def test_a_drug_is_added_and_the_map_answers_as_the_command_does(visit):
    page = visit("?line=MCF-7&day=2")
    page.get_by_label("Add a drug or hormone").select_option("everolimus")
    page.get_by_label("Dose of everolimus").fill("20 nM")
    page.get_by_label("Dose of everolimus").press("Enter")
    s6k = page.locator('[data-name="s6k_p"]')
    before, after = run_cell(
        "MCF-7", drug="everolimus 20 nM", days=2, readouts=["p_s6k"]
    ).final("p_s6k")
    expect(s6k).to_have_attribute(
        "aria-label", re.compile(f"^S6K .*: {after:.2g}, .{after / before:.2f} lower$")
    )
    expect(page.locator("#map .pill")).to_have_text("everolimus 98 %")
    assert "drug=everolimus+20+nM" in page.url


def test_a_node_opened_by_keyboard_says_why_it_changed(visit):
    page = visit("?line=MCF-7&drug=everolimus 20 nM&day=2")
    page.locator('[data-name="akt"]').focus()
    page.keyboard.press("Enter")
    details = page.locator("#details")
    expect(details.locator("h2")).to_have_text("AKT active")
    steps = details.locator(".trail button")
    expect(steps.first).to_have_text("everolimus ▲")
    expect(details.locator(".trail")).to_contain_text("IRS-1 ▲")
    expect(details).to_contain_text("akt := akt_amount")
    # The library of curves comes with the first curve.
    expect(details.locator(".plot canvas")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(details).to_be_hidden()


def test_an_address_restores_the_view_and_a_second_state(visit):
    query = "?line=tumor&drug=letrozole 2.5 mg daily&b_line=T47D&b_set=PTEN=loss&day=28"
    page = visit(query + "&node=erk_p")
    expect(page.locator("#when-told")).to_have_text("4 weeks")
    expect(page.locator("#state-b")).to_contain_text("PTEN loss")
    expect(page.locator("#details h2")).to_have_text("ERK")
    expect(page.locator('[data-name="e2"]')).to_have_attribute(
        "aria-label", re.compile("A: .* lower; B: .*as in the reference")
    )


def test_time_is_moved_by_the_arrow_keys(visit):
    page = visit("?line=MCF-7&drug=estradiol 0 nM&day=1")
    slider = page.get_by_label("Time since treatment began")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#when-told")).to_have_text("2 days")
    page.keyboard.press("End")
    expect(page.locator("#when-told")).to_have_text(re.compile("6 . 4 weeks"))
    assert "day=180" in page.url


def test_the_map_and_its_numbers_can_be_saved(visit):
    page = visit("?line=MCF-7&drug=fulvestrant 100 nM&day=7")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the numbers (CSV)").click()
    text = saved.value.path().read_text()
    assert text.startswith("state,cells,lesions,given,symbol,days,reference,treated\n")
    assert "A,MCF-7,,fulvestrant 100 nM,er_total,7," in text
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the map (SVG)").click()
    drawing = saved.value.path().read_text()
    assert drawing.startswith("<svg")
    assert "rgb(" in drawing
    assert "var(" not in drawing
    assert "Research software, not for clinical decisions." in drawing


def test_the_table_of_numbers_is_made_when_it_is_opened(visit):
    page = visit("?line=MCF-7&drug=everolimus 20 nM&day=2")
    assert page.locator("#numbers tr").count() == 0
    page.get_by_text("All numbers as a table").click()
    expect(page.locator("#numbers tbody tr").first).to_be_visible()
    before = page.locator("#numbers").inner_text()
    page.get_by_label("Dose of everolimus").fill("1 nM")
    page.keyboard.press("Enter")
    expect(page.locator("#numbers")).not_to_have_text(before)


@pytest.mark.parametrize("view", ["", "bench", "life", "evidence"])
def test_a_page_names_every_module_that_it_needs(visit, view):
    page = visit(view)
    used = {
        name.rsplit("/", 1)[1]
        for name in page.evaluate(
            "performance.getEntriesByType('resource').map((one) => one.name)"
        )
        if name.endswith(".js") and "uplot" not in name
    }
    links = page.locator('link[rel="modulepreload"]')
    named = {
        links.nth(k).get_attribute("href").rsplit("/", 1)[1]
        for k in range(links.count())
    }
    assert used - named == {f"{view or 'network'}.js"}
    assert named < used


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_window(visit, width):
    page = visit("?line=MCF-7&drug=everolimus 20 nM&node=akt", width=width)
    page.wait_for_selector("#details h2")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_text_can_be_read_in_light_and_dark(visit):
    for scheme in ("light", "dark"):
        page = visit("?line=MCF-7&drug=estradiol 0 nM&day=7", color_scheme=scheme)
        page.wait_for_timeout(400)
        worst = page.evaluate(CONTRAST)
        assert worst >= 4.5, scheme


CONTRAST = """() => {
  const options = {willReadFrequently: true};
  const canvas = document.createElement('canvas').getContext('2d', options);
  const light = (color) => {
    canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((v) => {
      v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  return Math.min(...[...document.querySelectorAll('.node')].map((node) => {
    const a = light(getComputedStyle(node.querySelector('.label')).fill);
    const b = light(getComputedStyle(node.querySelector('.body')).fill);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }));
}"""


def test_the_bench_runs_a_trial_that_was_changed_and_says_how_to_repeat_it(
    visit, quick_trials
):
    page = visit("bench?trial=BOLERO-2&patients=60&replicates=5&seed=2")
    expect(page.locator("#ratio")).to_contain_text("published 0.45 (0.38 to 0.54)")
    expect(page.locator("#command code")).to_have_text(
        "oestra trial BOLERO-2 --parameters best --replicates 5 --seed 2 --patients 60"
    )
    page.get_by_label("Data cut, months").fill("20")
    page.get_by_label("Data cut, months").press("Tab")
    expect(page.locator("#yaml")).to_have_value(re.compile("data_cut_months: 20\n"))
    page.get_by_role("button", name="Run").click()
    page.wait_for_selector('body[data-ready="2"]')
    expect(page.locator("#headline")).to_contain_text("BOLERO-2-changed")
    address = page.url
    assert "#file=" in address
    again = visit("bench" + address.partition("bench")[2])
    expect(again.locator("#cut")).to_have_value("20")
    assert (
        again.locator("#ratio").text_content() == page.locator("#ratio").text_content()
    )


def test_a_life_is_told_as_by_the_command_and_the_next_one_follows(visit):
    page = visit("life?number=8&seed=7")
    course = follow_patient(8, seed=7)
    story = page.locator("#story")
    for line in course.lines:
        years = f"{line.start_day / DAYS_PER_YEAR:.1f}"
        row = story.locator("tr", has_text=line.regimen).first
        expect(row).to_contain_text(years)
    expect(page.locator("#course .therapy")).to_have_count(len(course.lines))
    page.get_by_role("button", name="Next patient").click()
    expect(page.locator("#person")).to_contain_text("Patient 9 of seed 7")
    assert "number=9&seed=7" in page.url


def test_another_drug_at_a_line_is_followed_as_by_the_command(visit):
    page = visit("life?number=9&seed=7", ready="body[data-line]")
    page.locator("#regimen").fill("exemestane 25 mg daily + everolimus 10 mg daily")
    page.get_by_role("button", name="Follow her").click()
    page.wait_for_selector('body[data-line="2"]')
    lived = live(9, seed=7, parameters=best_parameters())
    found = what_if(lived, 1, "exemestane 25 mg daily + everolimus 10 mg daily")
    expect(page.locator("#outcome")).to_contain_text(
        f"best response {found.best}; the line ends after "
        f"{found.end_day / DAYS_PER_MONTH:.1f} months"
    )
    last = page.locator("#visits tbody tr").last.locator("td")
    sum_mm = found.visits["sum_mm"].iloc[-1]
    expect(last.nth(1)).to_have_text(f"{sum_mm:.1f}")
    expect(page.locator("#from-line .scan")).to_have_count(len(found.visits))
    expect(page.locator("#tried tbody tr")).to_have_count(2)
    assert "regimen=exemestane" in page.url
    page.locator("#regimen").fill("exemestan 25 mg daily")
    page.get_by_role("button", name="Follow her").click()
    expect(page.locator("#line-problem")).to_contain_text("nearest is 'exemestane'")


def test_a_line_that_she_lived_is_opened_and_shows_its_lesions(visit):
    page = visit("life?number=84&seed=7", ready="body[data-line]")
    bar = page.get_by_role("button", name="Open the second line: tamoxifen")
    bar.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector('body[data-line="2"]')
    expect(page.locator("#what-if-title")).to_have_text("Line 2, as practice gave it")
    expect(page.locator("#what-if-title")).to_be_focused()
    lived = live(84, seed=7, parameters=best_parameters())
    found = what_if(lived, 2)
    line = course_of(lived).lines[1]
    lasted = (line.end_day - line.start_day) / DAYS_PER_MONTH
    expect(page.locator("#outcome")).to_contain_text(
        f"In her life practice went on after {lasted:.1f} months."
    )
    expect(page.locator("#from-line .lesion")).to_have_count(len(found.lesions))
    expect(page.locator("#from-line")).to_contain_text("practice went on")
    named = page.locator("#line-legend span", has_text="soft tissue")
    sites = [one["site"] for one in found.lesions]
    expect(named).to_have_count(sites.count("soft tissue"))
    assert "line=2" in page.url
    page.get_by_role("button", name="Lesions and scans of line 1").click()
    expect(page.locator("#what-if-title")).to_have_text("Line 1, as practice gave it")
    expect(page.locator("#outcome")).to_contain_text("letrozole 2.5 mg daily")


def test_claims_that_fail_stand_first_and_lead_to_the_network(visit):
    page = visit("claims?find=her3")
    cards = page.locator(".claim")
    expect(cards.filter(has_text="C037").locator(".verdict")).to_have_count(1)
    page.locator("#show").select_option("all")
    page.locator("#find").fill("")
    expect(cards).to_have_count(len(claims()))
    verdicts = page.locator(".claim .verdict").all_text_contents()
    assert verdicts == sorted(verdicts, key=["fails", "open", "holds"].index)
    page.locator(".claim .see a").first.click()
    page.wait_for_selector("#map.known")


@pytest.mark.parametrize("path", ["bench?replicates=1&patients=60", "life", "claims"])
def test_other_views_fit_a_telephone(visit, quick_trials, path):
    page = visit(path, width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_sentence_stands_where_a_trial_cannot_be_run(visit, quick_trials):
    page = visit("bench?trial=BOLERO-2&patients=60&replicates=1")
    page.get_by_label("Regimen of placebo + exemestane").fill("exemestan 25 mg daily")
    page.get_by_label("Regimen of placebo + exemestane").press("Tab")
    expect(page.locator("#problem")).to_contain_text("nearest is 'exemestane'")
