"""A server that is stopped while it answers ends without noise."""

import logging
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection

import pytest
import uvicorn

from oestra.web.app import application
from oestra.web.endpoint import Endpoint
from oestra.web.run import listen


@dataclass
class Stopped:
    status: int
    told: str


@pytest.fixture
def stopped():
    begun, go_on = threading.Event(), threading.Event()

    def slow(_given):
        begun.set()
        go_on.wait(20)
        return {}

    app = application(endpoints=(Endpoint(path="/api/slow", summary="", answer=slow),))
    sock = listen("127.0.0.1", 0)
    config = uvicorn.Config(
        app, log_level="error", lifespan="off", timeout_graceful_shutdown=1
    )
    server, seen = uvicorn.Server(config), []

    def ask():
        with closing(HTTPConnection(*sock.getsockname(), timeout=30)) as asked:
            asked.request("GET", "/api/slow")
            answer = asked.getresponse()
            seen.append(Stopped(answer.status, answer.read().decode()))

    serve = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
    serve.start()
    while not server.started:
        time.sleep(0.01)
    visitor = threading.Thread(target=ask)
    visitor.start()
    begun.wait(20)
    server.should_exit = True
    visitor.join(20)
    go_on.set()
    serve.join(20)
    assert not serve.is_alive()
    return seen


def test_who_waits_is_told_and_nothing_else_is(stopped, caplog):
    assert [one.status for one in stopped] == [503]
    assert "is being stopped" in stopped[0].told
    assert not [one for one in caplog.records if one.exc_info]
    assert not [one for one in caplog.records if one.levelno >= logging.CRITICAL]
