"""Mean times up to a horizon as a table: a row an arm or difference and horizon."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from oestra.trial.result import StratumResult, TrialResult

__all__ = ["means_table"]


def means_table(result: TrialResult) -> pd.DataFrame:
    """Return the restricted means of a trial and of its strata, for CSV.

    Parameters
    ----------
    result : TrialResult
        What was simulated.

    Returns
    -------
    DataFrame
        In months; without rows where the trial asks for none.
    """
    parts = {"ITT": result.overall, **result.strata}
    return pd.DataFrame(
        [row for name, part in parts.items() for row in _rows(name, part)]
    )


def _rows(name: str, part: StratumResult) -> Iterator[dict[str, Any]]:
    found = [(arm.id, "", arm.restricted_means) for arm in part.arms.values()]
    found += [(one.arm, one.control, one.restricted_means) for one in part.contrasts]
    for arm, control, means in found:
        for horizon, one in means.items():
            row = one.to_json_dict()
            won = row.pop("won_percent", {})
            yield {
                "stratum": name,
                "arm": arm,
                "control": control,
                "up_to_months": horizon,
                **row,
                **{f"won_percent_{key}": won[key] for key in won if key != "level"},
            }
