"""The file that names a trial and what was seen in it: summaries, curves, patients."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from oestra.core.read_model import read_model
from oestra.core.text_file import read_text
from oestra.trial.analysis import Count, Months, Part, TimeToEvent

__all__ = ["Curve", "DataFile", "Patients", "Result", "read_data_file"]

Number = Annotated[float, Field(allow_inf_nan=False, strict=True)]
Text = Annotated[str, Field(min_length=1, max_length=500)]
Point = Annotated[tuple[Number, ...], Field(min_length=2, max_length=2)]
Unit = Literal["months", "days"]
Level = Annotated[float, Field(gt=0.5, lt=1, strict=True)]


class Result(Part):
    """One number of a trial, as it was printed."""

    endpoint: Text
    """Word of the endpoint, such as ``hazard_ratio`` or ``pfs_median_months``."""
    of: TimeToEvent | None = None
    """Time to an event behind a hazard ratio or a landmark; the primary by default."""
    arm: Text
    """Id of the arm."""
    control: Text | None = None
    """Id of the arm it is compared with, of a hazard ratio."""
    stratum: str = ""
    """Group or subgroup of the design; everybody by default."""
    at_months: Annotated[Months, Field(gt=0)] | None = None
    """When, of a landmark."""
    estimate: Number
    """The number: months, percent or a ratio."""
    low: Number | None = None
    """Lower end of its interval."""
    high: Number | None = None
    """Upper end of its interval."""
    level: Level = 0.95
    """Confidence level of the interval."""
    events: Count | None = None
    """Events behind it, where no interval is known."""
    n: Count | None = None
    """Patients behind a percentage, where no interval is known."""

    @model_validator(mode="after")
    def _has_an_error(self) -> Self:
        both = self.low is not None and self.high is not None
        if (self.low is None) != (self.high is None):
            raise ValueError("low and high must be given together")
        if not both and self.events is None and self.n is None:
            raise ValueError(
                "how sure the number is must be given: low and high, or the events (of "
                "a percentage n) behind it"
            )
        if self.low is not None and self.high is not None:
            ordered = self.low <= self.estimate <= self.high and self.low < self.high
            if not ordered:
                raise ValueError(
                    f"the estimate {self.estimate:g} must lie between low "
                    f"{self.low:g} and high {self.high:g}"
                )
        return self


class Curve(Part):
    """A survival curve that was digitized."""

    arm: Text
    """Id of the arm."""
    of: TimeToEvent | None = None
    """Time to the event; the primary by default."""
    file: Text | None = None
    """CSV file with a column of times and one of survival, beside this file."""
    points: Annotated[tuple[Point, ...], Field(max_length=5000)] = ()
    """The points themselves, as pairs of time and survival, in place of a file."""
    unit: Unit = "months"
    """Unit of times."""
    percent: bool = False
    """Whether survival is in percent, not a share from 0 to 1."""
    at_risk: Annotated[tuple[Point, ...], Field(min_length=1, max_length=200)]
    """Numbers at risk, as pairs of time and number; the first at time 0."""
    events: Annotated[int, Field(ge=0, le=100_000, strict=True)] | None = None
    """Events in all, where they were printed."""

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if bool(self.points) == (self.file is not None):
            raise ValueError("a curve needs a file or points, and not both")
        return self


class Patients(Part):
    """A table with a row a patient and time, in columns of ADTTE."""

    file: Text
    """CSV, Parquet or SAS transport file, beside this file."""
    arms: dict[str, str] = Field(default={}, max_length=20)
    """What the table calls each arm, by its id; the id itself by default."""
    unit: Unit | None = None
    """Unit of AVAL, where the table has no column AVALU."""
    param: dict[TimeToEvent, str] = Field(default={}, max_length=10)
    """What the table calls each time in PARAMCD; its word in capitals by default."""


class DataFile(Part):
    """What was seen in a trial."""

    trial: Text
    """Name of a trial of the library, or a trial file, beside this file."""
    results: Annotated[tuple[Result, ...], Field(max_length=200)] = ()
    """Numbers as they were printed."""
    curves: Annotated[tuple[Curve, ...], Field(max_length=50)] = ()
    """Digitized survival curves."""
    adtte: Annotated[tuple[Patients, ...], Field(max_length=10)] = ()
    """Tables of patients."""

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if not (self.results or self.curves or self.adtte):
            raise ValueError("nothing to learn from: give results, curves or adtte")
        return self


def read_data_file(path: Path) -> DataFile:
    """Read what was seen in a trial.

    Parameters
    ----------
    path : Path
        A YAML file.

    Returns
    -------
    DataFile
        Its content; files that it names are not read yet.

    Raises
    ------
    InputError
        If it cannot be read or does not fit; names every fault with its line.
    """
    return read_model(DataFile, read_text(path), path.name)
