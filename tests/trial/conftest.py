"""A stand-in for the storeys below: a population, and exponential courses."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from oestra.core.parameter_set import ParameterSet
from oestra.core.terms import Site
from oestra.trial.decision_columns import PARTNERS

SITES = list(Site)


def make_decisions(size: int = 4000, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)

    def chance(p):
        return rng.random(size) < p

    def pick(options, p):
        return rng.choice(options, size, p=p)

    setting = pick(
        ["primary", "de_novo", "relapse", "progression"], [0.2, 0.2, 0.3, 0.3]
    )
    adjuvant = pick(["none", "tamoxifen", "nonsteroidal_ai"], [0.3, 0.35, 0.35])
    early = np.isin(setting, ["primary", "de_novo"])
    adjuvant = np.where(early, "none", adjuvant)
    none = adjuvant == "none"
    line = pick(["tamoxifen", "nonsteroidal_ai"], [0.3, 0.7])
    progressed = setting == "progression"
    last = np.where(progressed, line, adjuvant)
    last_setting = np.where(
        progressed, "metastatic", np.where(none, "none", "adjuvant")
    )
    lung, liver = chance(0.3), chance(0.3)
    visceral = lung | liver
    bone_only = ~visceral & chance(0.4)
    since = np.where(none, np.nan, np.where(chance(0.5), 0.0, rng.gamma(2, 12, size)))
    table = pd.DataFrame(
        {
            "patient": np.arange(size),
            "setting": setting,
            "weight": rng.uniform(0.5, 1.5, size),
            "age_years": rng.normal(62, 10, size),
            "er_positive": chance(0.9),
            "luminal_a": chance(0.6),
            "prior_fulvestrant": progressed & chance(0.1),
            "bone": bone_only | chance(0.5),
            "er_h_score": rng.uniform(20, 300, size),
            "pgr_positive": chance(0.7),
            "her2_positive": chance(0.15),
            "pik3ca": pick(["wild type", "H1047R", "E545K"], [0.6, 0.25, 0.15]),
            "pten_loss": chance(0.1),
            "esr1_mutant": chance(0.2),
            "esr1_mutant_share": np.linspace(0.0, 1.0, size),
            "esr1_allele": pick(["none", "D538G"], [0.8, 0.2]),
            "akt1_mutant": chance(0.05),
            "cyp2d6": pick(["PM", "IM", "NM", "UM"], [0.07, 0.35, 0.55, 0.03]),
            "ki67_percent": rng.gamma(2, 10, size),
            "de_novo_stage_iv": setting == "de_novo",
            "disease_free_months": rng.gamma(2, 30, size),
            "adjuvant_therapy": adjuvant,
            "adjuvant_months": np.where(none, 0.0, rng.uniform(6, 60, size)),
            "months_since_adjuvant": since,
            "prior_lines": progressed * rng.integers(1, 3, size),
            "last_therapy": last,
            "last_therapy_setting": last_setting,
            "last_therapy_months": rng.gamma(2, 6, size),
            "months_since_last_therapy": np.where(progressed, 0.3, since),
            "last_therapy_benefit": progressed & chance(0.6),
            "prior_tamoxifen": (adjuvant == "tamoxifen") | (last == "tamoxifen"),
            "prior_nonsteroidal_ai": (adjuvant == "nonsteroidal_ai")
            | (last == "nonsteroidal_ai"),
            "prior_chemotherapy_lines": rng.integers(0, 3, size),
            "visceral": visceral,
            "liver": liver,
            "lung": lung,
            "bone_only": bone_only,
            "measurable": ~bone_only & chance(0.8),
            "sites": rng.integers(1, 4, size),
            "symptomatic": chance(0.2),
            "ecog": pick([0.0, 1.0, 2.0, 3.0], [0.6, 0.3, 0.07, 0.03]),
            "life_expectancy_months": rng.gamma(2, 20, size),
            "menopause": pick(["premenopausal", "postmenopausal"], [0.2, 0.8]),
            "esr1_mutant_plasma": chance(0.2),
            "esr1_mutant_tissue": chance(0.2),
        }
    )
    return table.assign(**partners(size), **alleles(size))


def alleles(size):
    """Return which ESR1 alleles are found, two in some, without a draw of chance."""
    number = np.arange(size)
    has = {
        "esr1_d538g": number % 3 == 0,
        "esr1_y537s": number % 4 == 0,
        "esr1_y537n": number % 12 == 1,
    }
    plasma = {f"{name}_plasma": who & (number % 7 > 0) for name, who in has.items()}
    both = has["esr1_d538g"] & has["esr1_y537s"]
    return {"esr1_second_allele": np.where(both, "Y537S", "wild type"), **has, **plasma}


def partners(size):
    """Return what was given beside endocrine drugs, without a draw of chance."""
    number = np.arange(size)
    last = np.array(["none", *PARTNERS])[np.where(number % 4 == 0, number % 5, 0)]
    marks = {f"prior_{name}": last == name for name in PARTNERS}
    months = {f"{name}_months": 12.0 * marks[f"prior_{name}"] for name in PARTNERS}
    return {"last_partner": last, **marks, **months}


@dataclass(frozen=True)
class Cohort:
    decisions: pd.DataFrame
    parameters: ParameterSet = ParameterSet({})  # noqa: RUF009 - frozen


@dataclass(frozen=True)
class Course:
    days: np.ndarray
    log_volume: np.ndarray
    site: np.ndarray
    measurable: np.ndarray
    new_lesion_day: np.ndarray
    symptom_day: np.ndarray
    death_day: np.ndarray
    ki67: np.ndarray
    fdg_uptake: np.ndarray
    audit: dict


@dataclass(frozen=True)
class Follow:
    """Lesions grow exponentially, slower for each drug of the regimen."""

    decisions: pd.DataFrame
    daily_rate: float = 0.015
    effect: float = 0.4
    lesions: int = 4

    def __call__(self, rows, regimen, *, days, changes, streams, log_growth_effect):
        n = rows.size
        assert changes.stop_day.shape == (n,)
        table = self.decisions.iloc[rows]
        key = np.arange(n) if n == 0 else rows
        spread = streams.normal("growth", key)[:, 0]
        drugs = len(regimen.drugs)
        rate = self.daily_rate * np.exp(0.7 * spread + log_growth_effect)
        rate = rate * (1 - self.effect * (drugs - 1)) - 0.001 * drugs
        size = np.log(4000.0) + streams.normal("size", key, self.lesions)
        log_volume = size[:, :, None] + rate[:, None, None] * days[None, None, :]
        bone = table["bone_only"].to_numpy()[:, None]
        site = np.where(bone, SITES.index(Site.BONE), np.arange(self.lesions) % 4)
        site = np.broadcast_to(site, (n, self.lesions)).astype(np.int64)
        able = table["measurable"].to_numpy()[:, None] & (
            site != SITES.index(Site.BONE)
        )
        wait = streams.exponential("new", key)[:, 0]
        new = np.where(rate > 0, wait / np.maximum(rate, 1e-9) * 2, np.inf)
        ki67 = np.maximum(table["ki67_percent"].to_numpy(), 0.5)[:, None]
        ki67 = ki67 * np.exp(-0.05 * drugs * np.minimum(days, 21.0))[None, :]
        return Course(
            days=days,
            log_volume=log_volume.astype(np.float32),
            site=site,
            measurable=able,
            new_lesion_day=new,
            symptom_day=np.full(n, np.inf),
            death_day=new * 3,
            ki67=ki67,
            fdg_uptake=np.exp(-0.02 * drugs * np.minimum(days, 14.0))[None, :]
            * np.ones((n, 1)),
            audit={"lanes": n, "lost": 0},
        )


@pytest.fixture(scope="session")
def cohort() -> Cohort:
    return Cohort(make_decisions())


@pytest.fixture(scope="session")
def follow(cohort) -> Follow:
    return Follow(cohort.decisions)
