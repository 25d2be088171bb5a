"""A small trial result, built by hand."""

import numpy as np
import pandas as pd
import pytest

from oestra.trial.designs import find_design
from oestra.trial.result import (
    ArmResult,
    ContrastResult,
    Estimate,
    StratumResult,
    TrialResult,
)


def around(value):
    return Estimate(estimate=value, low=value * 0.9, high=value * 1.1)


def stratum_result():
    arms = {
        "EXE+EVE": ArmResult(
            id="EXE+EVE",
            label="everolimus + exemestane",
            n=40,
            endpoints={"pfs_median_months": around(7.0), "orr_percent": around(30.0)},
            landmarks={12.0: around(30.0)},
        ),
        "EXE": ArmResult(
            id="EXE",
            label="placebo + exemestane",
            n=20,
            endpoints={
                "pfs_median_months": Estimate(
                    estimate=None, low=None, high=None, reason="median not reached"
                )
            },
        ),
    }
    contrast = ContrastResult(
        endpoint="pfs",
        arm="EXE+EVE",
        control="EXE",
        hazard_ratio=around(0.5),
        p=around(0.0001),
        power=1.0,
    )
    return StratumResult(arms=arms, contrasts=(contrast,))


def patient_tables(replicates):
    arm = np.tile(np.repeat(["EXE+EVE", "EXE"], [40, 20]), replicates)
    number = np.arange(60 * replicates)
    identity = {
        "STUDYID": "BOLERO-2",
        "REPLICATE": number // 60,
        "USUBJID": [f"P{n:04d}" for n in number],
        "TRTP": arm,
    }
    censored = number % 5 == 0
    patients = pd.DataFrame(
        identity
        | {
            "PARAMCD": "PFS",
            "PARAM": "Progression-free survival",
            "AVAL": 42.0 * (1 + number % 13),
            "CNSR": censored.astype(int),
            "EVNTDESC": np.where(censored, "data cut", "progression on scan"),
        }
    )
    responses = pd.DataFrame(
        identity
        | {
            "AVALC": np.where(number % 4 == 0, "PR", "SD"),
            "PCHG": np.where(number % 3 == 0, np.nan, -40.0 + number % 50),
            "DCTHARM": np.where(number % 60 < 3, "Y", "N"),
        }
    )
    return patients, responses


@pytest.fixture(scope="session")
def trial_result():
    patients, responses = patient_tables(replicates=2)
    return TrialResult(
        trial="BOLERO-2",
        seed=1,
        replicates=2,
        model="m" * 8,
        parameters="p" * 8,
        overall=stratum_result(),
        strata={"visceral": stratum_result()},
        patients=patients,
        responses=responses,
        screening={
            "screened": 1000,
            "eligible": 300,
            "excluded": {"not her2_positive": 700},
            "simulated_patients": 400,
            "eligible_percent": 12.5,
            "excluded_percent": {"not her2_positive": 87.5},
            "effective_sample_size": 250.0,
        },
        published=(),
        looks=(),
        audit={},
    )


@pytest.fixture(scope="session")
def design():
    return find_design("BOLERO-2")
