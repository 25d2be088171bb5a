"""How tumors differ where no assay tells: dependence, adaptability, pace."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.patients.biomarkers import IDS

__all__ = ["sample_biology"]


def sample_biology(
    ids: IDS, p: Mapping[str, float], streams: Streams, biomarkers: pd.DataFrame
) -> pd.DataFrame:
    """Draw the hidden biology of tumors.

    Parameters
    ----------
    ids : ndarray of int, shape (n,)
        Patient numbers.
    p : mapping of str to float
        Medians and spreads of ``patients/parameters/biology.yaml``.
    streams : Streams
        Source of chance.
    biomarkers : DataFrame, n rows
        Subtype and HER2 status, which set the pace.

    Returns
    -------
    DataFrame, n rows
        Weights of the two drives, capacities of rewiring, of using the receptor
        without estrogen and of translating without mTORC1, the share of the work of
        CDK4/6 that CDK2 takes over when they are inhibited, doubling time in days, and,
        relative to the median tumor's, deaths of unprotected cells and mTORC1 that
        needs no kinase.
    """
    z = streams.normal(Stream.BIOLOGY, ids, 5)
    mtorc1 = streams.normal(Stream.MTORC1, ids)[:, 0]
    cdk2 = streams.normal(Stream.CDK2, ids)[:, 0]
    alone = streams.normal(Stream.INDEPENDENCE, ids)[:, 0]
    translation = streams.normal(Stream.TRANSLATION, ids)[:, 0]

    def log_normal(name: str, column: int) -> np.ndarray:
        return p[f"{name}_median"] * np.exp(p[f"{name}_log_sd"] * z[:, column])

    # Tumors with little receptor are those that live by growth factors.
    level = biomarkers["er_h_score"].to_numpy() / p["er_h_score_median"]
    trade = level ** -p["er_growth_factor_tradeoff"]
    pace = np.where(biomarkers["luminal_a"], 1.0, p["luminal_b_pace"])
    pace = pace * np.where(biomarkers["her2_positive"], p["her2_pace"], 1.0)
    spread = np.exp(p["doubling_time_log_sd"] * z[:, 3])
    return pd.DataFrame(
        {
            "drive_estrogen": log_normal("drive_estrogen", 0),
            "drive_growth_factor": trade * log_normal("drive_growth_factor", 1),
            "rtk_adaptation": log_normal("rtk_adaptation", 2),
            "independence": p["independence_median"]
            * np.exp(p["independence_log_sd"] * alone),
            "translation_adaptation": p["translation_adaptation_median"]
            * np.exp(p["translation_adaptation_log_sd"] * translation),
            "doubling_time_days": p["doubling_time_days"] * spread / pace,
            "turnover": np.exp(p["turnover_log_sd"] * z[:, 4]),
            "cdk2_takeover": expit(
                logit(p["cdk2_takeover_median"]) + p["cdk2_takeover_logit_sd"] * cdk2
            ),
            "mtorc1": np.exp(p["mtorc1_basal_log_sd"] * mtorc1),
        }
    )
