"""A credibility factor: evidence, number, goal and a plain judgement."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

__all__ = ["Factor", "Judgement", "goals", "met", "plan", "unknown"]


class Judgement(StrEnum):
    """Whether a goal was reached, worst first."""

    MISSED = "not met"
    UNKNOWN = "not shown"
    PARTLY = "partly met"
    MET = "met"


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One thing on which belief in the model rests.

    Parameters
    ----------
    group : str
        Verification, model, calibration, validation, uncertainty, sensitivity or
        applicability.
    name : str
        What is judged.
    evidence : str
        How it was examined.
    number : str
        What came out.
    value : float, optional
        The same as a number, where one says it.
    goal : str
        What would be good enough.
    judgement : Judgement
        Whether it is.
    """

    group: str
    name: str
    evidence: str
    number: str
    goal: str
    judgement: Judgement
    value: float | None = None

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        return asdict(self) | {"judgement": self.judgement.value}


def unknown(group: str, name: str, goal: str, reason: str) -> Factor:
    """Return a factor that could not be examined, and why."""
    return Factor(
        group=group,
        name=name,
        evidence=reason,
        number="-",
        goal=goal,
        judgement=Judgement.UNKNOWN,
    )


def met(*, reached: bool) -> Judgement:
    """Return the judgement of a goal that is reached or not."""
    return Judgement.MET if reached else Judgement.MISSED


@cache
def plan() -> Mapping[str, Any]:
    """Return what was decided before: contexts of use, risk, goals and limits."""
    text = files("oestra.appraisal").joinpath("credibility.yaml").read_text("utf-8")
    return dict(YAML(typ="safe").load(text))


def goals() -> Mapping[str, Any]:
    """Return the goals of the factors."""
    return dict(plan()["goals"])
