"""A few simulated patients, shared by the tests of courses."""

import numpy as np
import pytest

from oestra.core.streams import Streams
from oestra.drugs.regimen import Regimen
from oestra.follow.treatment import Changes, Step, follow
from oestra.history.cohort import simulate_cohort
from oestra.model.parameters import prior_parameters


@pytest.fixture(scope="package")
def cohort():
    return simulate_cohort(32, prior_parameters(), seed=3, workers=1)


@pytest.fixture(scope="package")
def treated(cohort):
    """Follow a dozen patients on a regimen that others come after."""
    rows = np.flatnonzero(cohort.decisions["setting"] != "primary")[:12]

    def run(first, *steps, days, stop=np.inf, ovarian=None):
        made = None if ovarian is None else np.full(len(cohort.decisions), ovarian)
        return follow(
            cohort,
            rows,
            Regimen.parse(first),
            days=days,
            changes=Changes(
                stop_day=np.broadcast_to(stop, rows.shape).astype(float),
                steps=tuple(
                    Step(
                        day=np.broadcast_to(day, rows.shape).astype(float),
                        regimen=Regimen.parse(text),
                    )
                    for day, text in steps
                ),
                settles=False,
            ),
            streams=Streams(5),
            ovarian=made,
        )

    return run
