"""A study of power: its printed form, and everything it leaves behind in a folder."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from oestra.core.parameter_set import ParameterSet, digest_of_sets
from oestra.core.whole_file import write_json
from oestra.network.digest import source_digest
from oestra.report.canvas import save_figure
from oestra.report.manifest import Run, write_manifest
from oestra.report.power_figure import draw_power
from oestra.trial.sizing import Sizing

__all__ = ["PowerStudy", "power_table", "write_power"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerStudy:
    """Power of one design over the levels of its factors.

    Parameters
    ----------
    trial : str
        Id of the design.
    seed, replicates : int
        What was run; replicates a size.
    target : float
        The power wanted.
    sets : sequence of ParameterSet
        Parameters, which the replicates took in turn.
    sizings : tuple of Sizing
        One a level.
    cautions : tuple of str
        What the numbers do not rest on.
    """

    trial: str
    seed: int
    replicates: int
    target: float
    sets: Sequence[ParameterSet]
    sizings: tuple[Sizing, ...]
    cautions: tuple[str, ...] = ()

    @property
    def parameters(self) -> str:
        """Fingerprint of the parameters."""
        return digest_of_sets(self.sets)

    @property
    def model(self) -> str:
        """Fingerprint of the cell."""
        return source_digest(self.sets[0].library)

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        return {
            "trial": self.trial,
            "seed": self.seed,
            "replicates": self.replicates,
            "model": self.model,
            "parameters": self.parameters,
            "parameter_sets": len(self.sets),
            "target_power": self.target,
            "levels": [one.to_json_dict() for one in self.sizings],
            "cautions": list(self.cautions),
        }


def power_table(study: PowerStudy) -> pd.DataFrame:
    """Return the powers as a table, one row a level and size.

    Parameters
    ----------
    study : PowerStudy
        What was found.

    Returns
    -------
    DataFrame
        Level, patients, power with its exact 95 % interval, expected events, hazard
        ratio, stops.
    """
    return pd.DataFrame(
        [
            {
                "level": one.label,
                "eligible_percent": one.eligible_percent,
                "patients": point.patients,
                "power": point.power.estimate,
                "power_low": point.power.low,
                "power_high": point.power.high,
                "events": point.events,
                "hazard_ratio": point.hazard_ratio.estimate,
                "efficacy_percent": point.efficacy_percent,
                "futility_percent": point.futility_percent,
            }
            for one in study.sizings
            for point in one.points
        ]
    )


def write_power(folder: Path, study: PowerStudy, run: Run) -> None:
    """Write figure, table, summary and manifest of a study of power.

    Parameters
    ----------
    folder : Path
        An empty folder.
    study : PowerStudy
        What was found.
    run : Run
        What ran.
    """
    write_json(folder / "summary.json", study.to_json_dict(), indent=2)
    power_table(study).to_csv(folder / "table.csv", index=False)
    title = f"{study.trial}: {study.replicates} trials a size, seed {study.seed}"
    figure = draw_power(study.sizings, title=title, target=study.target)
    save_figure(figure, folder, "power")
    hashes = {"model": study.model, "parameters": study.parameters}
    write_manifest(folder, replace(run, hashes=hashes))
