"""Words that several storeys share, spelled once."""

from enum import StrEnum

__all__ = ["Criteria", "Response", "Site", "Target"]


class Target(StrEnum):
    """Targets that code or tests speak of; a library may hold others."""

    ESR1_SERM = "ESR1:serm"
    ESR1_SERD = "ESR1:serd"
    CYP19A1 = "CYP19A1:inhibitor"
    MTORC1_ALLOSTERIC = "MTORC1:allosteric"
    AKT = "AKT:kinase inhibitor"


class Site(StrEnum):
    """Where a metastasis grows."""

    BONE = "bone"
    NODE = "node"
    SOFT_TISSUE = "soft tissue"
    LUNG = "lung"
    LIVER = "liver"
    BREAST = "breast"


class Criteria(StrEnum):
    """Rule set by which a trial reads response and progression."""

    RECIST_1_1 = "RECIST-1.1"
    RECIST_1_0 = "RECIST-1.0"
    WHO = "WHO"


class Response(StrEnum):
    """Response of a patient at a visit, or her best one."""

    CR = "CR"
    PR = "PR"
    SD = "SD"
    NON_CR_NON_PD = "NON-CR/NON-PD"
    PD = "PD"
    NE = "NE"
