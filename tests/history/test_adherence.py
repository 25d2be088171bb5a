"""Tablets that are not taken do not act: before metastasis, not on trial."""

import numpy as np
import pandas as pd
import pytest

from oestra.core.streams import Streams
from oestra.drugs.regimen import Regimen
from oestra.engagement.load_table import load_table
from oestra.engagement.regimen_load import pk_subjects
from oestra.history.cohort import simulate_cohort
from oestra.model.parameters import prior_parameters
from oestra.patients import sample_population

TABLET = Regimen.parse("letrozole 2.5 mg daily")
INJECTION = Regimen.parse("fulvestrant 500 mg on days 1, 15, 29 then every 28 days")
TAKEN = np.array([1.0, 0.5, 0.02])


@pytest.fixture(scope="module")
def patients():
    """Return one patient thrice, who takes all, half and hardly any of her tablets."""
    found = sample_population(1, prior_parameters(), Streams(1)).covariates
    three = pd.concat([found] * 3)
    three["adherence"] = TAKEN
    return three


def test_the_share_of_doses_taken_reaches_pharmacokinetics(patients):
    own = pk_subjects(patients, TABLET, Streams(1), least_adherence=0.05)
    # Who refills a prescription takes one tablet in twenty at least.
    assert own.adherence.tolist() == [1.0, 0.5, 0.05]
    supervised = pk_subjects(patients, TABLET, Streams(1))
    assert supervised.adherence.tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("adherent", [True, False])
def test_half_the_tablets_are_half_the_load(patients, adherent):
    names, loads = load_table(
        [TABLET, INJECTION], patients, prior_parameters(), Streams(1),
        adherent=adherent,
    )  # fmt: skip
    tablet = loads[0, :, names.index("load_cyp19a1")]
    assert (tablet[1] < 0.7 * tablet[0]) is np.bool_(not adherent)
    assert (tablet[2] < 0.2 * tablet[0]) is np.bool_(not adherent)
    injected = loads[1, :, names.index("load_esr1_serd")]
    assert injected == pytest.approx(injected[0])


def test_who_skips_adjuvant_tablets_relapses_sooner():
    def relapse(low_adherence):
        p = prior_parameters().replace(low_adherence=low_adherence)
        found = simulate_cohort(192, p, seed=3, workers=1).decisions
        first = found[found["setting"] == "relapse"].set_index("patient")
        treated = first[first["adjuvant_therapy"] != "none"]
        return treated["disease_free_months"]

    gained = (relapse(0.0) - relapse(1.0)).dropna()
    assert len(gained) > 40
    # What drugs leave is smaller and thus faster: some lose weeks.
    assert (gained > 0.1).sum() > 1.5 * (gained < -0.1).sum()
    assert gained.mean() > 0.5
    assert gained.max() > 9.0
    assert gained.min() > -3.0
