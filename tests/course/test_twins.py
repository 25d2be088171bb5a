"""Copies of a patient are integrated once, and nothing shows it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.core.library import SHIPPED
from oestra.core.streams import Streams
from oestra.course import tumors
from oestra.course.twins import Twins
from oestra.drugs.regimen import Regimen
from oestra.follow import treatment
from oestra.follow.treatment import Changes, Lower, run_course
from oestra.history.store import load_cohort
from oestra.model.parameters import best_parameters

marks = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1)


@given(marks)
def test_twins_have_all_marks_in_common(pairs):
    a, b = np.array(pairs).T
    twins = Twins.of(a, b)
    assert [pairs[i] for i in twins.first[twins.back]] == pairs
    assert len(twins.first) == len(set(pairs))


@pytest.fixture(scope="module")
def cohort():
    return load_cohort(best_parameters(SHIPPED))


def course(cohort, rows, days=None):
    n = len(rows)
    regimen = Regimen.parse("exemestane 25 mg daily + everolimus 10 mg daily", SHIPPED)
    less = Regimen.parse("exemestane 25 mg daily + everolimus 5 mg daily", SHIPPED)
    stop = np.array([np.inf, 70.0, np.inf, 70.0, 40.0, np.inf])[:n]
    lower = np.array([np.inf, 30.0, 90.0, 30.0, np.inf, np.inf])[:n]
    changes = Changes(stop_day=stop, lower=Lower(day=lower, regimen=less))
    days = np.arange(0.0, 300.0, 21.0) if days is None else days
    streams = Streams(3)
    return run_course(
        cohort, rows, regimen, days=days, changes=changes, streams=streams, keep=True
    )


def test_courses_of_copies_are_those_of_patients_alone(cohort, monkeypatch):
    rows = np.array([7, 7, 7, 7, 7, 9])
    solved = []
    grow = tumors.Tumors.grow

    def counted(self, p, *rest):
        solved.append(len(p))
        return grow(self, p, *rest)

    monkeypatch.setattr(tumors.Tumors, "grow", counted)
    found = course(cohort, rows)
    assert solved[:2] == [2, 2]
    assert max(solved) > 2
    doses = treatment.Doses
    monkeypatch.setattr(
        treatment, "Doses", lambda **known: replace(doses(**known), alike=None)
    )
    alone = course(cohort, rows)
    for name in ("total", "clone_log_cells", "ki67", "log_volume", "fdg_uptake"):
        assert getattr(found, name).tobytes() == getattr(alone, name).tobytes()
    assert found.audit == alone.audit
    for one, other in zip(found.kept.parts, alone.kept.parts, strict=True):
        assert one[2].tobytes() == other[2].tobytes()
