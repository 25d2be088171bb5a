"""Whole blood from plasma, for drugs that red cells bind and saturate."""

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.drugs.drug import Drug

__all__ = ["in_blood"]


def in_blood(drug: Drug, plasma: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the whole-blood concentration above a plasma concentration.

    Red cells hold a saturable and a proportional part.

    Parameters
    ----------
    drug : Drug
        A drug whose kinetics name ``binding_capacity``, ``binding_constant``,
        ``partition`` and ``hematocrit``.
    plasma : ndarray of float64
        Total plasma concentration, mg/L.

    Returns
    -------
    ndarray of float64
        Blood concentration, mg/L, same shape.

    Raises
    ------
    InputError
        If the drug's file has no binding to red cells.

    References
    ----------
    .. [1] Ter Heine R et al. (2018), everolimus population model.
    """
    given = drug.kinetics.parameters if drug.kinetics else {}
    try:
        capacity = given["binding_capacity"].value
        constant = given["binding_constant"].value
        partition = given["partition"].value
        cells = given["hematocrit"].value
    except KeyError as error:
        raise InputError(
            f"{drug.id} has no {error.args[0]}, so its level in blood is not known."
        ) from None
    bound = capacity * plasma / (constant + plasma) + partition * plasma
    return (1.0 - cells) * plasma + cells * bound
