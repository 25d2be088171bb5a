"""Which parameter of the cell each drug target is, and how tissue exposure scales."""

from dataclasses import dataclass

from oestra.core.vocabulary import Target

__all__ = ["LEVERS", "Lever"]


@dataclass(frozen=True, slots=True)
class Lever:
    """Where a drug takes hold of the cell.

    Parameters
    ----------
    parameter : str
        Parameter of the cell.
    accumulation : str
        Parameter of the tumor that scales free concentration.
    kill : str
        Parameter of the cell for killing, where the drug also kills.
    capped : bool
        Whether the drug's largest effect limits how much of the target it holds; where
        the cell itself limits what holding can do, it does not.
    """

    parameter: str
    accumulation: str
    kill: str = ""
    capped: bool = True


LEVERS: dict[Target, Lever] = {
    Target.ESR1_SERM: Lever("load_esr1_serm", "accumulation_serm", capped=False),
    Target.ESR1_SERD: Lever("load_esr1_serd", "accumulation_serd", capped=False),
    Target.CYP19A1: Lever("load_cyp19a1", "accumulation_cyp19a1"),
    Target.EGFR: Lever("load_egfr", "accumulation_egfr"),
    Target.ERBB2: Lever("load_erbb2", "accumulation_erbb2"),
    Target.ERBB2_ANTIBODY: Lever(
        "block_erbb2_antibody", "accumulation_erbb2_antibody", "kill_antibody"
    ),
    Target.IGF1R: Lever("load_igf1r", "accumulation_igf1r"),
    Target.MTORC1_ALLOSTERIC: Lever(
        "load_mtorc1_allosteric", "accumulation_mtorc1", capped=False
    ),
    Target.MTOR_KINASE: Lever("load_mtor_kinase", "accumulation_mtor"),
    Target.PIK3CA: Lever("load_pik3ca", "accumulation_pi3k"),
    Target.PIK3CB: Lever("load_pik3cb", "accumulation_pi3k"),
    Target.AKT: Lever("load_akt", "accumulation_akt"),
    Target.MEK: Lever("load_mek", "accumulation_mek"),
    Target.CDK46: Lever("load_cdk46", "accumulation_cdk46"),
    Target.TUBULIN: Lever("", "accumulation_tubulin", "kill_tubulin"),
}
"""A drug enters as its load, free concentration over potency."""
