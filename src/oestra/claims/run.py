"""A run: cells of a line, or a median tumor, under one treatment."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Run", "check_runs", "filled_run"]


class Run(BaseModel):
    """Cells of a line, or a median tumor, under one treatment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    like: str | None = None
    """Another run whose entries this one keeps unless it says otherwise."""
    line: str = ""
    """A cell line, or ``tumor`` for the model's median tumor in a typical patient."""
    set: tuple[str, ...] = ()
    """Lesions, such as ``PTEN=loss``."""
    cell: dict[str, float] = {}
    """Edits of the network: parameters of the cell, such as ``gain_er_rtk: 0``."""
    medium: str = "none"
    """What differs from the medium of the line; cultures only."""
    pretreat: tuple[str, ...] = ()
    """What the cells went through before; cultures only."""
    drug: str = "none"
    """Concentrations for a culture, a regimen for a tumor."""
    cyp2d6: Literal["PM", "IM", "NM", "UM"] = "NM"
    """Metabolizer phenotype of the patient; tumors only."""
    doses: tuple[float, ...] = ()
    """Numbers that take the place of ``{}`` in medium or drug, one culture each."""
    days: float = Field(default=7.0, gt=0, le=3653)
    """Length."""


def filled_run(runs: Mapping[str, Run], name: str) -> Run:
    """Return a run with the entries of those it is like filled in.

    Parameters
    ----------
    runs : mapping of str to Run
        Runs by name, as `check_runs` accepts them.
    name : str
        Which one.

    Returns
    -------
    Run
        Like no other.
    """
    own = runs[name]
    if own.like is None:
        return own
    given = own.model_dump(exclude_unset=True, exclude={"like"})
    return Run.model_validate(filled_run(runs, own.like).model_dump() | given)


def check_runs(runs: Mapping[str, Run]) -> None:
    """Refuse runs that are like none that stands by itself, or name no line.

    Raises
    ------
    ValueError
        If one is; names it.
    """
    for name, run in runs.items():
        seen, one = {name}, run
        while one.like is not None:
            if one.like not in runs or one.like in seen:
                raise ValueError(
                    f"run {name!r} is like {one.like!r}, which is no run that "
                    "stands by itself"
                )
            seen.add(one.like)
            one = runs[one.like]
        if not one.line:
            raise ValueError(f"run {name!r} names no line")
