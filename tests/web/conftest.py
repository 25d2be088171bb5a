"""A client of the page, Chromium, and patients who are quickly followed."""

import shutil
import threading
import time
from functools import partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
import uvicorn
from starlette.testclient import TestClient

from oestra.trial.run import refine_trial
from oestra.web import population, trial_answer
from oestra.web.app import application
from oestra.web.run import listen

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
STAND_IN = Path(__file__).parents[1] / "trial" / "conftest.py"


@pytest.fixture(scope="session")
def page():
    with TestClient(application(), base_url="http://localhost") as client:
        yield client


@pytest.fixture(scope="session")
def stand_in():
    """Return the population and the courses that the tests of trials have."""
    spec = spec_from_file_location("stand_in", STAND_IN)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    cohort = module.Cohort(module.make_decisions())
    return cohort, module.Follow(cohort.decisions)


@pytest.fixture
def quick_trials(monkeypatch, stand_in):
    cohort, follow = stand_in
    monkeypatch.setattr(population, "population", lambda: cohort)
    monkeypatch.setattr(
        trial_answer, "refine_trial", partial(refine_trial, follow=follow)
    )
    return cohort, follow


@pytest.fixture(scope="module")
def address():
    sock = listen("127.0.0.1", 0)
    server = uvicorn.Server(
        uvicorn.Config(application(), log_level="error", lifespan="off")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{sock.getsockname()[1]}/"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def chromium():
    if CHROMIUM is None:
        pytest.skip("needs Chromium (see .ci/run)")
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, address):
    """Return a function that opens an address; the console must stay silent."""
    said, contexts, asked = [], [], []

    def open_page(path="", *, width=1280, ready="body[data-ready]", **options):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, **options
        )
        contexts.append(context)
        shown = context.new_page()
        shown.on("console", lambda message: said.append(message.text))
        # Chromium itself tells of answers that are a sentence.
        shown.on("pageerror", lambda error: said.append(str(error)))
        shown.on("request", lambda request: asked.append(request.url))
        shown.goto(address + path)
        shown.wait_for_selector(ready, timeout=60_000)
        return shown

    yield open_page
    for context in contexts:
        context.close()
    assert [text for text in said if "status of 422" not in text] == []
    assert all(url.startswith((address, "blob:", "data:")) for url in asked)
