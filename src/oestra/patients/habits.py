"""Age, body, adherence, estrogen, and the adjuvant therapy a patient is given."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.patients.biomarkers import IDS

__all__ = ["adjuvant_shares", "sample_habits"]


def adjuvant_shares(p: Mapping[str, float]) -> dict[str, float]:
    """Return how often each adjuvant therapy is drawn.

    Parameters
    ----------
    p : mapping of str to float
        Numbers of ``patients/parameters/disease.yaml``.
    """
    none, tamoxifen = p["adjuvant_none"], p["adjuvant_tamoxifen"]
    return {
        "none": none,
        "tamoxifen": tamoxifen,
        "nonsteroidal_ai": 1.0 - none - tamoxifen,
    }


def sample_habits(ids: IDS, p: Mapping[str, float], streams: Streams) -> pd.DataFrame:
    """Draw what describes the patient rather than the tumor.

    Parameters
    ----------
    ids : ndarray of int, shape (n,)
        Patient numbers.
    p : mapping of str to float
        Numbers of ``patients/parameters/disease.yaml``.
    streams : Streams
        Source of chance.

    Returns
    -------
    DataFrame, n rows
        One column a trait.
    """
    z = streams.normal(Stream.BODY, ids, 3)
    u = streams.uniform(Stream.HABITS, ids, 6)
    weight = p["weight_mean_kg"] * np.exp(p["weight_cv"] * z[:, 1])
    tamoxifen = p["adjuvant_none"] + p["adjuvant_tamoxifen"]
    adjuvant = np.where(
        u[:, 0] < p["adjuvant_none"],
        "none",
        np.where(u[:, 0] < tamoxifen, "tamoxifen", "nonsteroidal_ai"),
    )
    years = np.where(
        u[:, 1] < p["adjuvant_stop_early"],
        p["adjuvant_years"] * u[:, 2],
        p["adjuvant_years"],
    )
    low = u[:, 3] < p["low_adherence"]
    de_novo = u[:, 4] < p["de_novo_share"]
    return pd.DataFrame(
        {
            "age_years": p["age_mean_years"] + p["age_sd_years"] * z[:, 0],
            "weight_kg": weight,
            "surface_m2": 1.8 * np.sqrt(weight / 70.0),
            "adherence": np.where(low, 0.8 * u[:, 5], 1.0),
            "e2_factor": np.exp(p["e2_baseline_log_sd"] * z[:, 2]),
            "de_novo_stage_iv": de_novo,
            "adjuvant_therapy": np.where(de_novo, "none", adjuvant),
            "adjuvant_years": np.where(de_novo | (adjuvant == "none"), 0.0, years),
        }
    )
