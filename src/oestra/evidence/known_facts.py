"""The schema of what is known of the population and of cells."""

from typing import Literal

from oestra.evidence.evidence_record import Cited, Fact, Keys, Record

__all__ = ["CellFile", "CellObservation", "PopulationFact", "PopulationFile"]


class PopulationFact(Record):
    """What is known of one quantity in a population, or of cells in culture.

    Parameters
    ----------
    id : str
        Key of the quantity.
    population : str
        Whom or what it describes.
    facts : tuple of Fact
        Its numbers; ``category`` names the part, such as a subtype.
    """

    id: str
    population: str
    facts: tuple[Fact, ...]


class PopulationFile(Record):
    """The file of a list of quantities."""

    title: str
    quantities: tuple[PopulationFact, ...]


class CellObservation(Cited):
    """What an experiment on cells, animals or tissue showed.

    Parameters
    ----------
    id : str
        Key of the observation.
    review_references : tuple of str
        Reference numbers in the review; none where the review does not cite it.
    cells : str
        The system observed.
    perturbation : str
        What was done.
    observation : str
        What was seen.
    timescale : str
        Over which time.
    kind : {"qualitative", "quantitative"}
        Whether the source gives numbers.
    expectation : str
        What a simulation of it must show.
    """

    id: str
    review_references: Keys = ()
    cells: str
    perturbation: str
    observation: str
    timescale: str = ""
    kind: Literal["qualitative", "quantitative"]
    expectation: str = ""


class CellFile(Record):
    """The file of cell facts: quantities of cell lines, and observations."""

    title: str
    quantities: tuple[PopulationFact, ...]
    observations: tuple[CellObservation, ...]
