"""The columns that eligibility, case-mix and subgroups may speak of.

One row of the decisions table is one time at which a virtual patient could enroll.
"""

from collections.abc import Mapping
from types import MappingProxyType

from oestra.core.library import SHIPPED, Kind, Library
from oestra.history.therapies import practice

__all__ = [
    "DECISION_COLUMNS",
    "DECISION_RANGES",
    "DECISION_WORDS",
    "PARTNERS",
    "decision_words",
]

DECISION_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "setting": "primary, de_novo, relapse or progression",
        "age_years": "age in years",
        "menopause": "premenopausal or postmenopausal; all are postmenopausal in a "
        "trial that does not ask",
        "er_positive": "estrogen receptor still expressed",
        "er_h_score": "estrogen receptor H-score, 0 to 300",
        "pgr_positive": "progesterone receptor positive",
        "her2_positive": "HER2 amplified or overexpressed",
        "pik3ca": "wild type, H1047R, E545K or E542K",
        "luminal_a": "luminal A, the rest luminal B",
        "pten_loss": "PTEN lost",
        "esr1_mutant": "ESR1 mutation detectable now",
        "esr1_mutant_share": "share of tumor cells with an ESR1 mutation, 0 to 1",
        "esr1_allele": "wild type, D538G, Y537S or Y537N",
        "esr1_second_allele": "the allele of the smaller clone, where two clones have "
        "one each; else wild type",
        "esr1_d538g": "D538G detectable, alone or beside another allele",
        "esr1_y537s": "the same of Y537S",
        "esr1_y537n": "the same of Y537N",
        "esr1_mutant_plasma": "ESR1 mutation called in plasma when screened",
        "esr1_mutant_tissue": "ESR1 mutation called in a biopsy when screened",
        "esr1_d538g_plasma": "D538G called in plasma when screened",
        "esr1_y537s_plasma": "Y537S called in plasma when screened",
        "esr1_y537n_plasma": "Y537N called in plasma when screened",
        "pik3ca_mutant_plasma": "PIK3CA mutation called in plasma when screened",
        "pik3ca_mutant_tissue": "PIK3CA mutation called in a biopsy when screened",
        "akt1_mutant": "AKT1 mutated",
        "cyp2d6": "PM, IM, NM or UM",
        "ki67_percent": "Ki67 in percent",
        "de_novo_stage_iv": "metastatic when first diagnosed",
        "disease_free_months": "from diagnosis to relapse",
        "adjuvant_therapy": "none, tamoxifen or nonsteroidal_ai",
        "adjuvant_months": "months of adjuvant endocrine therapy",
        "months_since_adjuvant": "since its end; 0 if relapsed on it, missing if none",
        "prior_lines": "lines of endocrine therapy for metastatic disease",
        "last_therapy": "none, tamoxifen, nonsteroidal_ai, exemestane or fulvestrant, "
        "alone or with a partner",
        "last_partner": "none, anti_her2, mtor_inhibitor, cdk46_inhibitor or "
        "pi3k_inhibitor: what was given beside the last therapy",
        "last_therapy_setting": "none, adjuvant or metastatic",
        "last_therapy_months": "how long it was taken",
        "months_since_last_therapy": "since its end",
        "last_therapy_benefit": "response or stable disease of 24 weeks on it",
        "prior_tamoxifen": "tamoxifen at any time",
        "prior_nonsteroidal_ai": "anastrozole or letrozole at any time",
        "prior_exemestane": "exemestane at any time",
        "prior_fulvestrant": "fulvestrant at any time",
        "prior_anti_her2": "trastuzumab at any time",
        "prior_mtor_inhibitor": "everolimus at any time",
        "prior_cdk46_inhibitor": "a CDK4/6 inhibitor at any time",
        "prior_pi3k_inhibitor": "alpelisib at any time",
        "tamoxifen_months": "months on it in all, adjuvant ones too; so of each class",
        "nonsteroidal_ai_months": "as above",
        "exemestane_months": "as above",
        "fulvestrant_months": "as above",
        "anti_her2_months": "as above",
        "mtor_inhibitor_months": "as above",
        "cdk46_inhibitor_months": "as above",
        "pi3k_inhibitor_months": "as above",
        "prior_chemotherapy_lines": "chemotherapies for metastatic disease",
        "visceral": "lung or liver involved",
        "liver": "liver involved",
        "lung": "lung involved",
        "bone": "bone involved",
        "bone_only": "bone is the only site",
        "measurable": "at least one lesion measurable by the criteria of the trial",
        "sites": "number of organs involved",
        "symptomatic": "symptoms of the disease",
        "ecog": "ECOG performance status now, 0 to 4",
        "life_expectancy_months": "at the pace of the tumor now, without treatment",
    }
)
"""Name and meaning of each column."""

PARTNERS = ("anti_her2", "mtor_inhibitor", "cdk46_inhibitor", "pi3k_inhibitor")
"""Classes of what histories give beside an endocrine drug."""
_THERAPIES = ("none", "tamoxifen", "nonsteroidal_ai", "exemestane", "fulvestrant")
DECISION_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "setting": ("primary", "de_novo", "relapse", "progression"),
        "menopause": ("premenopausal", "postmenopausal"),
        "pik3ca": ("wild type", "H1047R", "E545K", "E542K"),
        "esr1_allele": ("wild type", "D538G", "Y537S", "Y537N"),
        "esr1_second_allele": ("wild type", "D538G", "Y537S", "Y537N"),
        "cyp2d6": ("PM", "IM", "NM", "UM"),
        "adjuvant_therapy": ("none", "tamoxifen", "nonsteroidal_ai"),
        "last_therapy": _THERAPIES,
        "last_partner": ("none", *PARTNERS),
        "last_therapy_setting": ("none", "adjuvant", "metastatic"),
    }
)
"""What columns of words can hold."""
_MONTHS = (0.0, 1500.0)
DECISION_RANGES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "age_years": (0.0, 125.0),
        "er_h_score": (0.0, 300.0),
        "esr1_mutant_share": (0.0, 1.0),
        "ki67_percent": (0.0, 100.0),
        "disease_free_months": _MONTHS,
        "adjuvant_months": _MONTHS,
        "months_since_adjuvant": _MONTHS,
        "prior_lines": (0.0, 30.0),
        "last_therapy_months": _MONTHS,
        "months_since_last_therapy": _MONTHS,
        **{f"{name}_months": _MONTHS for name in (*_THERAPIES[1:], *PARTNERS)},
        "prior_chemotherapy_lines": (0.0, 30.0),
        "sites": (0.0, 30.0),
        "ecog": (0.0, 4.0),
        "life_expectancy_months": _MONTHS,
    }
)
"""What columns of numbers can hold at most, of any person: by definition, or wider
than a life. Columns of neither words nor numbers hold yes and no."""


def decision_words(library: Library = SHIPPED) -> Mapping[str, tuple[str, ...]]:
    """Return what columns of words can hold with the practice of a library.

    Parameters
    ----------
    library : Library
        Its own therapies bring classes of their own.

    Returns
    -------
    mapping of str to tuple of str
        As `DECISION_WORDS`.
    """
    if not library.own(Kind.PRACTICE):
        return DECISION_WORDS
    return library.once(_words)


def _words(library: Library) -> Mapping[str, tuple[str, ...]]:
    known = practice(library)
    given = {
        "last_therapy": (*_THERAPIES, *known.classes),
        "last_partner": ("none", *PARTNERS, *filter(None, known.partners)),
    }
    own = {name: tuple(dict.fromkeys(words)) for name, words in given.items()}
    return {**DECISION_WORDS, **own}
