"""The state of a fit on disk: written whole, read back exactly, or refused."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.softening import FREEDOM
from oestra.core.archive import read_archive, write_archive
from oestra.core.errors import InputError

__all__ = ["State", "read_state", "stored_state", "write_state"]

Array = NDArray[np.float64]
_MOST_BYTES = 1 << 28
"""What a checkpoint may unpack to; that of a fit of 80 parameters has a megabyte."""
_LATER: Mapping[str, NDArray[Any]] = {
    "origin": np.empty(0),
    "lengths": np.empty(0),
    "halves": np.empty((0, 0)),
    "renewals": np.array(0),
    "freedom": np.array(FREEDOM),
}
"""Fields that older files lack, and what they are there."""


@dataclass(slots=True, kw_only=True)
class State:
    """Where a fit stands.

    Parameters
    ----------
    key : str
        Fingerprint of the problem: evidence, model, fitted names, settings.
    z : ndarray, shape (k,)
        Standardized parameters.
    residual : ndarray, shape (m,)
        Residuals there, as far as they are known.
    columns : ndarray, shape (k, m)
        Jacobian by parameter, as far as it is known; NaN where not yet computed.
    doubt : ndarray, shape (1 + k, 1 + k)
        Covariance of what is known of a residual and of its row of the Jacobian, the
        same for every residual.
    reach : float
        Length of the next step, prior standard deviations.
    round : int
        Steps tried.
    losses : ndarray
        Loss after each round, the start first.
    origin : ndarray, shape (k,)
        Standardized parameters of the start; empty where a file does not tell.
    lengths : ndarray, shape (k,)
        Moves by which slopes are being measured again; empty between.
    halves : ndarray, shape (n, m)
        Half differences that pairs of such moves made so far; NaN where the cell could
        not be followed.
    renewals : int
        How often slopes were measured again before.
    freedom : float
        Degrees of freedom of the errors by which residuals are softened.
    """

    key: str
    z: Array
    residual: Array
    columns: Array
    doubt: Array = field(default_factory=lambda: np.empty((0, 0)))
    reach: float = 1.0
    round: int = 0
    losses: Array = field(default_factory=lambda: np.empty(0))
    origin: Array = field(default_factory=lambda: np.empty(0))
    lengths: Array = field(default_factory=lambda: np.empty(0))
    halves: Array = field(default_factory=lambda: np.empty((0, 0)))
    renewals: int = 0
    freedom: float = FREEDOM


def _digest(state: State) -> str:
    text = hashlib.sha256(state.key.encode())
    for item in fields(State):
        if item.name != "key":
            value = np.asarray(getattr(state, item.name), dtype=float)
            if item.name in _LATER and np.array_equal(value, _LATER[item.name]):
                # Files from before they were kept have their hash without them.
                continue
            text.update(item.name.encode() + np.ascontiguousarray(value).tobytes())
    return text.hexdigest()


def write_state(state: State, path: Path) -> None:
    """Write a checkpoint, whole or not at all."""
    arrays = {
        item.name: np.asarray(getattr(state, item.name)) for item in fields(State)
    }
    write_archive(path, {"digest": np.array(_digest(state)), **arrays})


def stored_state(stored: Mapping[str, NDArray[Any]]) -> State:
    """Return the state that arrays hold, without what only matters to go on with it.

    Parameters
    ----------
    stored : mapping of str to ndarray
        By the names of its fields.

    Returns
    -------
    State
        Reach and losses are those of a new one.

    Raises
    ------
    KeyError, TypeError, ValueError
        If an array is missing or is no number.
    """
    return State(
        key=str(stored["key"]),
        z=stored["z"].astype(float),
        residual=stored["residual"].astype(float),
        columns=stored["columns"].astype(float),
        doubt=stored["doubt"].astype(float),
        round=int(stored["round"]),
    )


def read_state(path: Path, key: str) -> State | None:
    """Read a checkpoint.

    Parameters
    ----------
    path : Path
        The file.
    key : str
        Fingerprint of the problem to be continued.

    Returns
    -------
    State or None
        None when there is no file.

    Raises
    ------
    InputError
        If the file is damaged, or belongs to another problem.
    """
    if not path.is_file():
        return None
    try:
        stored = {**_LATER, **read_archive(path, most=_MOST_BYTES)}
        state = replace(
            stored_state(stored),
            reach=float(stored["reach"]),
            losses=stored["losses"].astype(float),
            origin=stored["origin"].astype(float),
            lengths=stored["lengths"].astype(float),
            halves=stored["halves"].astype(float),
            renewals=int(stored["renewals"]),
            freedom=float(stored["freedom"]),
        )
        digest = str(stored["digest"])
    except (InputError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"The checkpoint {path} is damaged ({error}); remove it to start anew."
        ) from error
    if digest != _digest(state):
        raise InputError(f"The checkpoint {path} was altered; remove it to start anew.")
    if state.key != key:
        raise InputError(
            f"The checkpoint {path} belongs to another fit: evidence, model or "
            "settings have changed since; remove it or name another."
        )
    return state
