"""Where in the chain from cell to trial a claim lives."""

from enum import StrEnum

__all__ = ["Level"]


class Level(StrEnum):
    """Where in the chain a claim lives."""

    CELL = "cell"
    PATIENT = "patient"
    POPULATION = "population"
    TRIAL = "trial"
