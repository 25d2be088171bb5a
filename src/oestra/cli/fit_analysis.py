"""What all analyses of ``oestra validate`` share: a fit, how, and where results go."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.objective import Objective
from oestra.cli.show import note_written, print_json, warn_stale
from oestra.evidence.published import digest as evidence_digest
from oestra.network.digest import source_digest
from oestra.work.plan import Plan

__all__ = ["Analysis"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """An analysis of a fit.

    Parameters
    ----------
    objective : Objective
        The problem.
    best : ndarray, shape (k,)
        Standardized parameters at the end of the fit.
    warning : str
        Why the fit is stale; empty when it is not.
    out : Path, optional
        Folder of results.
    plan : Plan
        Who does the work.
    json, shown : bool
        Whether to print one JSON object, and to show progress.
    """

    objective: Objective
    best: NDArray[np.float64]
    warning: str
    out: Path | None
    plan: Plan
    json: bool
    shown: bool

    @property
    def settings(self) -> dict[str, int]:
        """Sizes and seed of the fit, for records."""
        return {
            "patients": self.objective.patients,
            "most": self.objective.most,
            "draws": self.objective.draws,
            "cohorts": self.objective.cohorts,
            "seed": self.objective.seed,
        }

    @property
    def hashes(self) -> dict[str, str]:
        """Fingerprints of model and evidence."""
        return {"model": source_digest(), "evidence": evidence_digest()}

    def tell(self, record: dict[str, Any], show: Callable[[], None]) -> None:
        """Print a record as JSON, or show it and say how far to trust it and where.

        Parameters
        ----------
        record : dict
            What was found.
        show : callable
            Prints it for people.
        """
        if self.json:
            print_json(record)
            return
        show()
        warn_stale(self.warning)
        note_written(self.out)
