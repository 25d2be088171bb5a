"""Drugs: what they hit, how they are dosed, and what reaches the target.

A drug is one YAML file in ``library/``; see `oestra.drugs.drug` for its fields. A new
drug is a new file and no edit.
"""

from oestra.drugs.dose import Dose, DoseUnit
from oestra.drugs.drug import Cyp2d6, Drug
from oestra.drugs.estrogen import residual_estradiol
from oestra.drugs.load import find, library
from oestra.drugs.occupancy import equivalent_concentration, mean_occupancy
from oestra.drugs.pharmacokinetics import concentration, exposure
from oestra.drugs.regimen import Block, Regimen
from oestra.drugs.schedule import Component, Phase
from oestra.drugs.subjects import PkSubjects, deviate_names

__all__ = [
    "Block",
    "Component",
    "Cyp2d6",
    "Dose",
    "DoseUnit",
    "Drug",
    "Phase",
    "PkSubjects",
    "Regimen",
    "concentration",
    "deviate_names",
    "equivalent_concentration",
    "exposure",
    "find",
    "library",
    "mean_occupancy",
    "residual_estradiol",
]
