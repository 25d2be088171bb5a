"""What a drug does to a target, and what assays found."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from pydantic import ConfigDict

from oestra.drugs.reported import STRICT, Reported

__all__ = ["Assay", "Effect", "Inactivation", "TargetAction"]


class Effect(StrEnum):
    """How a drug holds its target."""

    REVERSIBLE = "reversible"
    IRREVERSIBLE = "irreversible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inactivation:
    """Rates of a drug that destroys its target.

    Parameters
    ----------
    rate : Reported
        Of inactivation by a saturating drug.
    binding_constant : Reported
        Free concentration at half that rate.
    turnover : Reported
        Rate at which the target is made anew.
    """

    rate: Reported
    binding_constant: Reported
    turnover: Reported

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetAction:
    """What the drug does to one target.

    Parameters
    ----------
    target : str
        The target and the manner, by its name in the targets of the library.
    potency : Reported
        Free concentration of half the effect.
    assay : str
        Where the potency comes from.
    hill : float
        Steepness.
    max_effect : Reported, optional
        Largest share of the target's activity that is lost; None where the cell
        itself limits what holding the target can do.
    effect : Effect
        Reversible, or lasting until the target is made anew.
    inactivation : Inactivation, optional
        For an irreversible effect.
    """

    target: str
    potency: Reported
    assay: str
    hill: float = 1.0
    max_effect: Reported | None = None
    effect: Effect = Effect.REVERSIBLE
    inactivation: Inactivation | None = None

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Assay:
    """A published potency, kept beside those the model uses.

    Parameters
    ----------
    subject : str
        What was inhibited.
    assay : str
        How it was measured.
    potency : Reported
        The result.
    """

    subject: str
    assay: str
    potency: Reported

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
