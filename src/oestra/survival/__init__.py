"""Survival statistics as small typed records; what cannot be estimated says why."""

from oestra.survival.cox import CoxResult, cox, hazard_ratio
from oestra.survival.kaplan_meier import KaplanMeier, kaplan_meier
from oestra.survival.log_rank import FlemingHarrington, LogRank, log_rank
from oestra.survival.product_limit import ProductLimit, product_limit
from oestra.survival.proportion import Proportion, clopper_pearson
from oestra.survival.restricted_mean import (
    RestrictedMean,
    restricted_mean,
    restricted_mean_difference,
    restricted_mean_time,
)

__all__ = [
    "CoxResult",
    "FlemingHarrington",
    "KaplanMeier",
    "LogRank",
    "ProductLimit",
    "Proportion",
    "RestrictedMean",
    "clopper_pearson",
    "cox",
    "hazard_ratio",
    "kaplan_meier",
    "log_rank",
    "product_limit",
    "restricted_mean",
    "restricted_mean_difference",
    "restricted_mean_time",
]
