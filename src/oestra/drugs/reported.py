"""A quantity as drug files give it: how surely known, how much patients differ."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from pydantic import ConfigDict

from oestra.core.quantity import Quantity

__all__ = ["STRICT", "Confidence", "Reported"]

STRICT = ConfigDict(extra="forbid")
"""Files may hold only the fields that are declared."""


class Confidence(StrEnum):
    """How surely a number is known to be printed where its source says."""

    VERIFIED = "verified"
    """The page was read."""
    STATED = "stated"
    """Stated in the review."""
    RECALLED = "recalled"
    """From knowledge; the source was not read again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported(Quantity):
    """A quantity with how surely it is known and how much patients differ.

    Parameters
    ----------
    confidence : Confidence
        How surely the source says so.
    between_patient_cv : float
        Coefficient of variation between patients, a fraction; the spread is taken as
        log-normal around the value.
    """

    confidence: Confidence = Confidence.RECALLED
    between_patient_cv: float = 0.0

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
