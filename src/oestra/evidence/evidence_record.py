"""What every record of the evidence shares: frozen, cited, in words or numbers."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from oestra.evidence.vocabulary import Certainty, Confidence

__all__ = ["Cited", "Fact", "Keys", "Property", "Record", "Statement"]


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Keys = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
"""One or several keys; a single one may be written without brackets."""


class Record(BaseModel):
    """A frozen record that knows no key but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Cited(Record):
    """Something that says how far it was checked, and where it stands.

    Parameters
    ----------
    confidence : Confidence
        How far it was checked.
    certainty : Certainty, optional
        How sure a recalled or inferred fact is held to be.
    source : tuple of str
        Keys into ``sources/*.bib``; only a recalled fact may lack them.
    note : str
        What a reader must know to use the fact rightly.
    """

    confidence: Confidence
    certainty: Certainty | None = None
    source: Keys = ()
    note: str = ""


class Statement(Cited):
    """A published finding in words.

    Parameters
    ----------
    stratum : str
        Whom it is about.
    text : str
        The finding, in our words.
    in_review : bool
        Whether the review itself states it.
    """

    stratum: str
    text: str
    in_review: bool = False


class Property(Cited):
    """One property of the patients enrolled.

    Parameters
    ----------
    property : str
        What the words are about, such as ``"menopause"``.
    text : str
        The words.
    """

    property: str
    text: str


class Fact(Cited):
    """A number, a range or words, for all or for one arm, stratum or category.

    Parameters
    ----------
    arm, stratum, category : str, optional
        To whom or to what it applies; the whole trial where absent.
    value : float, optional
        The number.
    low, high : float, optional
        The range, where no single number is known.
    text : str, optional
        The words, where it is no number.
    unit : str, optional
        Unit of the number or range.
    """

    arm: str | None = None
    stratum: str | None = None
    category: str | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    text: str | None = None
    unit: str | None = None
