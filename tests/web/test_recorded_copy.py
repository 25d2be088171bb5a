"""The page without its server: recorded, served as files, opened in Chromium."""

import json
import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from oestra.core.errors import InputError
from oestra.trial.run import refine_trial
from oestra.web import population, recorded_copy, trial_answer
from oestra.web.endpoint import Endpoint, Given
from oestra.web.recorded_copy import VIEWS, Recorder, record_page
from oestra.web.view import PAGES, recorded_view

LINE = Given(name="line", text="a line")
ECHO = Endpoint(
    path="/api/echo/{name}",
    summary="",
    answer=dict,
    given=(LINE, Given(name="name", text=""), Given(name="id", text="", default="")),
)


def read(folder, name):
    return json.loads((folder / name).read_text())


def test_an_answer_is_found_under_what_asks_for_it(tmp_path):
    recorder = Recorder((ECHO,))
    for number in "12":
        recorder.ask("GET", "/api/echo/x", [("line", "T47D"), ("id", number)])
    recorder.ask("GET", "/api/echo/y", [("line", "ä + b")])
    recorder.write(tmp_path / "answers")
    index = read(tmp_path / "answers", "index.json")
    # What may name any id lies in one file.
    assert index == {
        "GET /api/echo/x?line=T47D": "0.json",
        "GET /api/echo/y?line=ä + b": "1.json",
    }
    answers = read(tmp_path / "answers", "0.json")
    assert answers["GET /api/echo/x?id=2&line=T47D"]["id"] == "2"
    assert len(answers) == 2


def test_work_in_the_background_is_awaited_and_a_fault_told():
    states = iter(["waiting", "running", "done", "failed"])

    def told(_given):
        return {"job": "j", "state": next(states), "error": "No trial 'X'."}

    work = Endpoint(path="/api/work", method="POST", summary="", answer=told)
    look = Endpoint(
        path="/api/runs/{id}",
        summary="",
        answer=told,
        given=(Given(name="id", text=""),),
    )
    recorder = Recorder((work, look))
    assert recorder.ask("POST", "/api/work", [])["state"] == "done"
    with pytest.raises(InputError, match=r"/api/work failed: No trial 'X'\."):
        recorder.ask("POST", "/api/work", [])


def test_what_nothing_answers_is_told():
    with pytest.raises(LookupError, match="GET /api/other"):
        Recorder((ECHO,)).ask("GET", "/api/other", [])


@pytest.mark.parametrize("path", PAGES)
def test_a_recorded_view_names_no_address_of_a_server(path):
    text = recorded_view(path)
    assert re.findall(r'(?:href|src)="(/[^"]*|https?:[^"]*)"', text) == []
    assert "Content-Security-Policy" in text
    assert "Research software, not for clinical decisions." in text


def one_scene(_ask):
    """Ask for what the network view shows first, and one part of it."""
    state = [("line", "MCF-7"), ("drug", "everolimus 20 nM"), ("against", "untreated")]
    yield "GET", "/api/choices", []
    yield "GET", "/api/fit", []
    yield "GET", "/api/network", state
    yield "GET", "/api/why", [*state, ("symbol", "akt"), ("day", "2")]
    yield "GET", "/api/symbols/akt", []


@pytest.fixture(scope="module")
def address(tmp_path_factory, stand_in):
    """Return where a recorded copy lies, in a folder beneath others."""
    folder = tmp_path_factory.mktemp("host")
    cohort, follow = stand_in
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(population, "population", lambda: cohort)
        patch.setattr(
            trial_answer, "refine_trial", partial(refine_trial, follow=follow)
        )
        patch.setattr(recorded_copy, "_PEOPLE", 1)
        asked = {path: VIEWS[path] for path in ("/bench", "/compare", "/life")}
        copy = folder / "copy"
        copy.mkdir()
        record_page(copy, views={"/": one_scene, **asked})
    handler = partial(Silent, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/copy/"
    server.shutdown()
    server.server_close()
    thread.join()


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_told):
        """Say nothing."""


@pytest.mark.browser
def test_the_map_is_shown_with_why_and_says_what_was_not_recorded(visit):
    expect = pytest.importorskip("playwright.sync_api").expect
    page = visit("?node=akt")
    details = page.locator("#details")
    expect(details.locator(".trail")).to_contain_text("IRS-1 ▲")
    slider = page.get_by_label("Time since treatment began")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(details).to_contain_text("recorded at the time of each example")
    expect(page.locator("#problem")).to_be_hidden()
    page.get_by_label("Dose of everolimus").fill("1 nM")
    page.keyboard.press("Enter")
    expect(page.locator("#problem")).to_contain_text("“oestra serve” answers")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "ready", "seen"),
    [
        ("bench.html", "body[data-ready]", "#headline"),
        ("compare.html", "body[data-ready]", "#curves .entry"),
        ("life.html", "body[data-line]", "#from-line .scan"),
    ],
)
def test_a_view_shows_what_was_recorded(visit, name, ready, seen):
    page = visit(name, ready=ready)
    assert page.locator(seen).count() > 0
    assert page.locator("#problem").is_hidden()
    page.get_by_role("link", name="Network", exact=True).click()
    page.wait_for_selector("#map.known")
