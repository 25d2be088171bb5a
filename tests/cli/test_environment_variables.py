"""Environment variables that cannot be used are explained in one sentence."""

import pytest

WORDS = ("cell", "MCF7", "--drug", "everolimus 20 nM", "--days", "2")


@pytest.mark.parametrize("text", ["abc", "0", "-3", "99999999999", "2.5"])
def test_threads(fail, monkeypatch, text):
    monkeypatch.setenv("OESTRA_THREADS", text)
    said = fail(*WORDS)
    assert "OESTRA_THREADS" in said
    assert repr(text) in said
    assert "from 1 to 1024" in said
