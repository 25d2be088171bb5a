"""Responses as numbers, which arrays hold."""

from enum import IntEnum

__all__ = ["Code"]


class Code(IntEnum):
    """Response as a number, from worst known to best."""

    NE = 0
    PD = 1
    SD = 2
    NON_CR_NON_PD = 3
    PR = 4
    CR = 5
