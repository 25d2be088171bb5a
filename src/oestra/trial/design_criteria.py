"""Every criterion of a design, wherever it stands."""

from oestra.trial.design import TrialDesign

__all__ = ["criteria_of"]


def criteria_of(design: TrialDesign) -> tuple[str, ...]:
    """Return the text of every criterion of a design, definitions among them.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    """
    return (
        *design.eligibility,
        *design.strata,
        *design.definitions.values(),
        *design.subgroups.values(),
        *(group.where for group in design.groups.values()),
        *(o.where for arm in design.arms for o in arm.choice if o.where),
        *(part for mix in design.case_mix for part in (mix.where, mix.within) if part),
    )
