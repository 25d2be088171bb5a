"""The frozen list of published quantities the model is scored on or shown beside."""

from typing import Literal

from oestra.evidence.evidence_record import Record
from oestra.evidence.vocabulary import Confidence, Endpoint, IntervalKind, Use

__all__ = ["TargetList", "TargetMeta", "TargetRow"]

Flag = Literal["S", "V", "K", "SV"]


class TargetRow(Record):
    """One published quantity.

    Parameters
    ----------
    id : str
        Key of the row.
    trial, stratum, arm, control : str
        Keys; a ratio has a control.
    endpoint : Endpoint
        What was measured.
    of : {"pfs", "ttp"}, optional
        The endpoint behind a ratio or a landmark.
    estimate : float
        The number: months, percent or a ratio.
    low, high : float, optional
        95 % interval.
    ci : IntervalKind
        Where the interval comes from.
    n : int, optional
        Patients behind the number.
    flag, flag_ci, n_flag : str
        How far estimate, interval and n were checked: S stated by the review, V
        verified, K recalled; ``flag`` holds for what has none of its own.
    use : Use
        What the row may do to the model.
    reason : str
        Why.
    events : int or str, optional
        Events, or what is known of them.
    count : int, optional
        Patients counted in a percentage.
    denominator : str, optional
        Who is in the denominator.
    at_months, at_days : float, optional
        When.
    method, note : str, optional
        How it was assessed; what a reader must know.
    """

    id: str
    trial: str
    stratum: str
    endpoint: Endpoint
    arm: str
    control: str | None = None
    estimate: float
    low: float | None
    high: float | None
    ci: IntervalKind
    n: int | None
    flag: Flag
    use: Use
    reason: str
    flag_ci: Flag | None = None
    n_flag: Literal["S", "V", "K", "SV", "inferred"] | None = None
    of: Literal["pfs", "ttp"] | None = None
    events: int | str | None = None
    count: int | None = None
    denominator: Literal["ITT", "measurable", "evaluable", "unknown"] | None = None
    at_months: float | None = None
    at_days: float | None = None
    method: str | None = None
    note: str | None = None

    @property
    def unit(self) -> str:
        """Unit of estimate and interval."""
        return self.endpoint.unit

    @property
    def kind(self) -> str:
        """Family of the endpoint, as the list counts them."""
        return self.endpoint.kind.value

    @property
    def in_review(self) -> bool:
        """Whether the review states the estimate."""
        return "S" in self.flag

    @property
    def confidence(self) -> Confidence:
        """How far the estimate was checked."""
        if "V" in self.flag:
            return Confidence.VERIFIED
        return Confidence.STATED if self.in_review else Confidence.RECALLED

    def contains(self, value: float) -> bool:
        """Tell whether a value lies in the published interval."""
        if self.low is None or self.high is None:
            return False
        return self.low <= value <= self.high


class Counts(Record):
    """How many rows the list holds."""

    total: int
    by_use: dict[Use, int]
    by_use_and_kind: dict[Use, dict[str, int]]
    trials_with_fit_rows: int


class TargetMeta(Record):
    """The rules by which the list was made."""

    title: str
    status: Literal["frozen"]
    keys: str
    flags: str
    use: dict[Use, str]
    rule_for_recalled: str
    ci: dict[IntervalKind, str]
    grid: str
    events_from_ci: str
    not_here: str
    counts: Counts


class TargetList(Record):
    """The file: rules, then rows."""

    meta: TargetMeta
    targets: tuple[TargetRow, ...]
