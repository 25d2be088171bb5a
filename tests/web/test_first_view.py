"""What the page shows first is kept, and is what it would be without."""

import subprocess
import sys
import threading
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from starlette.testclient import TestClient

from oestra.web import first_view
from oestra.web.app import application
from oestra.web.endpoint import read_given
from oestra.web.first_view import FIRST, FirstView
from oestra.web.requests import ENDPOINTS

LOADED = """
import sys, threading
from oestra.web.endpoint import read_given
from oestra.web.first_view import FIRST, FirstView
from oestra.web.run import ENDPOINTS
for one in FirstView(ENDPOINTS, threading.Event()).kept:
    if one.path in FIRST:
        one.answer(read_given(one.given, list(FIRST[one.path])))
print([name for name in ("numpy", "pandas", "pydantic") if name in sys.modules])
"""


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("OESTRA_CACHE", str(tmp_path))
    return tmp_path


def ask(view, path, pairs=None):
    one = next(one for one in view.kept if one.path == path)
    asked = list(FIRST[path] if pairs is None else pairs)
    return one.answer(read_given(one.given, asked))


def counting(calls):
    def counted(one):
        def answer(given):
            calls.append(one.path)
            return {"given": given, "call": len(calls)}

        return replace(one, answer=answer)

    return tuple(counted(one) if one.path in FIRST else one for one in ENDPOINTS)


def test_the_first_view_is_what_it_is_without_being_kept(page, cache):
    view = FirstView(ENDPOINTS, threading.Event())
    with TestClient(
        application(endpoints=view.kept), base_url="http://localhost"
    ) as client:
        for path, pairs in FIRST.items():
            expected = page.get(path, params=dict(pairs)).json()
            for _ in range(2):
                assert client.get(path, params=dict(pairs)).json() == expected
    assert view.answered.is_set()
    assert len(list(cache.glob("records/*.json"))) >= len(FIRST)


def test_an_answer_is_made_once_and_anew_when_something_changed(cache, monkeypatch):
    calls = []
    for _ in range(2):
        view = FirstView(counting(calls), threading.Event())
        assert ask(view, "/api/choices")["call"] == 1
    monkeypatch.setattr(first_view, "fingerprint", lambda: "another model")
    assert ask(view, "/api/choices")["call"] == 2


def test_other_states_are_not_kept(cache):
    calls = []
    view = FirstView(counting(calls), threading.Event())
    for number in (1, 2):
        found = ask(view, "/api/network", [("drug", "everolimus 21 nM")])
        assert found["call"] == number
    assert not view.answered.is_set()


def test_files_of_a_library_are_part_of_the_fingerprint(tmp_path, monkeypatch):
    class Beside:
        folders = (tmp_path,)

    monkeypatch.setattr(first_view, "library_of", Beside)
    made = []
    for text in ("id: a", "id: b"):
        (tmp_path / "own.yaml").write_text(text)
        made.append(first_view.fingerprint.__wrapped__())
    assert made[0] != made[1]


def test_what_is_kept_is_shown_before_the_model_is_loaded(cache):
    FirstView(ENDPOINTS, threading.Event()).make()
    words = [sys.executable, "-c", LOADED]
    found = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603
    assert found.stdout.strip() == "[]"


@pytest.mark.browser
def test_the_page_asks_first_for_what_is_kept(visit):
    asked = []
    shown = visit("?line=T47D")
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(shown.url.partition("?")[0])
    shown.wait_for_selector("body[data-ready]")
    known = {one.path: one for one in ENDPOINTS}
    found = {}
    for url in asked:
        parts = urlsplit(url)
        if parts.path in FIRST:
            given = known[parts.path].given
            found[parts.path] = read_given(given, parse_qsl(parts.query))
    expected = {p: read_given(known[p].given, list(q)) for p, q in FIRST.items()}
    assert found == expected
