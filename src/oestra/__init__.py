"""Virtual trials of endocrine resistance, from the cell to the hazard ratio.

Everything a script needs stands here and is loaded when first used:

>>> import oestra
>>> str(oestra.Regimen.parse("everolimus 10 mg daily"))
'everolimus 10 mg daily'
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oestra.core.deprecation import Deprecated
    from oestra.core.errors import InputError, OestraError
    from oestra.core.library import Library, library_of
    from oestra.core.quantity import Origin, Quantity
    from oestra.core.streams import Streams
    from oestra.culture.cell_result import CellResult
    from oestra.culture.experiment import run_cell
    from oestra.drugs.load import find_drug
    from oestra.drugs.regimen import Regimen
    from oestra.evidence.published import published
    from oestra.history.cohort import Cohort
    from oestra.history.patient import follow_patient
    from oestra.history.store import load_cohort, load_cohorts
    from oestra.model.parameters import best_parameters, ensemble_parameters
    from oestra.network.cell import composed_sbml
    from oestra.solve.simulation import simulate
    from oestra.trial.design import TrialDesign
    from oestra.trial.designs import find_design, read_design
    from oestra.trial.patient_response import PatientResponse, best_response
    from oestra.trial.result import TrialResult
    from oestra.trial.run import run_trial

__all__ = [
    "CellResult",
    "Cohort",
    "InputError",
    "Library",
    "OestraError",
    "Origin",
    "PatientResponse",
    "Quantity",
    "Regimen",
    "Streams",
    "TrialDesign",
    "TrialResult",
    "best_parameters",
    "best_response",
    "composed_sbml",
    "ensemble_parameters",
    "find_design",
    "find_drug",
    "follow_patient",
    "library_of",
    "load_cohort",
    "load_cohorts",
    "published",
    "read_design",
    "run_cell",
    "run_trial",
    "simulate",
]

_PLACES = {
    "CellResult": "oestra.culture.cell_result",
    "Cohort": "oestra.history.cohort",
    "InputError": "oestra.core.errors",
    "Library": "oestra.core.library",
    "OestraError": "oestra.core.errors",
    "Origin": "oestra.core.quantity",
    "PatientResponse": "oestra.trial.patient_response",
    "Quantity": "oestra.core.quantity",
    "Regimen": "oestra.drugs.regimen",
    "Streams": "oestra.core.streams",
    "TrialDesign": "oestra.trial.design",
    "TrialResult": "oestra.trial.result",
    "best_parameters": "oestra.model.parameters",
    "best_response": "oestra.trial.patient_response",
    "ensemble_parameters": "oestra.model.parameters",
    "find_design": "oestra.trial.designs",
    "find_drug": "oestra.drugs.load",
    "follow_patient": "oestra.history.patient",
    "library_of": "oestra.core.library",
    "load_cohort": "oestra.history.store",
    "load_cohorts": "oestra.history.store",
    "published": "oestra.evidence.published",
    "read_design": "oestra.trial.designs",
    "run_cell": "oestra.culture.experiment",
    "run_trial": "oestra.trial.run",
    "composed_sbml": "oestra.network.cell",
    "simulate": "oestra.solve.simulation",
}

_DEPRECATED: "dict[str, Deprecated]" = {}
"""Names that were public and go, with the public name instead of each."""


def __getattr__(name: str) -> object:
    """Load a public name when it is first used; of one that goes, its successor."""
    if name in _DEPRECATED:
        from oestra.core.deprecation import warn_deprecated  # noqa: PLC0415 - rare

        how = _DEPRECATED[name]
        warn_deprecated(f"oestra.{name}", how)
        name = how.instead.removeprefix("oestra.")
    if name not in _PLACES:
        raise AttributeError(f"module 'oestra' has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
