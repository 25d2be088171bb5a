"""Where a measured number must lie: ``> 0.5``, ``< 2``, ``0.7 to 1.3``."""

import math
import re
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

__all__ = ["Expectation"]

_NUMBER = r"[-+]?\d+\.?\d*(?:e[-+]?\d+)?"
_BOUND = re.compile(rf"([<>])\s*({_NUMBER})", re.IGNORECASE)
_RANGE = re.compile(rf"({_NUMBER})\s+to\s+({_NUMBER})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Expectation:
    """An interval, open at infinite ends.

    Parameters
    ----------
    low, high : float
        Ends; a finite end of a range belongs to it, a lone bound does not.
    strict : bool
        Whether the finite end is excluded.
    """

    low: float = -math.inf
    high: float = math.inf
    strict: bool = False

    @classmethod
    def parse(cls, text: str) -> "Expectation":
        """Read an expectation.

        Raises
        ------
        ValueError
            If it is not of the form ``> 1``, ``< 1`` or ``1 to 2``.
        """
        plain = str(text).strip()
        if found := _BOUND.fullmatch(plain):
            bound = float(found[2])
            return (
                cls(low=bound, strict=True)
                if found[1] == ">"
                else cls(high=bound, strict=True)
            )
        if found := _RANGE.fullmatch(plain):
            low, high = float(found[1]), float(found[2])
            if low > high:
                raise ValueError(f"the range {plain!r} runs backward")
            return cls(low=low, high=high)
        raise ValueError(f"write '> 1', '< 1' or '1 to 2', got {plain!r}")

    def holds(self, value: float) -> bool:
        """Tell whether a value meets the expectation; NaN never does."""
        if math.isnan(value):
            return False
        if self.strict:
            # Beyond every dose is above every bound: infinity may hold.
            above = math.isinf(self.low) or value > self.low
            return above and (math.isinf(self.high) or value < self.high)
        return self.low <= value <= self.high

    def write(self, value: float) -> str:
        """Write a value with three digits, or as many more as tell it from a bound."""
        ends = {self.low, self.high} - {value}
        texts = (f"{value:.{digits}g}" for digits in range(3, 18))
        return next(
            text
            for text in texts
            if float(text) not in ends and self.holds(float(text)) is self.holds(value)
        )

    def __str__(self) -> str:
        """Write the expectation as it is read."""
        if math.isinf(self.high):
            return f"> {self.low:g}"
        if math.isinf(self.low):
            return f"< {self.high:g}"
        return f"{self.low:g} to {self.high:g}"

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Let pydantic read the text of a file."""
        return core_schema.no_info_plain_validator_function(
            lambda given: given if isinstance(given, cls) else cls.parse(given),
            serialization=core_schema.plain_serializer_function_ser_schema(str),
        )
