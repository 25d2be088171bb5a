"""How the traits of a patient become parameters of her parental clone."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.parameter_set import ParameterSet

__all__ = ["TRAITS", "traits"]

Array = NDArray[np.float64]
TRAITS: Mapping[str, str] = MappingProxyType(
    {
        "er_level": "er_level_median times her H-score over er_h_score_median, to the "
        "er_level_exponent",
        "ncoa3_level": "her coactivator, log-normal by coactivator_log_sd",
        "egfr_level": "her EGFR, log-normal by egfr_log_sd",
        "igf1r_level": "her IGF-1R, log-normal by igf1r_log_sd",
        "erbb2_level": "her HER2, log-normal by erbb2_log_sd; amplified, many times it",
        "gain_rtk_adaptation": "her rtk_adaptation, log-normal around "
        "rtk_adaptation_median by rtk_adaptation_log_sd",
        "gain_independence": "her independence, log-normal around independence_median "
        "by independence_log_sd",
        "gain_adapted_eif4e": "her translation_adaptation, log-normal around "
        "translation_adaptation_median by translation_adaptation_log_sd",
        "drive_estrogen": "her drive_estrogen, by drive_estrogen_log_sd",
        "drive_growth_factor": "her drive_growth_factor, around "
        "drive_growth_factor_median by drive_growth_factor_log_sd",
        "e2_baseline": "the parameter times her e2_factor, by e2_baseline_log_sd",
        "mtorc1_basal": "the parameter times her mtorc1, by mtorc1_basal_log_sd, at "
        "most 1",
        "cdk2_takeover": "her share, around cdk2_takeover_median by "
        "cdk2_takeover_logit_sd",
        "fgf": "fgf_tumor, the same in all patients; 0 in cultures unless their medium "
        "holds it",
        "in_patient": "1 in every patient, 0 in cultures",
        "k_division": "from her doubling_time_days, her cell_loss and what her "
        "untreated cells divide",
        "k_death": "from the same and what of her untreated cells dies",
    }
)
"""Parameters of the cell that a patient has her own values of, and what those are."""


def traits(c: pd.DataFrame, p: ParameterSet) -> dict[str, Array]:
    """Translate patients' traits to parameters of their parental clones.

    Parameters
    ----------
    c : DataFrame, n rows
        Traits of patients, with those of `oestra.course.pace.paced`.
    p : ParameterSet
        The model's parameters.

    Returns
    -------
    dict of str to ndarray, shape (n,)
        Values by the names of `TRAITS`.
    """
    h_score = c["er_h_score"].to_numpy() / p["er_h_score_median"]
    # Untreated, the parental clone doubles in her doubling time; deaths undo a share of
    # its divisions.
    odds = p["cell_loss"] / (1.0 - p["cell_loss"]) * c["turnover"].to_numpy()
    growth = np.log(2.0) / c["doubling_time_days"].to_numpy()
    dividing = np.maximum(c["dividing"].to_numpy(), p["least_dividing"])
    return {
        "er_level": p["er_level_median"] * h_score ** p["er_level_exponent"],
        "ncoa3_level": c["coactivator"].to_numpy(),
        "egfr_level": c["egfr"].to_numpy(),
        "igf1r_level": c["igf1r"].to_numpy(),
        "erbb2_level": c["erbb2"].to_numpy(),
        "gain_rtk_adaptation": c["rtk_adaptation"].to_numpy(),
        "gain_independence": c["independence"].to_numpy(),
        "gain_adapted_eif4e": c["translation_adaptation"].to_numpy(),
        "drive_estrogen": c["drive_estrogen"].to_numpy(),
        "drive_growth_factor": c["drive_growth_factor"].to_numpy(),
        "e2_baseline": p["e2_baseline"] * c["e2_factor"].to_numpy(),
        "mtorc1_basal": np.minimum(p["mtorc1_basal"] * c["mtorc1"].to_numpy(), 1.0),
        "cdk2_takeover": c["cdk2_takeover"].to_numpy(),
        "fgf": np.full(len(c), p["fgf_tumor"]),
        "in_patient": np.ones(len(c)),
        "k_division": growth * (1.0 + odds) / dividing,
        "k_death": growth * odds / c["dying"].to_numpy(),
    }
