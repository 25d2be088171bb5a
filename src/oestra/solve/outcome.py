"""How the integration of a lane ended, with advice."""

from enum import IntEnum

__all__ = ["Outcome"]


class Outcome(IntEnum):
    """How a lane ended; the advice says what to do about it."""

    REACHED_END = 0, "The lane reached the end of its interval."
    STEP_LIMIT = (
        1,
        "Raise max_steps or loosen rtol; and look for rates that push a state back "
        "over a threshold from both sides, which takes steps without end: one "
        "threshold to turn on and another to turn off ends that.",
    )
    NON_FINITE = (
        2,
        "A rate is infinite or not a number: look for a division by zero, the "
        "logarithm of a negative number, or a parameter that is negative, missing, "
        "infinite or far too large.",
    )
    STEP_TOO_SMALL = (
        3,
        "The step size fell below rounding error: look for a jump in the right-hand "
        "side, or loosen rtol and atol.",
    )
    OSCILLATING = (
        4,
        "The lane reached its end, but oscillates without settling; averages over a "
        "period mean more than end points.",
    )
    NEGATIVE_ROOT = (
        5,
        "A root or a power that is not whole is that of a negative number: look for a "
        "quantity that should not fall below zero, or write max(0, ...) if it may.",
    )

    ENDLESS_EVENTS = (
        6,
        "Events fire each other without end at one instant, or too many of them wait "
        "for their delays: look for triggers that their own changes renew.",
    )

    def __new__(cls, code: int, advice: str) -> "Outcome":
        """Make a member from its code and advice."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.advice = advice
        return member

    advice: str

    @property
    def usable(self) -> bool:
        """Whether the end state of the lane means something."""
        return self in (Outcome.REACHED_END, Outcome.OSCILLATING)
