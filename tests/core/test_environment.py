"""Environment variables are read like any other input."""

import pytest

from oestra.core.environment import whole_number
from oestra.core.errors import InputError

NAME = "OESTRA_THREADS"


@pytest.mark.parametrize(
    "text", ["abc", "0", "-1", "1.5", "1025", "9" * 5000, "1e3", "²", "0x4", "1_0"]
)
def test_what_cannot_be_a_number_is_refused(monkeypatch, text):
    monkeypatch.setenv(NAME, text)
    with pytest.raises(InputError, match="whole number from 1 to 1024") as caught:
        whole_number(NAME, least=1, most=1024)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("text", ["1", " 8 ", "1024"])
def test_numbers_are_read(monkeypatch, text):
    monkeypatch.setenv(NAME, text)
    assert whole_number(NAME, least=1, most=1024) == int(text)


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_means_the_default(monkeypatch, text):
    monkeypatch.setenv(NAME, text)
    assert whole_number(NAME, least=1, most=1024) is None
