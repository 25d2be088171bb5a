"""Where a published number is from: the sources that evidence cites for it."""

from oestra.core.errors import InputError
from oestra.evidence.published import find_trial, sources
from oestra.evidence.target_row import TargetRow

__all__ = ["citation", "cited_sources"]


def cited_sources(row: TargetRow) -> tuple[str, ...]:
    """Return the keys of the sources of a published number.

    Parameters
    ----------
    row : TargetRow
        The number.

    Returns
    -------
    tuple of str
        What the result of the same endpoint, stratum, arm and value cites; what is
        cited for the whole trial where none does; empty where the evidence has no
        such trial.
    """
    try:
        trial = find_trial(row.trial)
    except InputError:
        return ()
    for result in trial.results:
        same = (result.endpoint, result.stratum, result.arm, result.estimate)
        if same == (row.endpoint, row.stratum, row.arm, row.estimate) and result.source:
            return tuple(result.source)
    return tuple(trial.references)


def citation(key: str) -> str:
    """Return what a source is, in words; its key where the bibliography lacks it."""
    known = sources().get(key)
    return key if known is None else known.citation or key
