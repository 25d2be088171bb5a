"""Who may ask, how much, and that nothing but sentences comes back."""

import json
import string

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from oestra.web.app import PAGES, application
from oestra.web.endpoint import Endpoint
from oestra.web.requests import ENDPOINTS

TOKEN = "abcdefgh12345678"  # noqa: S105


def client(**options):
    address = options.pop("address", "http://localhost")
    return TestClient(application(**options), base_url=address)


@pytest.mark.parametrize("path", [*PAGES, "/openapi.json", "/static/page.css", "/x"])
def test_every_answer_forbids_what_the_page_does_not_need(page, path):
    headers = page.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", PAGES)
def test_pages_carry_the_disclaimer_and_run_no_script_of_their_own(page, path):
    text = page.get(path).text
    assert "Research software, not for clinical decisions." in text
    assert "<script>" not in text
    assert " style=" not in text
    assert "http://" not in text
    assert "https://" not in text


def test_another_name_for_this_machine_is_refused():
    answer = client(address="http://evil.example").get("/")
    assert answer.status_code == 403
    assert "not served under this name" in answer.json()["error"]


@pytest.mark.parametrize("name", ["127.0.0.1:8040", "localhost", "[::1]:8040"])
def test_this_machine_goes_by_its_own_names(name):
    assert client().get("/", headers={"Host": name}).status_code == 200


def test_a_token_is_asked_for_taken_from_the_address_and_kept():
    with client(token=TOKEN, hosts=()) as visitor:
        assert visitor.get("/").status_code == 401
        assert visitor.get("/?token=wrong").status_code == 401
        assert visitor.get("/api/choices", headers={"Cookie": "x"}).status_code == 401
        first = visitor.get(f"/?token={TOKEN}", follow_redirects=False)
        assert first.status_code == 303
        assert TOKEN not in first.headers["location"]
        cookie = first.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert visitor.get("/").status_code == 200
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    asked = client(token=TOKEN, hosts=()).get("/openapi.json", headers=bearer)
    assert asked.status_code == 200


def test_a_page_elsewhere_may_not_ask_for_work():
    answer = client().post(
        "/api/choices", json={}, headers={"Origin": "http://evil.example"}
    )
    assert answer.status_code == 403


def test_requests_are_bounded(page):
    assert page.get("/api/network?drug=" + "x" * 20_000).status_code == 414
    many = "&".join(["set=PTEN=loss"] * 40)
    assert "24 times at most" in page.get(f"/api/network?{many}").json()["error"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static//etc/passwd",
        "/static/network_map.yaml",
        "/static/",
        "/templates/base.html",
    ],
)
def test_no_path_reaches_the_disk(page, path):
    answer = page.get(path)
    assert answer.status_code == 404
    assert "There is nothing at this address." in answer.text


def test_what_is_asked_for_is_never_read_as_markup(page):
    answer = page.get("/<script>alert(1)</script>")
    assert answer.status_code == 404
    assert "alert" not in answer.text
    refused = page.get("/api/network", params={"line": "<script>alert(1)</script>"})
    assert refused.headers["content-type"] == "application/json"


def test_a_method_that_is_not_answered_is_told(page):
    assert page.post("/api/network").status_code == 405
    assert page.delete("/").status_code == 405


def test_every_request_is_described(page):
    paths = page.get("/openapi.json").json()["paths"]
    assert {(o.path, o.method.lower()) for o in ENDPOINTS} == {
        (path, method) for path, methods in paths.items() for method in methods
    }
    for endpoint in ENDPOINTS:
        described = paths[endpoint.path][endpoint.method.lower()]
        body = described.get("requestBody", {}).get("content", {})
        schema = body.get("application/json", {}).get("schema", {})
        told = {one["name"] for one in described["parameters"]}
        assert told | schema.get("properties", {}).keys() == {
            one.name for one in endpoint.given
        }


NAMES = [one.name for o in ENDPOINTS for one in o.given]
QUERIES = st.lists(
    st.tuples(
        st.sampled_from(NAMES) | st.text(string.printable, max_size=6),
        st.text(max_size=30)
        | st.sampled_from(["MCF-7", "tumor", "akt", "2", "-1", "1e999", "none"]),
    ),
    max_size=5,
)


@settings(max_examples=150)
@given(
    path=st.sampled_from([o.path for o in ENDPOINTS if o.method == "GET"]),
    query=QUERIES,
)
def test_whatever_is_asked_gets_an_answer_or_a_sentence(page, path, query):
    where = path.format(name="akt", id="x", number="3", line="1")
    answer = page.get(where, params=query)
    assert answer.status_code < 500
    if answer.status_code >= 400:
        assert set(answer.json()) == {"error"}
        assert "Traceback" not in answer.json()["error"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(), one, max_size=3),
    max_leaves=6,
)
BODIES = VALUES | st.dictionaries(
    st.sampled_from(NAMES) | st.text(string.printable, max_size=6), VALUES, max_size=5
)
# An empty body of this one begins a validation, which takes minutes.
POSTED = [
    o.path for o in ENDPOINTS if o.method == "POST" and o.path != "/api/validations"
]


@settings(max_examples=150)
@given(path=st.sampled_from(POSTED), body=BODIES)
def test_whatever_is_sent_gets_a_sentence(page, path, body):
    answer = page.post(
        path,
        content=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 422
    assert set(answer.json()) == {"error"}
    assert "Traceback" not in answer.json()["error"]


def test_nothing_is_calculated_for_who_left():
    asked, sent = [], []
    counted = Endpoint(path="/api/count", summary="", answer=asked.append)
    app = application(endpoints=(counted,))

    async def receive():
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/api/count",
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
    }
    anyio.run(app, scope, receive, send)
    assert asked == []
    assert sent[0]["status"] == 499


def test_a_fault_of_ours_is_told_without_its_traceback(capsys):
    def fail(_given):
        raise ZeroDivisionError("secret")

    broken = Endpoint(path="/api/broken", summary="Fails.", answer=fail)
    with client(endpoints=(broken,)) as visitor:
        answer = visitor.get("/api/broken")
    assert answer.status_code == 500
    assert answer.json() == {
        "error": "Something went wrong here; the terminal says what."
    }
    assert "ZeroDivisionError: secret" in capsys.readouterr().err
