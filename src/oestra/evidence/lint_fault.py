"""What a lint finds, and the evidence it looks through."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import BaseModel

from oestra.evidence.bibliography import Source
from oestra.evidence.evidence_record import Record
from oestra.evidence.known_facts import CellFile, PopulationFile
from oestra.evidence.target_row import TargetList
from oestra.evidence.trial_evidence import TrialEvidence

__all__ = ["Bundle", "Fault", "walk"]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault of the evidence.

    Parameters
    ----------
    file : str
        Where it is, below the evidence folder.
    place : str
        Where in the file.
    problem : str
        What is wrong, in one sentence.
    line : int
        The line, 0 where there is none.
    """

    file: str
    place: str
    problem: str
    line: int = 0

    def __str__(self) -> str:
        """Return the fault as one line."""
        line = f", line {self.line}" if self.line else ""
        return f"{self.file}{line}: {self.place}: {self.problem}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """All evidence that could be read, by file name below the folder.

    Parameters
    ----------
    trials : dict of str to TrialEvidence
        Trial files.
    targets : dict of str to TargetList
        The frozen lists, by file name.
    sources : dict of str to Source
        Every source by key.
    epidemiology : PopulationFile, optional
        Facts of the population.
    cells : CellFile, optional
        Facts of cells.
    """

    trials: dict[str, TrialEvidence] = field(default_factory=dict)
    targets: dict[str, TargetList] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    epidemiology: PopulationFile | None = None
    cells: CellFile | None = None

    def files(self) -> Iterator[tuple[str, Record]]:
        """Yield each file name with its record."""
        yield from self.trials.items()
        yield from self.targets.items()
        for name, record in (
            ("epidemiology.yaml", self.epidemiology),
            ("cell_facts.yaml", self.cells),
        ):
            if record is not None:
                yield name, record


def walk(record: BaseModel, place: str = "") -> Iterator[tuple[str, BaseModel]]:
    """Yield a record and every record inside it, each with its place.

    Parameters
    ----------
    record : BaseModel
        Where to start.
    place : str
        Its own place.

    Yields
    ------
    place : str
        Such as ``results[3].interval``.
    record : BaseModel
        The record there.
    """
    yield place, record
    for name in type(record).model_fields:
        value = getattr(record, name)
        below = f"{place}.{name}" if place else name
        if isinstance(value, BaseModel):
            yield from walk(value, below)
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, BaseModel):
                    yield from walk(item, f"{below}[{index}]")
