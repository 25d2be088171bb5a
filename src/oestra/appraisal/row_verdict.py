"""What became of a row: each number with the mechanism and without it."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from oestra.claims.row import KnockOut, Row, RowCheck

__all__ = ["Effect", "RowNumber", "RowResult", "count_rows"]

_VISIBLE = 0.01


class Effect(StrEnum):
    """What the knock-out does to a number."""

    CARRIES = "carries"
    """With the mechanism the expectation holds, without it it does not."""
    MOVES = "moves"
    """The number changes by a hundredth of itself or more; the verdict stays."""
    NOTHING = "nothing"
    """It stays, or changes by less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowNumber:
    """One number of a row.

    Parameters
    ----------
    check : RowCheck
        What was measured, and where it should lie.
    knockout : KnockOut
        What was taken away.
    measured, without : float or None
        With all mechanisms and without this one; None where there is no number.
    reason, reason_without : str
        Why there is none.
    """

    check: RowCheck
    knockout: KnockOut
    measured: float | None
    without: float | None
    reason: str = ""
    reason_without: str = ""

    @property
    def holds(self) -> bool:
        """Whether the number lies where it should."""
        return self.measured is not None and self.check.expect.holds(self.measured)

    @property
    def holds_without(self) -> bool:
        """Whether it still does without the mechanism."""
        return self.without is not None and self.check.expect.holds(self.without)

    @property
    def effect(self) -> Effect:
        """What the knock-out does to it."""
        if self.holds and not self.holds_without:
            return Effect.CARRIES
        if self.measured is None or self.without is None:
            same = self.measured is self.without
        elif math.isinf(self.measured) or math.isinf(self.without):
            same = self.measured == self.without
        else:
            largest = max(abs(self.measured), abs(self.without))
            same = abs(self.without - self.measured) <= _VISIBLE * largest
        return Effect.NOTHING if same else Effect.MOVES

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form; what is infinite has no number."""
        numbers = {"measured": self.measured, "without": self.without}
        finite = {
            name: None if value is None or math.isinf(value) else value
            for name, value in numbers.items()
        }
        reasons = {"reason": self.reason, "reason_without": self.reason_without}
        return {
            "measure": self.check.measure,
            "unit": self.check.unit,
            **finite,
            "expected": str(self.check.expect),
            "none_expected": self.check.none,
            "holds": self.holds,
            "without_mechanism": self.knockout.means,
            "knockout": _changed(self.knockout),
            "holds_without": self.holds_without,
            "effect": self.effect.value,
            "why": self.check.why,
            "basis": self.check.basis.value,
            "sources": list(self.check.sources),
            **{name: text for name, text in reasons.items() if text},
        }


def _changed(knockout: KnockOut) -> dict[str, float | str]:
    changed: dict[str, float | str] = {**knockout.cell}
    if knockout.cyp2d6 is not None:
        changed["cyp2d6"] = knockout.cyp2d6
    return changed


@dataclass(frozen=True, slots=True, kw_only=True)
class RowResult:
    """A row and its numbers.

    Parameters
    ----------
    row : Row
        What was tried.
    numbers : tuple of RowNumber
        In the order of the file.
    """

    row: Row
    numbers: tuple[RowNumber, ...]

    @property
    def holds(self) -> bool:
        """Whether every number lies where it should."""
        return all(one.holds for one in self.numbers)

    @property
    def acts(self) -> bool:
        """Whether a knock-out of the row changes any of its numbers."""
        return any(one.effect is not Effect.NOTHING for one in self.numbers)

    @property
    def missed(self) -> tuple[RowNumber, ...]:
        """The numbers that lie elsewhere."""
        return tuple(one for one in self.numbers if not one.holds)

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        return {
            "number": self.row.number,
            "name": self.row.name,
            "section": self.row.section,
            "says": self.row.says,
            "left_out": list(self.row.left_out),
            "holds": self.holds,
            "acts": self.acts,
            "checks": [one.to_json_dict() for one in self.numbers],
        }


def count_rows(results: Sequence[RowResult]) -> dict[str, int]:
    """Return how many rows and numbers hold, and what knock-outs do to the numbers."""
    numbers = [one for result in results for one in result.numbers]
    effects = Counter(one.effect for one in numbers)
    return {
        "rows": len(results),
        "rows_hold": sum(one.holds for one in results),
        "rows_act": sum(one.acts for one in results),
        "checks": len(numbers),
        "checks_hold": sum(one.holds for one in numbers),
        **{effect.value: effects[effect] for effect in Effect},
    }
