"""What messages quote: short, on one line, and never a traceback of their own."""

from enum import StrEnum

import pytest

from oestra.core.errors import InputError, nearest, shown, unknown_name
from oestra.core.number import number, whole


class Word(StrEnum):
    """Names that are members of an enumeration."""

    ONE = "RECIST-1.1"
    OTHER = "WHO"


def test_names_of_enumerations_are_told_as_they_are_written():
    assert nearest("RECIST 1.2", list(Word)) == "RECIST-1.1"
    assert str(unknown_name("criteria", "RECIST 1.2", list(Word))).endswith(
        "nearest is 'RECIST-1.1'."
    )


def test_endless_numbers_are_not_written_out():
    assert len(shown(10**400)) < 200
    assert shown(10**10_000) == "a number of thousands of digits"


@pytest.mark.parametrize("given", ["2", True, None, 10**400, [2], 1j])
def test_what_is_no_number_is_refused(given):
    with pytest.raises(InputError, match="A dose must be a number, got"):
        number(given, "A dose")


@pytest.mark.parametrize("given", ["2", True, None, 2.0, 2.5, [2]])
def test_what_is_no_whole_number_is_refused(given):
    with pytest.raises(InputError, match="sets must be a whole number, got"):
        whole(given, "sets")
