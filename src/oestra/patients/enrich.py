"""Drawing rare patients more often, and the weights that undo it.

Trials of HER2-positive disease, and of relapse on an adjuvant aromatase inhibitor,
enroll from small corners of the population. Their patients are drawn more often, and
each patient counts by how likely she is over how likely she was to be drawn.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.parameter_set import ParameterSet
from oestra.patients.habits import adjuvant_shares

__all__ = ["enrich"]

Weigh = Callable[[pd.DataFrame], NDArray[np.float64]]


def _shares(p: Mapping[str, float]) -> tuple[float, dict[str, float]]:
    return p["her2_given_hr_positive"], adjuvant_shares(p)


def enrich(p: ParameterSet) -> tuple[ParameterSet, Weigh]:
    """Return frequencies to draw by, and how to weight what is drawn.

    Parameters
    ----------
    p : ParameterSet
        The population's own frequencies.

    Returns
    -------
    tuple of ParameterSet and callable
        The set to draw with; a function from the traits of patients to their weights.
    """
    her2, adjuvant = _shares(p)
    inhibitor = max(p["enriched_inhibitor_share"], adjuvant["nonsteroidal_ai"])
    others = (1.0 - inhibitor) / (adjuvant["none"] + adjuvant["tamoxifen"])
    drawn = p.replace(
        her2_given_hr_positive=max(p["enriched_her2_share"], her2),
        adjuvant_none=others * adjuvant["none"],
        adjuvant_tamoxifen=others * adjuvant["tamoxifen"],
    )
    drawn_her2, drawn_adjuvant = _shares(drawn)

    def weigh(c: pd.DataFrame) -> NDArray[np.float64]:
        positive = c["her2_positive"].to_numpy(dtype=bool)
        odds = np.where(positive, her2 / drawn_her2, (1 - her2) / (1 - drawn_her2))
        de_novo = c["de_novo_stage_iv"].to_numpy(dtype=bool)
        ratio = {name: adjuvant[name] / drawn_adjuvant[name] for name in adjuvant}
        given = np.array([ratio[str(name)] for name in c["adjuvant_therapy"]])
        return odds * np.where(de_novo, 1.0, given)

    return drawn, weigh
