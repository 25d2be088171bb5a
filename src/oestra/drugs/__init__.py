"""Drugs: what they hit, how they are dosed, and what reaches the target.

A drug is one YAML file in ``library/``; see `oestra.drugs.drug` for its fields. A new
drug is a new file and no edit.
"""

from oestra.drugs.describe import Description, describe
from oestra.drugs.dose import Dose, DoseUnit
from oestra.drugs.drug import Drug
from oestra.drugs.estrogen import residual_estradiol
from oestra.drugs.kinetics import Cyp2d6
from oestra.drugs.load import drugs, find
from oestra.drugs.occupancy import equivalent_concentration, mean_occupancy
from oestra.drugs.pharmacokinetics import concentration, exposure
from oestra.drugs.phase import Phase
from oestra.drugs.regimen import Block, Regimen
from oestra.drugs.schedule import Component
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
    "describe",
    "deviate_names",
    "drugs",
    "equivalent_concentration",
    "exposure",
    "find",
    "harm_probability",
    "mean_occupancy",
    "residual_estradiol",
]
