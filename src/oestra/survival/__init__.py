"""Survival statistics as small typed records; what cannot be estimated says why."""

from oestra.survival.cox import CoxResult, cox, hazard_ratio
from oestra.survival.kaplan_meier import KaplanMeier, kaplan_meier
from oestra.survival.log_rank import LogRank, log_rank
from oestra.survival.product_limit import (
    ProductLimit,
    product_limit,
    restricted_mean,
)
from oestra.survival.proportion import Proportion, clopper_pearson

__all__ = [
    "CoxResult",
    "KaplanMeier",
    "LogRank",
    "ProductLimit",
    "Proportion",
    "clopper_pearson",
    "cox",
    "hazard_ratio",
    "kaplan_meier",
    "log_rank",
    "product_limit",
    "restricted_mean",
]
