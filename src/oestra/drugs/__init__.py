"""Drugs: what they hit, how they are dosed, and what reaches the target.

A drug is one YAML file in ``library/``; see `oestra.drugs.drug` for its fields. A new
drug is a new file and no edit. The names below are loaded when first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oestra.drugs.component import Component
    from oestra.drugs.cycle_occupancy import equivalent_concentration, mean_occupancy
    from oestra.drugs.describe import Description
    from oestra.drugs.dose import Dose, DoseUnit
    from oestra.drugs.drug import Drug
    from oestra.drugs.estrogen import residual_estradiol
    from oestra.drugs.kinetics import Cyp2d6
    from oestra.drugs.load import drugs, find
    from oestra.drugs.pharmacokinetics import concentration, exposure
    from oestra.drugs.phase import Phase
    from oestra.drugs.regimen import Block, Regimen
    from oestra.drugs.subjects import PkSubjects, deviate_names
    from oestra.drugs.toxicity import attributable_share, harm_probability

__all__ = [
    "Block",
    "Component",
    "Cyp2d6",
    "Description",
    "Dose",
    "DoseUnit",
    "Drug",
    "Phase",
    "PkSubjects",
    "Regimen",
    "attributable_share",
    "concentration",
    "deviate_names",
    "drugs",
    "equivalent_concentration",
    "exposure",
    "find",
    "harm_probability",
    "mean_occupancy",
    "residual_estradiol",
]

_PLACES = {
    "Block": "regimen",
    "Component": "component",
    "Cyp2d6": "kinetics",
    "Description": "describe",
    "Dose": "dose",
    "DoseUnit": "dose",
    "Drug": "drug",
    "Phase": "phase",
    "PkSubjects": "subjects",
    "Regimen": "regimen",
    "attributable_share": "toxicity",
    "concentration": "pharmacokinetics",
    "deviate_names": "subjects",
    "drugs": "load",
    "equivalent_concentration": "cycle_occupancy",
    "exposure": "pharmacokinetics",
    "find": "load",
    "harm_probability": "toxicity",
    "mean_occupancy": "cycle_occupancy",
    "residual_estradiol": "estrogen",
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first used."""
    if name not in _PLACES:
        raise AttributeError(f"module 'oestra.drugs' has no attribute {name!r}")
    return getattr(import_module(f"oestra.drugs.{_PLACES[name]}"), name)
