"""A regimen: which drugs, how much, when; read from text and written back."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import pairwise

import pandas as pd

from oestra.core.library import SHIPPED, Library
from oestra.drugs.component import Component
from oestra.drugs.grammar import parse_components
from oestra.drugs.phase import Phase

__all__ = ["Block", "Regimen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A period of time in which the same drugs are being taken.

    Parameters
    ----------
    start, stop : float
        Days from the start of the regimen.
    drugs : tuple of str
        Ids of the drugs on treatment; empty in a pause of all.
    """

    start: float
    stop: float
    drugs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Regimen:
    """What one arm takes.

    Parameters
    ----------
    components : tuple of Component
        One a drug; none for no treatment.

    Examples
    --------
    >>> regimen = Regimen.parse("trastuzumab 4 mg/kg then 2 mg/kg weekly")
    >>> str(regimen)
    'trastuzumab 4 mg/kg on day 1 then 2 mg/kg weekly'
    """

    components: tuple[Component, ...] = ()

    @classmethod
    def parse(cls, text: str, library: Library = SHIPPED) -> "Regimen":
        """Read a regimen from text; see `oestra.drugs.grammar`.

        Parameters
        ----------
        text : str
            The regimen, such as ``"temsirolimus 30 mg daily for 5 days every 14
            days"``.
        library : Library
            Whose drugs may be given.

        Returns
        -------
        Regimen
            Equal to the one its own text is read to.

        Raises
        ------
        InputError
            If it cannot be read; the message points at the word.
        """
        return cls(parse_components(text, library))

    def __str__(self) -> str:
        """Return the text that reads back to this regimen."""
        return " + ".join(map(str, self.components)) or "none"

    @property
    def drugs(self) -> tuple[str, ...]:
        """Ids of the drugs, in order."""
        return tuple(component.drug.id for component in self.components)

    def component(self, drug: str) -> Component:
        """Return the component of one drug by its id."""
        return next(c for c in self.components if c.drug.id == drug)

    def reduced(self, drugs: Collection[str], share: float) -> "Regimen":
        """Return the regimen with lower doses of some drugs.

        Parameters
        ----------
        drugs : collection of str
            Ids of the drugs that are reduced.
        share : float
            What is left of each of their doses.
        """

        def lower(phase: Phase) -> Phase:
            dose = replace(phase.dose, amount=phase.dose.amount * share)
            return replace(phase, dose=dose)

        return Regimen(
            tuple(
                replace(component, phases=tuple(map(lower, component.phases)))
                if component.drug.id in drugs
                else component
                for component in self.components
            )
        )

    def events(self, until_day: float) -> pd.DataFrame:
        """List every dose before a day.

        Parameters
        ----------
        until_day : float
            Days from the start of the regimen.

        Returns
        -------
        DataFrame
            Columns ``time`` (days from the start; day 1 is time 0), ``drug``,
            ``amount`` and ``unit``, in order of time.
        """
        rows = [
            (time, component.drug.id, train.dose.amount, str(train.dose.unit))
            for component in self.components
            for train in component.trains()
            for time in train.times(until_day)
        ]
        table = pd.DataFrame(rows, columns=pd.Index(["time", "drug", "amount", "unit"]))
        return table.sort_values(["time", "drug"], kind="stable", ignore_index=True)

    def blocks(self, until_day: float) -> tuple[Block, ...]:
        """Split time where a drug is paused or taken up again.

        Parameters
        ----------
        until_day : float
            Days from the start of the regimen.

        Returns
        -------
        tuple of Block
            They follow each other from 0 to ``until_day``.
        """
        pauses = {c.drug.id: c.pauses(until_day) for c in self.components}
        edges = {0.0, float(until_day)}
        edges |= {edge for spans in pauses.values() for span in spans for edge in span}
        ordered = sorted(edge for edge in edges if edge <= until_day)
        return tuple(
            Block(
                start=start,
                stop=stop,
                drugs=tuple(
                    drug
                    for drug, spans in pauses.items()
                    if not any(a <= start and stop <= b for a, b in spans)
                ),
            )
            for start, stop in pairwise(ordered)
        )
