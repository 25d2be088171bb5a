"""The dictionary of the tables: names, labels, types, terms and where values come from.

It stands in ``datasets.yaml``; every format and ``define.xml`` come from it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Any

from oestra.cdisc.fitting import fitting
from oestra.core.read_yaml import read_yaml

__all__ = ["Codelist", "Dataset", "Dictionary", "Variable", "dictionary", "expanded"]

LONGEST_NAME, LONGEST_LABEL, LONGEST_TEXT = 8, 40, 200
"""What version 5 of the SAS transport format holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Codelist:
    """Terms that a variable may hold.

    Parameters
    ----------
    id, name : str
        Key and name.
    terms : mapping of str to str
        Terms with what they mean.
    code : str
        Code of the list in the NCI Thesaurus, empty for one of this project.
    extended : tuple of str
        Terms that this project adds to a list of CDISC.
    """

    id: str
    name: str
    terms: Mapping[str, str]
    code: str = ""
    extended: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One column.

    Parameters
    ----------
    name, label : str
        At most 8 and 40 characters.
    type : str
        ``text``, ``integer``, ``float`` or ``date``.
    origin : str
        ``Derived``, ``Assigned`` or ``Predecessor``.
    derivation : str
        In words.
    length : int
        Bytes of a text; 8 of numbers.
    codelist : str
        Key of its terms, empty for none.
    column : str
        Baseline column of the population that it holds, empty for none.
    repeats : str
        Of what there is one column each, empty for one column.
    """

    name: str
    label: str
    type: str
    origin: str
    derivation: str
    length: int = 8
    codelist: str = ""
    column: str = ""
    repeats: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One table.

    Parameters
    ----------
    name, label, structure : str
        What it is.
    kind, subkind : str
        Its class in ADaM.
    keys : tuple of str
        Variables by which its rows are told apart.
    variables : tuple of Variable
        Columns in order.
    """

    name: str
    label: str
    structure: str
    kind: str
    subkind: str = ""
    keys: tuple[str, ...]
    variables: tuple[Variable, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dictionary:
    """All tables and terms.

    Parameters
    ----------
    datasets : mapping of str to Dataset
        By name.
    codelists : mapping of str to Codelist
        By key.
    """

    datasets: Mapping[str, Dataset]
    codelists: Mapping[str, Codelist] = field(default_factory=dict)

    def decode(self, codelist: str) -> Mapping[str, str]:
        """Return the terms of a codelist with what they mean."""
        return self.codelists[codelist].terms


def _variable(entry: Mapping[str, Any], lists: Mapping[str, Codelist]) -> Variable:
    terms = lists[entry["codelist"]].terms if "codelist" in entry else {}
    length = entry.get("length", max(map(len, terms), default=8))
    known: dict[str, Any] = dict(entry)
    known["length"] = length if entry["type"] == "text" else 8
    return Variable(**known)


def _dataset(
    name: str, data: Mapping[str, Any], record: Mapping[str, Any], lists: Any
) -> Dataset:
    entries = [
        *data["identity"],
        *(data["treatment"] if record.get("treatment") else ()),
        *record["variables"],
    ]
    return Dataset(
        name=name,
        label=record["label"],
        structure=record["structure"],
        kind=record["class"],
        subkind=record.get("subclass", ""),
        keys=tuple(record["keys"]),
        variables=tuple(_variable(entry, lists) for entry in entries),
    )


@cache
def dictionary() -> Dictionary:
    """Return the dictionary as it ships; repeated variables stand once."""
    text = (resources.files("oestra.cdisc") / "datasets.yaml").read_text("utf-8")
    data = read_yaml(text)
    lists = {key: Codelist(id=key, **one) for key, one in data["codelists"].items()}
    return Dictionary(
        datasets={
            name: _dataset(name, data, record, lists)
            for name, record in data["datasets"].items()
        },
        codelists=lists,
    )


def expanded(
    many: Mapping[str, Sequence[str]], lengths: Mapping[str, int]
) -> Dictionary:
    """Return the dictionary of one trial: a column for each of what repeats.

    Parameters
    ----------
    many : mapping of str to sequence of str
        Labels of what repeats, by its word; a label that is too long is cut, and the
        derivation holds it whole.
    lengths : mapping of str to int
        Bytes of texts that the trial decides, by variable.

    Returns
    -------
    Dictionary
        Without variables that repeat.
    """
    whole = dictionary()

    def columns(given: Sequence[Variable]) -> list[Variable]:
        found: list[Variable] = []
        waiting: list[Variable] = []
        for one in given:
            if waiting and waiting[0].repeats != one.repeats:
                found += _repeated(waiting, many[waiting[0].repeats])
                waiting = []
            (waiting if one.repeats else found).append(one)
        last = _repeated(waiting, many[waiting[0].repeats]) if waiting else []
        return [
            replace(one, length=lengths.get(one.name, one.length))
            for one in [*found, *last]
        ]

    return replace(
        whole,
        datasets={
            name: replace(one, variables=tuple(columns(one.variables)))
            for name, one in whole.datasets.items()
        },
    )


def _numbered(name: str, number: int) -> str:
    """Return a name with its number; where that is too long, letters give way."""
    before, sign, after = re.split("(#+)", name)
    digits = f"{number:0{len(sign)}d}"
    return before[: LONGEST_NAME - len(digits) - len(after)] + digits + after


def _repeated(variables: Sequence[Variable], labels: Sequence[str]) -> list[Variable]:
    return [
        replace(
            one,
            name=_numbered(one.name, number),
            label=fitting(
                one.label.replace("#", str(number)) or f"Subgroup: {label}",
                LONGEST_LABEL,
            ).rstrip(),
            derivation=f"{one.derivation.replace('#', str(number))}: {label}",
            repeats="",
        )
        for number, label in enumerate(labels, start=1)
        for one in variables
    ]
