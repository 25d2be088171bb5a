"""The record of a fit: what was fitted to what, the best set, an ensemble, the misses.

The record is JSON that people can read; its arrays, the ensemble and the Jacobian, lie
beside it in one ``.npz``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.core.archive import read_archive
from oestra.core.errors import InputError

__all__ = ["Compared", "Fit", "Fitted", "arrays_beside", "read_fit", "shipped_fit"]

_FILE = "fit.json"
_FORMAT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """One fitted parameter.

    Parameters
    ----------
    name : str
        The parameter.
    prior : tuple of float
        Its 2.5 %, 50 % and 97.5 % points before the fit, in its own unit.
    standardized : float
        Where the fit put it, standard deviations of the prior from its middle.
    contraction : float
        Share of the prior's spread that the evidence removed.
    """

    name: str
    prior: tuple[float, float, float]
    standardized: float
    contraction: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One published number beside the best set's.

    Parameters
    ----------
    id : str
        Row of the evidence, or fact.
    residual : float
        Standard errors by which the simulation exceeds it.
    value : float
        What the best set gives.
    """

    id: str
    residual: float
    value: float


def _fitted(entry: dict[str, Any]) -> Fitted:
    values: dict[str, Any] = {**entry, "prior": tuple(entry["prior"])}
    return Fitted(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A fit of the shared parameters.

    Parameters
    ----------
    belongs_to : mapping of str to str
        Fingerprints of what it was fitted with, by what each covers; see
        `oestra.model.belonging`.
    settings : mapping of str to float
        Patients, seed and rounds.
    losses : tuple of float
        Loss after each round, the start first.
    best : mapping of str to float
        The fitted parameters, and the reference cell they give.
    fitted : tuple of Fitted
        What was believed of each before, and what was learned.
    residuals : tuple of Compared
        The evidence.
    between_trials : mapping of str to object
        How much trials differ: ``sd`` of the log of growth, and the ``slope`` of each
        residual on it.
    names : tuple of str
        Columns of the ensemble.
    ensemble : ndarray, shape (sets, names)
        Parameter sets that stand for what the fit leaves open.
    interim : bool
        Whether it went on from another fit after a change of the model: what trials
        give with it is interim, and no prediction is registered from it.
    discrepancy : mapping of str to mapping
        By kind of endpoint, the model's own error, learned by leaving trials out:
        ``mean``, share ``kept`` of a difference from it, ``sd`` of what remains, and
        ``trials``; see `oestra.calibration.discrepancy`.
    """

    belongs_to: Mapping[str, str]
    settings: Mapping[str, float]
    losses: tuple[float, ...]
    best: Mapping[str, float]
    fitted: tuple[Fitted, ...]
    residuals: tuple[Compared, ...]
    between_trials: Mapping[str, Any]
    names: tuple[str, ...]
    ensemble: NDArray[np.float64]
    interim: bool = False
    discrepancy: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def between_trial_sd(self) -> float:
        """Standard deviation between trials of the log of growth."""
        return float(self.between_trials.get("sd", 0.0))

    def to_json_dict(self) -> dict[str, Any]:
        """Return the record as JSON holds it, arrays left out."""
        return {
            "format": _FORMAT,
            "interim": self.interim,
            "belongs_to": dict(self.belongs_to),
            "settings": dict(self.settings),
            "losses": list(self.losses),
            "best": dict(self.best),
            "fitted": [asdict(one) for one in self.fitted],
            "residuals": [asdict(one) for one in self.residuals],
            "between_trials": dict(self.between_trials),
            "discrepancy": {kind: dict(one) for kind, one in self.discrepancy.items()},
            "names": list(self.names),
        }

    @classmethod
    def of_record(
        cls, record: Mapping[str, Any], ensemble: Sequence[Sequence[float]] | Any
    ) -> "Fit":
        """Return the fit that a record and its ensemble are.

        Raises
        ------
        InputError
            If an entry is missing or of another kind.
        """
        try:
            return cls(
                interim=bool(record.get("interim", False)),
                belongs_to=dict(record["belongs_to"]),
                settings=dict(record["settings"]),
                losses=tuple(float(loss) for loss in record["losses"]),
                best={str(k): float(v) for k, v in record["best"].items()},
                fitted=tuple(_fitted(entry) for entry in record["fitted"]),
                residuals=tuple(Compared(**entry) for entry in record["residuals"]),
                between_trials=dict(record["between_trials"]),
                discrepancy={
                    str(kind): {str(k): float(v) for k, v in one.items()}
                    for kind, one in record.get("discrepancy", {}).items()
                },
                names=tuple(record["names"]),
                ensemble=np.asarray(ensemble, dtype=float).reshape(
                    -1, len(record["names"])
                ),
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise InputError(f"The record of the fit is damaged: {error!r}.") from error


def arrays_beside(record: Path) -> Path:
    """Return where the arrays of a record lie."""
    return record.with_name(f"{record.stem}_arrays.npz")


def read_fit(path: Path) -> Fit:
    """Read the record of a fit and its ensemble.

    Parameters
    ----------
    path : Path
        The JSON file; the arrays lie beside it.

    Returns
    -------
    Fit
        The fit.

    Raises
    ------
    InputError
        If a file is missing or damaged.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        arrays = read_archive(arrays_beside(path))
    except (OSError, ValueError) as error:
        raise InputError(f"The fit {path} cannot be read: {error}.") from error
    return Fit.of_record(record, arrays["ensemble"])


@cache
def shipped_fit() -> Fit | None:
    """Return the fit that ships; None when there is none."""
    path = Path(str(files("oestra.model"))) / _FILE
    return read_fit(path) if path.is_file() else None
