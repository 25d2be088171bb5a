"""Mechanisms of resistance that the review names, as a file lists them."""

from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from oestra.claims.cells import TUMOR
from oestra.claims.run import Run
from oestra.core.errors import unknown_name
from oestra.core.name import plain_name
from oestra.core.read_model import read_model

__all__ = ["Mechanism", "Mechanisms", "Strategy", "Variant", "mechanisms"]

_FILE = "mechanisms.yaml"
_LINE, _DAYS, _DAYS_OF_PATIENT = "MCF-7", 7.0, 90.0


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Strategy(_Part):
    """One way of endocrine therapy, or none."""

    id: str
    """Key."""
    label: str
    """Name for people."""
    cells: str
    """What cells in culture get."""
    patient: str
    """What a patient gets."""


class Variant(_Part):
    """Cells that have a mechanism, or a patient who has it."""

    id: str
    """Key within its mechanism."""
    label: str
    """Name for people."""
    line: str = _LINE
    """Cell line."""
    set: tuple[str, ...] = ()
    """Lesions, such as ``PTEN=loss``."""
    pretreat: tuple[str, ...] = ()
    """What the cells went through before."""
    cyp2d6: Literal["PM", "IM", "NM", "UM"] | None = None
    """Metabolizer phenotype of a patient with the median tumor."""


class Mechanism(_Part):
    """One mechanism of resistance."""

    id: str
    """Key."""
    title: str
    """Name for people."""
    row: int = Field(ge=1)
    """Row of the review's biology."""
    medium: str = "none"
    """What differs from the medium of the line; cells with and without get it."""
    clone: str = ""
    """The clone of tumors that has it; empty where it is no property of a clone."""
    carriers: str = ""
    """Criterion of enrollment for who has it; empty where none tells."""
    against: tuple[str, ...] = ()
    """Lesions of the cells that it stands beside."""
    variants: tuple[Variant, ...] = Field(min_length=1)
    """The usual one first."""

    def variant(self, name: str = "") -> Variant:
        """Return a variant by its id; the first of no name.

        Raises
        ------
        InputError
            If there is none; names the nearest.
        """
        if not name:
            return self.variants[0]
        for one in self.variants:
            if plain_name(one.id) == plain_name(name):
                return one
        known = [one.id for one in self.variants]
        raise unknown_name("variant", name, known, where=f"the mechanism {self.id!r}")

    def with_it(self, variant: Variant, strategy: Strategy) -> Run:
        """Return the run of cells with the mechanism under a strategy."""
        if variant.cyp2d6 is not None:
            return self._in_patient(strategy, cyp2d6=variant.cyp2d6)
        return Run(
            line=variant.line,
            set=variant.set,
            medium=self.medium,
            pretreat=variant.pretreat,
            drug=strategy.cells,
            days=_DAYS,
        )

    def without_it(self, variant: Variant, strategy: Strategy) -> Run:
        """Return the same run of cells without the mechanism."""
        if variant.cyp2d6 is not None:
            return self._in_patient(strategy, cyp2d6="NM")
        return Run(
            line=_LINE,
            set=self.against,
            medium=self.medium,
            drug=strategy.cells,
            days=_DAYS,
        )

    def _in_patient(
        self, strategy: Strategy, *, cyp2d6: Literal["PM", "IM", "NM", "UM"]
    ) -> Run:
        return Run(
            line=TUMOR, drug=strategy.patient, cyp2d6=cyp2d6, days=_DAYS_OF_PATIENT
        )


class Mechanisms(_Part):
    """The file."""

    strategies: tuple[Strategy, ...] = Field(min_length=2)
    """Untreated first."""
    signals: tuple[str, ...] = Field(min_length=1)
    """States and derived quantities of the cell that are read."""
    mechanisms: tuple[Mechanism, ...] = Field(min_length=1)
    """In the order of the review."""

    @property
    def criteria(self) -> tuple[str, ...]:
        """Criteria of who has a mechanism, in order."""
        return tuple(one.carriers for one in self.mechanisms if one.carriers)

    def find(self, name: str) -> Mechanism:
        """Return a mechanism by its id or title.

        Raises
        ------
        InputError
            If there is none; names the nearest.
        """
        wanted = plain_name(name)
        for one in self.mechanisms:
            if wanted in (plain_name(one.id), plain_name(one.title)):
                return one
        known = [one.id for one in self.mechanisms]
        raise unknown_name("mechanism", name, known)


@cache
def mechanisms() -> Mechanisms:
    """Return the mechanisms that ship."""
    text = files("oestra.appraisal").joinpath(_FILE).read_text("utf-8")
    return read_model(Mechanisms, text, _FILE, trusted=True)
