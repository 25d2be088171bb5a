"""Facts of cells as the model has them."""

from oestra.calibration.assay import measure_culture
from oestra.calibration.fact import Fact, cell_facts
from oestra.calibration.reference_experiments import measure_cells
from oestra.core.parameter_set import ParameterSet

__all__ = ["measure_cell_facts"]


def measure_cell_facts(
    parameters: ParameterSet, rows: tuple[Fact, ...] | None = None
) -> dict[str, float]:
    """Measure facts of cells in the model.

    Parameters
    ----------
    parameters : ParameterSet
        The model's parameters.
    rows : tuple of Fact, optional
        Which; all of `cell_facts` by default.

    Returns
    -------
    dict of str to float
        Simulated value by id.
    """
    bench = measure_cells(parameters)
    return {
        fact.id: bench[fact.how["measure"]]
        if fact.kind == "cell"
        else measure_culture(fact, parameters)
        for fact in (cell_facts() if rows is None else rows)
    }
