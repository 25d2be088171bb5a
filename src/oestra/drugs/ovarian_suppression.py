"""Which drugs silence ovaries."""

from oestra.drugs.regimen import Regimen

__all__ = ["SUPPRESSION", "suppresses"]

SUPPRESSION = "GNRHR:agonist"
"""The target of drugs that silence ovaries."""


def suppresses(regimen: Regimen) -> bool:
    """Tell whether a regimen silences ovaries.

    Examples
    --------
    >>> suppresses(Regimen.parse("letrozole 2.5 mg daily"))
    False
    """
    return any(SUPPRESSION in one.drug.acts_on for one in regimen.components)
