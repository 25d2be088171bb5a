"""A look sees what a final analysis on the same day would see."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oestra.trial.assess import Assessment, Schedule
from oestra.trial.data_cut import SCANS, cut_table, scan_days
from oestra.trial.designs import find_design
from oestra.trial.outcomes import Fate, derive_outcome, within_reach
from oestra.trial.recist import Code

NE, PD, SD, NON, PR, CR = Code
INF = np.inf
DESIGN = find_design("BOLERO-2")
DAY = 42.0 * np.arange(1, 7)[None, :]


def analyzed(response, cut, *, symptom=INF, death=INF, last=INF):
    """Return assessment and outcome of one patient at a data cut."""
    fate = Fate(
        symptom_day=np.array([symptom]),
        death_day=np.array([death]),
        last_day=np.array([last]),
        cut_day=np.array([cut]),
    )
    attended = within_reach(DAY, np.ones_like(DAY, dtype=bool), fate)
    assessment = Assessment(
        schedule=Schedule(day=DAY, attended=attended),
        response=np.where(attended, np.array([response]), NE).astype(np.int8),
        measurable=np.array([True]),
        change_percent=np.zeros_like(DAY),
    )
    return assessment, derive_outcome(assessment, fate, DESIGN)


def table_of(response, entry=0.0, **fate):
    assessment, outcome = analyzed(response, 900.0, **fate)
    columns = {"entry_day": [entry], SCANS: scan_days(assessment)}
    for name in ("pfs", "ttp", "overall_survival"):
        time = getattr(outcome, name)
        short = "os" if name == "overall_survival" else name
        columns |= {f"{short}_day": time.day, f"{short}_event": time.event_observed}
    return pd.DataFrame(columns)


days = st.one_of(st.just(INF), st.integers(1, 300).map(float))


@settings(max_examples=200)
@given(
    response=st.lists(st.sampled_from([NE, PD, SD, PR]), min_size=6, max_size=6),
    symptom=days,
    death=days,
    last=days,
    cut=st.integers(1, 300).map(float),
    endpoint=st.sampled_from(["pfs", "ttp", "os"]),
)
def test_a_look_sees_what_a_final_analysis_on_its_day_would(
    response, symptom, death, last, cut, endpoint
):
    fate = {"symptom": symptom, "death": death, "last": last}
    seen = cut_table(table_of(response, entry=30.0, **fate), 30.0 + cut, endpoint)
    _, outcome = analyzed(response, cut, **fate)
    want = outcome.overall_survival if endpoint == "os" else getattr(outcome, endpoint)
    assert seen[f"{endpoint}_day"].tolist() == want.day.tolist()
    assert seen[f"{endpoint}_event"].tolist() == want.event_observed.tolist()


@pytest.mark.parametrize(
    ("response", "day", "want"),
    [
        ([SD, SD, SD, SD, SD, SD], 100.0, 84.0),
        ([SD, NE, SD, SD, SD, SD], 100.0, 42.0),
        ([NE, NE, SD, SD, SD, SD], 100.0, 0.0),
        ([SD, SD, PD, PD, PD, PD], 100.0, 84.0),
        ([SD, SD, SD, SD, SD, SD], 41.9, 0.0),
    ],
)
def test_without_event_the_last_adequate_scan_censors(response, day, want):
    seen = cut_table(table_of(response), day, "pfs")
    assert seen["pfs_day"].tolist() == [want]
    assert not seen["pfs_event"].any()


def test_patients_who_enter_later_are_not_seen():
    assert cut_table(table_of([SD] * 6, entry=50.0), 50.0, "pfs").empty


def test_without_scans_patients_are_watched_on_every_day():
    table = table_of([SD] * 6).drop(columns=SCANS)
    assert cut_table(table, 100.0, "pfs")["pfs_day"].tolist() == [100.0]
