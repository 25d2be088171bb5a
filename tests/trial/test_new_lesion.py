"""Doubtful new lesions: dated back where they were real, forgotten where not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.trial.new_lesion import dated_back


def dated(marks, *, still=False):
    """One patient; a visit is sure (S), equivocal (?), clear (-) or missed (x)."""
    row = np.array([list(marks)]).reshape(1, -1)
    found = dated_back(
        row == "S", row == "?", row != "x", still=(row == "?") if still else None
    )
    return "".join("N" if new else "." for new in found[0])


@pytest.mark.parametrize(
    ("marks", "want"),
    [
        ("-S-", ".N."),
        ("-?S", ".NN"),
        ("?-S", "..N"),
        ("??S", "NNN"),
        ("?xS", "N.N"),
        ("??-", "..."),
        ("-?", ".."),
        ("", ""),
    ],
)
def test_a_reader_makes_sure_later(marks, want):
    assert dated(marks) == want


@pytest.mark.parametrize(
    ("marks", "want"),
    [("-??", ".NN"), ("?-?", "..."), ("?x?", "N.N"), ("??-?", "NN..")],
)
def test_what_is_still_there_is_sure(marks, want):
    assert dated(marks, still=True) == want


@given(marks=st.text("S?-x", max_size=8), still=st.booleans())
def test_what_is_sure_stays_and_what_is_clear_or_missed_is_never_new(marks, still):
    for mark, new in zip(marks, dated(marks, still=still), strict=True):
        assert mark != "S" or new == "N"
        assert mark not in "-x" or new == "."
