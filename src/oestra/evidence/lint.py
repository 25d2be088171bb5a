"""Look through all evidence and report every fault at once."""

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from oestra.core.errors import InputError
from oestra.evidence.bibliography import Source, read_bibliography
from oestra.evidence.evidence_record import Record
from oestra.evidence.known_facts import CellFile, PopulationFile
from oestra.evidence.lint_citation import check_citations
from oestra.evidence.lint_fault import Bundle, Fault
from oestra.evidence.lint_number import check_numbers
from oestra.evidence.lint_target import check_targets
from oestra.evidence.lint_trial import check_trials
from oestra.evidence.locate import line_of
from oestra.evidence.published import FOLDER, TARGET_FILES, read_record
from oestra.evidence.target_row import TargetList
from oestra.evidence.trial_evidence import TrialEvidence

__all__ = ["Fault", "lint"]

_CHECKS = (check_citations, check_numbers, check_trials, check_targets)

_Model = TypeVar("_Model", bound=Record)


def _read(
    path: Path, name: str, model: type[_Model], faults: list[Fault]
) -> _Model | None:
    if not path.exists():
        faults.append(Fault(name, "file", "is missing"))
        return None
    try:
        return read_record(path, model)
    except InputError as error:
        faults.append(Fault(name, "file", str(error).rstrip(".")))
        return None


def _sources(folder: Path, faults: list[Fault]) -> dict[str, Source]:
    try:
        return read_bibliography(folder)
    except InputError as error:
        faults.append(Fault("sources", "file", str(error).rstrip(".")))
        return {}


def _gather(folder: Path, faults: list[Fault]) -> Bundle:
    trials: dict[str, TrialEvidence] = {}
    for path in sorted((folder / "trials").glob("*.yaml")):
        name = f"trials/{path.name}"
        trial = _read(path, name, TrialEvidence, faults)
        if trial is not None:
            trials[name] = trial
    lists = {
        name: _read(folder / name, name, TargetList, faults) for name in TARGET_FILES
    }
    models = {
        "epidemiology.yaml": PopulationFile,
        "cell_facts.yaml": CellFile,
    }
    read = {name: _read(folder / name, name, m, faults) for name, m in models.items()}
    population, cells = read.values()
    return Bundle(
        trials=trials,
        targets={name: one for name, one in lists.items() if one is not None},
        sources=_sources(folder / "sources", faults),
        epidemiology=population if isinstance(population, PopulationFile) else None,
        cells=cells if isinstance(cells, CellFile) else None,
    )


def _located(folder: Path, fault: Fault) -> Fault:
    path = folder / fault.file
    if fault.place == "file" or path.suffix != ".yaml":
        return fault
    return replace(fault, line=line_of(path, fault.place))


def lint(folder: Path = FOLDER) -> list[Fault]:
    """Check all evidence files against their schema and each other.

    Every number has a unit and says how far it was checked; every source key
    resolves; percentages, intervals, counts and p values are possible; arms exist;
    the targets agree with the trials.

    Parameters
    ----------
    folder : Path
        The evidence folder.

    Returns
    -------
    list of Fault
        All faults, sorted by file; empty when there is none.
    """
    faults: list[Fault] = []
    bundle = _gather(folder, faults)
    for check in _CHECKS:
        faults.extend(check(bundle))
    return sorted(_located(folder, fault) for fault in faults)
