"""The page for those who hear it, print it, or have no mouse."""

import pytest

axe = pytest.importorskip("axe_playwright_python.sync_playwright")
playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
pytestmark = pytest.mark.browser

VIEWS = {
    "?line=MCF-7&drug=everolimus 20 nM&node=akt": "#details .trail",
    "resistance?mechanism=esr1": "body[data-ready]",
    "bench?patients=60&replicates=5": "body[data-ready]",
    "compare?scenario=HORIZON&scenario=BOLERO-2&patients=60": "body[data-ready]",
    "life": "body[data-ready]",
    "evidence": "body[data-ready]",
    "claims": "body[data-ready]",
}
every_view = pytest.mark.parametrize(
    "path", VIEWS, ids=lambda one: one.partition("?")[0] or "/"
)


@every_view
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_is_found(visit, quick_trials, path, scheme):
    page = visit(path, ready=VIEWS[path], color_scheme=scheme)
    page.wait_for_timeout(400)
    found = axe.Axe().run(page).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert [(one["id"], one["nodes"][0]["target"]) for one in serious] == []


REACHED = """() => {
  const kinds = 'a, button, input, select, textarea, summary, [role=button]';
  const wanted = [...document.querySelectorAll(kinds)]
    .filter((one) => one.checkVisibility() && !one.disabled);
  return wanted.filter((one) => one.tabIndex < 0).map((one) => one.outerHTML);
}"""
MARKED = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const rim = one.querySelector && one.querySelector('.rim, .ground');
  const thick = rim && parseFloat(getComputedStyle(rim).strokeWidth) > 2;
  return one === document.body || style.outlineStyle !== 'none' || thick;
}"""


@every_view
def test_everything_is_reached_by_tab_and_seen_to_be(visit, quick_trials, path):
    page = visit(path, ready=VIEWS[path])
    assert page.evaluate(REACHED) == []
    page.evaluate("document.activeElement.blur()")
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate(MARKED), page.evaluate("document.activeElement.outerHTML")


@every_view
def test_it_prints_in_light_without_controls_and_nothing_is_cut(
    visit, quick_trials, path
):
    page = visit(path, ready=VIEWS[path], width=720, color_scheme="dark")
    page.emulate_media(media="print")
    expect(page.locator(".top nav")).to_be_hidden()
    expect(page.locator(".exports").first).to_be_hidden()
    expect(page.get_by_text("not for clinical decisions").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 720
    background = page.evaluate(
        "getComputedStyle(document.documentElement).backgroundColor"
    )
    assert background == "rgb(251, 250, 246)"
    cut = page.evaluate(
        "[...document.querySelectorAll('main svg')].filter((one) =>"
        " one.checkVisibility() && one.getBoundingClientRect().right > 721)"
        ".map((one) => one.id)"
    )
    assert cut == []


def test_a_trial_is_changed_and_run_without_a_mouse(visit, quick_trials):
    page = visit("bench?patients=60&replicates=1")
    page.get_by_label("Patients in all").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("80")
    page.keyboard.press("Enter")
    page.wait_for_selector('body[data-ready="2"]')
    expect(page.locator("#headline")).to_contain_text("80 virtual patients")
