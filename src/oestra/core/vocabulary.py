"""Words that several storeys share, spelled once."""

from enum import StrEnum

__all__ = ["Criteria", "Response", "Site", "Target"]


class Target(StrEnum):
    """What a drug can act on: HGNC symbol or complex, and how."""

    ESR1_SERM = "ESR1:serm"
    """Occupies the ligand-binding domain; partial agonist through AF-1."""
    ESR1_SERD = "ESR1:serd"
    """Occupies the ligand-binding domain and speeds degradation."""
    ESR1_AGONIST = "ESR1:agonist"
    CYP19A1 = "CYP19A1:inhibitor"
    """Aromatase, reversible or by inactivation."""
    EGFR = "EGFR:kinase inhibitor"
    ERBB2 = "ERBB2:kinase inhibitor"
    ERBB2_ANTIBODY = "ERBB2:antibody"
    """Blocks ligand-independent HER2 signaling and recruits immune cells."""
    IGF1R = "IGF1R:kinase inhibitor"
    MTORC1_ALLOSTERIC = "MTORC1:allosteric"
    """Rapalogs: FKBP12-bound, partial, spare mTORC2."""
    MTOR_KINASE = "MTOR:kinase inhibitor"
    """Both complexes."""
    PIK3CA = "PIK3CA:kinase inhibitor"
    PIK3CB = "PIK3CB:kinase inhibitor"
    AKT = "AKT:kinase inhibitor"
    MEK = "MEK:kinase inhibitor"
    CDK46 = "CDK4/6:kinase inhibitor"
    TUBULIN = "TUBB:stabilizer"


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
