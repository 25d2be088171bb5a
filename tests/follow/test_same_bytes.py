"""A patient's course has the same bytes alone and among others."""

import numpy as np
import pytest

from oestra.core.streams import Streams
from oestra.drugs.regimen import Regimen
from oestra.engagement.regimen_load import drug_loads, drug_ramps, pk_subjects
from oestra.follow.treatment import Changes, follow
from oestra.history.cohort import simulate_cohort
from oestra.model.parameters import prior_parameters

DAYS = np.array([0.0, 14.0, 28.0, 61.0, 130.0])
REGIMENS = (
    "exemestane 25 mg daily + everolimus 10 mg daily",
    "fulvestrant 500 mg on days 1, 15, 29 then every 28 days "
    "+ palbociclib 125 mg daily for 21 of 28 days",
)
SHAPES = ("log_volume", "new_lesion_day", "symptom_day", "death_day", "ki67",
          "fdg_uptake", "clone_log_cells", "site", "measurable")  # fmt: skip


@pytest.mark.parametrize("text", REGIMENS)
def test_lanes_and_loads(same_rows, cohort, text):
    regimen = Regimen.parse(text)

    def of(rows):
        traits = cohort.patients(rows)
        who = pk_subjects(traits, regimen, cohort.streams, least_adherence=0.05)
        return {
            "lanes": cohort.lanes(rows, 0.1).p,
            "share": cohort.presentation(rows).share,
            **drug_loads(regimen, who, cohort.parameters),
            **{f"ramp {k}": v for k, v in drug_ramps(regimen, who, DAYS).items()},
        }

    same_rows(of, len(cohort.decisions))


@pytest.mark.parametrize("text", REGIMENS)
def test_courses(same_rows, cohort, text):
    regimen = Regimen.parse(text)
    stop = np.where(np.arange(len(cohort.decisions)) % 4 == 0, 40.0, np.inf)

    def of(rows):
        return follow(
            cohort, rows, regimen, days=DAYS, streams=Streams(2),
            changes=Changes(stop_day=stop[rows]),
        )  # fmt: skip

    same_rows(of, len(cohort.decisions), SHAPES, alone=3)


def test_lives(cohort):
    """Fewer patients, and more at once, live the same lives."""
    few = simulate_cohort(9, prior_parameters(), seed=3, workers=1)
    count = int((cohort.decisions["patient"] < 9).sum())
    assert count == len(few.decisions)
    own, all_of = few.decisions, cohort.decisions[cohort.decisions["patient"] < 9]
    for name in own:
        # Weights are normalized over whoever is simulated.
        if name != "weight":
            one, other = own[name], all_of[name]
            assert one.map(repr).tolist() == other.map(repr).tolist(), name
    assert few.y.tobytes() == cohort.y[:count].tobytes()
    assert few.log_cells.tobytes() == cohort.log_cells[:count].tobytes()
