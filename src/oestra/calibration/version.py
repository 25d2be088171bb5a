"""The version of the fit: ``python -m oestra.calibration.version`` declares it.

To be run after every edit of code that a fit depends on, patients, trials and search
included; see `oestra.core.declared`.
"""

import sys

import numpy as np

from oestra.calibration.free import free_parameters
from oestra.calibration.objective import Objective
from oestra.core.declared import Declaration, Golden
from oestra.model.belonging import fit_data
from oestra.model.parameters import prior_parameters

__all__ = ["FITS"]

_PATIENTS, _MOST, _SEED = 150, 40, 11


def _golden() -> Golden:
    """Compare the prior with all evidence, in a few patients."""
    objective = Objective.of_trials(
        free_parameters(),
        prior_parameters(),
        patients=_PATIENTS,
        most=_MOST,
        draws=1,
        seed=_SEED,
    )
    found = objective.evaluate(np.zeros(len(objective.free)))
    value = dict(zip(found.names, found.value.tolist(), strict=True))
    return Golden(values={name: float(f"{v:.9g}") for name, v in value.items()})


FITS = Declaration(
    "oestra.calibration",
    ("oestra.calibration.fit", "oestra.calibration.objective"),
    _golden,
    fit_data,
)
"""What a fit depends on."""


if __name__ == "__main__":
    print(FITS.declare(solver="--solver" in sys.argv[1:]))  # noqa: T201
