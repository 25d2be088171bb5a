"""Requests that are no HTTP, or break off, leave no traceback and the page alive."""

import socket
import threading
import time
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection

import pytest

from oestra.web.app import application
from oestra.web.run import listen, server_of

POST = b"POST /api/design HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json"
BROKEN = {
    "body that breaks off": POST + b"\r\nContent-Length: 9999\r\n\r\n{",
    "chunks that are none": b"PUT /api/runs HTTP/1.1\r\nHost: localhost\r\n"
    b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "no HTTP": b"\x16\x03\x01\x00\xff",
    "header too long": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 90_000,
    "length that is none": POST + b"\r\nContent-Length: -1\r\n\r\n",
    "two lengths": POST + b"\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
}


@contextmanager
def served():
    sock = listen("127.0.0.1", 0)
    server = server_of(application())
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield sock.getsockname()
    server.should_exit = True
    thread.join()


@pytest.mark.parametrize("kind", BROKEN)
def test_a_line_that_breaks_leaves_no_traceback(kind, capfd):
    with served() as place:
        for _ in range(3):
            with socket.create_connection(place, timeout=20) as line:
                line.sendall(BROKEN[kind])
                if kind != "body that breaks off":
                    with suppress(ConnectionResetError):
                        line.recv(1000)
        with closing(HTTPConnection(*place, timeout=30)) as asked:
            asked.request("GET", "/openapi.json")
            assert asked.getresponse().status == 200
    assert "Traceback" not in capfd.readouterr().err
