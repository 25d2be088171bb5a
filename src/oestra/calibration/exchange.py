"""Pairs of trials whose factors are exchanged one at a time, as a file names them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

from oestra.core.errors import InputError
from oestra.core.read_yaml import read_yaml
from oestra.trial.design import TrialDesign
from oestra.trial.designs import find_design

__all__ = ["Exchange", "added_regimen", "exchanges", "read_exchanges"]

_FILE = "exchanges.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """Two trials that differ in patients and in treatment.

    Parameters
    ----------
    id, title : str
        Key, and the question for people.
    trials : mapping of str to str
        The two trials by id, each with what tells its patients from the other's.
    treatment, patients : str
        What the second trial gives, and whom it treats, other than the first.
    besides : str
        A regimen between the two treatments, which neither trial added: it differs from
        each in one thing.
    shows : str
        What the patients of the first trial show of it beside the second's treatment.
    """

    id: str
    title: str
    trials: Mapping[str, str]
    treatment: str
    patients: str
    besides: str
    shows: str

    @property
    def heading(self) -> str:
        """The question with the names of the trials."""
        return f"{self.title}: {' against '.join(self.trials)}"

    @property
    def added(self) -> tuple[str, str, str]:
        """What is added to the controls: the first trial's, `besides`, the second's."""
        first, second = (added_regimen(find_design(name)) for name in self.trials)
        return first, self.besides, second


def added_regimen(design: TrialDesign) -> str:
    """Return what the experimental arm takes besides the therapy of the control.

    Raises
    ------
    InputError
        If the trial has other than two arms, or the first does not add to the second.
    """
    start = f"{design.arms[-1].regimen} + "
    if len(design.arms) != 2 or not design.arms[0].regimen.startswith(start):
        raise InputError(
            f"{_FILE}: {design.id!r} has no arm that adds something to its control."
        )
    return design.arms[0].regimen.removeprefix(start)


def read_exchanges(text: str, *, where: str = _FILE) -> tuple[Exchange, ...]:
    """Read pairs of trials from YAML.

    Parameters
    ----------
    text : str
        A list of entries with the fields of `Exchange`.
    where : str
        Name of the file, for errors.

    Returns
    -------
    tuple of Exchange
        In the order of the file.

    Raises
    ------
    InputError
        If an entry lacks a field, has one too many, or names other than two trials.
    """
    names = {field.name for field in fields(Exchange)}
    found: list[Exchange] = []
    for entry in read_yaml(text):
        wrong = sorted(names ^ set(entry))
        if wrong:
            raise InputError(
                f"{where}: an exchange has the entries {', '.join(sorted(names))}; "
                f"missing or unknown: {', '.join(wrong)}."
            )
        if len(entry["trials"]) != 2:
            raise InputError(f"{where}: {entry['id']!r} does not name two trials.")
        found.append(Exchange(**entry))
    return tuple(found)


@cache
def exchanges() -> tuple[Exchange, ...]:
    """Return the pairs of trials of ``exchanges.yaml``."""
    return read_exchanges(
        files("oestra.calibration").joinpath(_FILE).read_text("utf-8")
    )
