"""What the trials lose when a mechanism of the model is switched off.

One mechanism at a time is switched off at the best set, all other parameters stay, and
every published endpoint is simulated again with the same chance. The reference cell
finds its steady state anew, so that what counts is the part a mechanism plays under
therapy and not the size of the untreated cell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML

from oestra.calibration.attempt import try_out
from oestra.calibration.objective import Objective
from oestra.calibration.parallel import run_all
from oestra.core.errors import InputError, OestraError, unknown_name
from oestra.core.progress import Progress
from oestra.evidence.target_row import TargetRow
from oestra.model.quantities import quantities
from oestra.work.each import Workers

__all__ = [
    "Ablation",
    "Ablations",
    "ablate",
    "ablations",
    "read_ablations",
    "switch_off",
]

Array = NDArray[np.float64]
_FILE = "ablations.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ablation:
    """A mechanism that can be switched off.

    Parameters
    ----------
    id, title : str
        Key, and name for people.
    set : mapping of str to float
        Parameters and the values, in their own units, at which the mechanism does
        nothing.
    reason : str
        What is missing then.
    """

    id: str
    title: str
    set: Mapping[str, float]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ablations:
    """Endpoints with all mechanisms, and without each.

    Parameters
    ----------
    rows : tuple of TargetRow, length m
        Published endpoints.
    mechanisms : tuple of Ablation, length a
        Those without which the cell can be followed.
    value, residual : ndarray, shape (m,)
        With all mechanisms: values in the unit of each endpoint, and standard errors
        by which they exceed the published ones.
    without, residual_without : ndarray, shape (a, m)
        The same without each mechanism.
    failed : tuple of Ablation
        Mechanisms without which the cell has no steady state.
    """

    rows: tuple[TargetRow, ...]
    mechanisms: tuple[Ablation, ...]
    value: Array
    residual: Array
    without: Array
    residual_without: Array
    failed: tuple[Ablation, ...]


def read_ablations(text: str, *, where: str = _FILE) -> tuple[Ablation, ...]:
    """Read mechanisms from YAML.

    Parameters
    ----------
    text : str
        A list of entries with the fields of `Ablation`.
    where : str
        Name of the file, for errors.

    Raises
    ------
    InputError
        If an entry sets nothing or a parameter that the model does not have, or two
        share an id.
    """
    found = tuple(Ablation(**entry) for entry in YAML(typ="safe").load(text))
    known = quantities()
    for item in found:
        if not item.set:
            raise InputError(f"{where}: {item.id!r} switches nothing off.")
        for name in item.set:
            if name not in known:
                raise unknown_name("parameter", name, known, where=where)
    names = [item.id for item in found]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"{where}: two mechanisms have the id {name!r}.")
    return found


@cache
def ablations() -> tuple[Ablation, ...]:
    """Return the mechanisms of ``ablations.yaml``."""
    return read_ablations(
        files("oestra.calibration").joinpath(_FILE).read_text("utf-8")
    )


def switch_off(
    objective: Objective, z: Array, mechanism: Ablation
) -> tuple[Objective, Array]:
    """Return the problem without a mechanism, and the set that goes with it.

    Parameters
    ----------
    objective : Objective
        The problem.
    z : ndarray, shape (k,)
        Standardized parameters.
    mechanism : Ablation
        What to switch off.

    Returns
    -------
    Objective
        With the mechanism's parameters among those that are not fitted.
    ndarray
        The set without them.
    """
    kept = [item.name not in mechanism.set for item in objective.free]
    free = tuple(x for x, stays in zip(objective.free, kept, strict=True) if stays)
    values = {name: float(value) for name, value in mechanism.set.items()}
    return replace(objective, free=free, base=objective.base.replace(**values)), z[kept]


def ablate(
    objective: Objective,
    z: Array,
    mechanisms: Sequence[Ablation],
    *,
    workers: Workers = 2,
    progress: Progress = lambda *_: None,
) -> Ablations:
    """Simulate every endpoint of the trials without each mechanism.

    Parameters
    ----------
    objective : Objective
        The problem; facts besides the trials are left out.
    z : ndarray, shape (k,)
        Standardized parameters, usually the best set.
    mechanisms : sequence of Ablation
        What to switch off, one at a time.
    workers : int or Executor
        Processes to start, or who does the work; the result does not depend on it.
    progress : callable
        Told what is done, how many and of how many.

    Returns
    -------
    Ablations
        Endpoints with and without.

    Raises
    ------
    OestraError
        If the cell cannot be followed with all mechanisms, or without any of them, or a
        process was ended from outside.
    """
    trials = replace(objective, with_facts=False)
    problems = [(trials, z), *(switch_off(trials, z, one) for one in mechanisms)]
    whole, *rest = run_all(
        try_out,
        problems,
        workers=workers,
        what="mechanisms",
        progress=progress,
    )
    pairs = list(zip(mechanisms, rest, strict=True))
    kept = [(one, seen) for one, seen in pairs if seen is not None]
    if whole is None or not kept:
        raise OestraError("The cell has no steady state with these parameters.")
    shape = (len(kept), len(whole.names))
    return Ablations(
        rows=trials.rows,
        mechanisms=tuple(one for one, _ in kept),
        value=whole.value,
        residual=whole.residual,
        without=np.array([seen.value for _, seen in kept]).reshape(shape),
        residual_without=np.array([seen.residual for _, seen in kept]).reshape(shape),
        failed=tuple(one for one, seen in pairs if seen is None),
    )
