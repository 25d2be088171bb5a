"""Experiments on the reference cell that pin what trials cannot see."""

import numpy as np
from numpy.typing import NDArray

from oestra.core.parameter_set import ParameterSet
from oestra.network.cell import Cell, cell

__all__ = ["measure_cells"]

Array = NDArray[np.float64]
_DOSES_NM = np.logspace(-5, 1, 37)
_FULL_NM, _ABSENT = 1.0, 1e9
_DEPRIVED_DAYS, _SHORT_DAYS = 180.0, 5.0


def _run(model: Cell, p: Array, y: Array, days: float) -> Array:
    return model.kernel.advance(y, p, 0.0, days, rtol=1e-5, atol=1e-8).y


def _ec50(model: Cell, p: Array, y: Array) -> float:
    """Return the estradiol concentration of half the rise in output, nM."""
    p = np.repeat(p, len(_DOSES_NM), axis=0)
    p[:, model.column("e2_medium")] = _DOSES_NM
    y = _run(model, p, np.repeat(y, len(_DOSES_NM), axis=0), _SHORT_DAYS)
    out = model.kernel.evaluate(y, p)[:, model.output("ere_output")]
    low, high = out[0], out.max()
    level = (out - low) / max(high - low, 1e-9)
    top = int(np.argmax(level >= 0.5))
    return float(np.exp(np.interp(0.5, level[: top + 1], np.log(_DOSES_NM[: top + 1]))))


def measure_cells(parameters: ParameterSet) -> dict[str, float]:
    """Measure the reference cell in culture.

    Parameters
    ----------
    parameters : ParameterSet
        The model's parameters.

    Returns
    -------
    dict of str to float
        Measures by name, as ``facts.yaml`` calls them.
    """
    model = cell()
    own = {k: v for k, v in parameters.items() if k in model.parameters}
    full = model.parameter_array(1, own)
    full[:, model.column("load_cyp19a1")] = _ABSENT
    full[:, model.column("e2_other_source")] = 0.0
    full[:, model.column("e2_medium")] = _FULL_NM
    start = np.asarray(model.model.initial_states(full[0]))[None]
    grown = _run(model, full, start, 365.0)
    none = full.copy()
    none[:, model.column("e2_medium")] = 0.0
    week = _run(model, none, grown, 7.0)
    deprived = _run(model, none, grown, _DEPRIVED_DAYS)
    everolimus = full.copy()
    everolimus[:, model.column("load_mtorc1_allosteric")] = 10.0

    def seen(y: Array, p: Array, name: str) -> float:
        return float(model.kernel.evaluate(y, p)[0, model.output(name)])

    treated = _run(model, everolimus, grown, 2.0)
    naive = _ec50(model, none, week)
    return {
        "ec50_pm": 1000.0 * naive,
        "er_deprived_fold": seen(_run(model, none, grown, 28.0), none, "er_total")
        / seen(grown, full, "er_total"),
        "akt_everolimus_fold": seen(treated, everolimus, "akt")
        / seen(grown, full, "akt"),
        "ltd_ec50_fold": _ec50(model, none, deprived) / naive,
    }
