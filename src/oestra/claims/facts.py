"""What the library of drugs and the parameters say, for the expressions of claims."""

from collections.abc import Callable
from functools import partial

from oestra.core.errors import unknown_name
from oestra.core.library import SHIPPED, Library
from oestra.core.parameter_set import ParameterSet
from oestra.drugs.cycle_occupancy import mean_occupancy
from oestra.drugs.load import find
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects
from oestra.drugs.toxicity import harm_probability

__all__ = ["fact_functions"]


def toxicity(
    drug: str,
    event: str,
    grade: str = "any",
    relative_exposure: float = 1.0,
    library: Library = SHIPPED,
) -> float:
    """Return the percentage of patients with a harm at a relative exposure."""
    harms = {
        one.event: one for one in find(drug, library).toxicities if one.grade == grade
    }
    if event not in harms:
        raise unknown_name(f"harm of grade {grade}", event, harms, where=drug)
    return 100.0 * float(harm_probability(harms[event], relative_exposure))


def discontinuation(
    drug: str, relative_exposure: float = 1.0, library: Library = SHIPPED
) -> float:
    """Return the percentage who stop a drug for harm at a relative exposure."""
    known = find(drug, library).discontinuation
    if known is None:
        return float("nan")
    return 100.0 * float(harm_probability(known, relative_exposure))


def occupancy(regimen: str, target: str, library: Library = SHIPPED) -> float:
    """Return the share of a target that a regimen of one drug holds on average."""
    (component,) = Regimen.parse(regimen, library).components
    held = mean_occupancy(component, target, PkSubjects.typical())
    return float(held[0])


def fact_functions(parameters: ParameterSet) -> dict[str, Callable[..., float]]:
    """Return what an expression may call, by name.

    Parameters
    ----------
    parameters : ParameterSet
        Parameters of the model, for ``parameter("name")``.
    """
    return {
        "toxicity": partial(toxicity, library=parameters.library),
        "discontinuation": partial(discontinuation, library=parameters.library),
        "occupancy": partial(occupancy, library=parameters.library),
        "parameter": lambda name: float(parameters[name]),
    }
