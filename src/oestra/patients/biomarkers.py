"""Joint frequencies of what assays tell at diagnosis."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.stream import Stream
from oestra.core.streams import Streams

__all__ = ["sample_biomarkers"]

_DECISIONS = (
    Stream.SUBTYPE,
    Stream.HER2,
    Stream.PIK3CA,
    Stream.ALLELE,
    Stream.PTEN,
    Stream.INPP4B,
    Stream.AKT1,
    Stream.CCND1,
    Stream.CYP2D6,
    Stream.PGR,
)

IDS = NDArray[np.int64]


def _choose(
    level: NDArray[np.float64], options: list[tuple[str, float]], rest: str
) -> NDArray[np.object_]:
    """Return an option for each uniform level, by cumulative share."""
    chosen = np.full(level.shape, rest, dtype=object)
    edge = sum(share for _, share in options)
    for name, share in reversed(options):
        chosen[level < edge] = name
        edge -= share
    return chosen


def sample_biomarkers(
    ids: IDS, p: Mapping[str, float], streams: Streams
) -> pd.DataFrame:
    """Draw the biomarkers of hormone-receptor-positive patients.

    Parameters
    ----------
    ids : ndarray of int, shape (n,)
        Patient numbers.
    p : mapping of str to float
        Frequencies and spreads of ``patients/parameters/biomarkers.yaml``.
    streams : Streams
        Source of chance.

    Returns
    -------
    DataFrame, n rows
        One column a biomarker.
    """
    u = {str(name): streams.uniform(name, ids)[:, 0] for name in _DECISIONS}
    luminal_a = u["subtype"] < p["luminal_a_share"]

    def by_subtype(name: str) -> NDArray[np.float64]:
        return np.where(luminal_a, p[f"{name}_luminal_a"], p[f"{name}_luminal_b"])

    alleles = [
        ("H1047R", p["pik3ca_share_h1047r"]),
        ("E545K", p["pik3ca_share_e545k"]),
    ]
    mutant = u["pik3ca"] < by_subtype("pik3ca")
    z = streams.normal(Stream.RECEPTOR_LEVELS, ids, 5)
    h_score = p["er_h_score_median"] * np.exp(p["er_h_score_log_sd"] * z[:, 0])
    her2_positive = u["her2"] < p["her2_given_hr_positive"]
    h_score = h_score * np.where(her2_positive, p["her2_er_h_score"], 1.0)
    cyp2d6 = [
        ("PM", p["cyp2d6_poor"]),
        ("IM", p["cyp2d6_intermediate"]),
        ("UM", p["cyp2d6_ultrarapid"]),
    ]
    return pd.DataFrame(
        {
            "luminal_a": luminal_a,
            "her2_positive": her2_positive,
            "er_h_score": np.minimum(h_score, 300.0),
            "pgr_positive": u["pgr"] < p["pgr_positive"],
            "pik3ca": np.where(
                mutant, _choose(u["allele"], alleles, "E542K"), "wild type"
            ),
            "pten_loss": u["pten"] < by_subtype("pten_loss"),
            "inpp4b_loss": u["inpp4b"] < by_subtype("inpp4b_loss"),
            "akt1_mutant": u["akt1"] < p["akt1_e17k"],
            "ccnd1_amplified": u["ccnd1"] < by_subtype("ccnd1"),
            "cyp2d6": _choose(u["cyp2d6"], cyp2d6, "NM"),
            "coactivator": np.exp(p["coactivator_log_sd"] * z[:, 1]),
            "egfr": np.exp(p["egfr_log_sd"] * z[:, 2]),
            "igf1r": np.exp(p["igf1r_log_sd"] * z[:, 3]),
            "erbb2": np.exp(p["erbb2_log_sd"] * z[:, 4]),
        }
    )
