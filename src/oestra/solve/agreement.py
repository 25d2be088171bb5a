"""Agreement of one SBML model here, in libRoadRunner [1]_ and in COPASI [2]_.

Each engine integrates from zero at the same tight tolerances. Compared are the
concentrations of all species that change and the values of all else that has a rate; a
deviation is relative to the largest size of that quantity in either course.

References
----------
.. [1] Welsh C, Xu J, Smith L, et al. (2023). libRoadRunner 2.0: a high performance SBML
   simulation and analysis library. Bioinformatics 39:btac770.
   doi:10.1093/bioinformatics/btac770.
.. [2] Hoops S, Sahle S, Gauges R, et al. (2006). COPASI: a COmplex PAthway SImulator.
   Bioinformatics 22:3067-3074. doi:10.1093/bioinformatics/btl485.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.solve.sbml import SbmlModel, read_sbml
from oestra.solve.sbml.content import Kind
from oestra.solve.settings import Settings
from oestra.solve.simulation import simulate

__all__ = ["ENGINES", "Agreement", "compare_engines"]

Floats = NDArray[np.float64]
Courses = dict[str, Floats]
RTOL, ATOL = 1e-9, 1e-14
_MOST_STEPS = 1_000_000
_NEGLIGIBLE = 1e-12
"""Size below which a quantity counts as zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far engines deviate from each other.

    Parameters
    ----------
    model : str
        Name of the file.
    quantities : int
        How many courses were compared.
    deviations : dict of (str, str) to float
        Largest relative deviation of each pair of engines that both ran.
    worst : dict of (str, str) to str
        In which quantity.
    failures : dict of str to str
        Why an engine gave no courses.
    """

    model: str
    quantities: int
    deviations: dict[tuple[str, str], float]
    worst: dict[tuple[str, str], str]
    failures: dict[str, str]


def compare_engines(
    path: str | Path, *, until: float = 100.0, points: int = 50
) -> Agreement:
    """Run a model in every engine that is installed and can.

    Parameters
    ----------
    path : str or Path
        A file of SBML.
    until : float
        Last time, in the model's unit.
    points : int
        Intervals between compared times.

    Returns
    -------
    Agreement
        Deviations and failures.

    Raises
    ------
    InputError
        If the model cannot be used here.
    """
    path = Path(path)
    model = read_sbml(path)
    names = _names(model)
    found: dict[str, Courses] = {}
    failures: dict[str, str] = {}
    for engine, run in ENGINES.items():
        try:
            found[engine] = run(path, names, until, points)
        # Peers are written in C++ and raise what they like.
        except Exception as error:  # noqa: BLE001
            failures[engine] = " ".join(str(error).split())[:200] or repr(error)
    deviations: dict[tuple[str, str], float] = {}
    worst: dict[tuple[str, str], str] = {}
    for pair in combinations(found, 2):
        one, two = (found[engine] for engine in pair)
        errors = {name: _deviation(one[name], two[name]) for name in names}
        worst[pair] = max(errors, key=lambda name: errors[name], default="")
        deviations[pair] = errors.get(worst[pair], 0.0)
    return Agreement(
        model=path.name,
        quantities=len(names),
        deviations=deviations,
        worst=worst,
        failures=failures,
    )


def _names(model: SbmlModel) -> list[str]:
    """Return what changes by a rate and is kept in every engine."""
    kinds = {name: symbol.kind for name, symbol in model.symbols.items()}
    return [name for name in model.ode.states if kinds[name] is not Kind.STOICHIOMETRY]


def _deviation(one: Floats, two: Floats) -> float:
    size = max(np.max(np.abs(one)), np.max(np.abs(two)))
    if size < _NEGLIGIBLE:
        return 0.0
    deviation = np.max(np.abs(one - two)) / size
    return float(deviation) if np.isfinite(deviation) else float("inf")


def _ours(path: Path, names: list[str], until: float, points: int) -> Courses:
    model = read_sbml(path)
    species = [n for n in names if model.symbols[n].kind is Kind.SPECIES]
    outputs = {n: f"concentration({n})" if n in species else n for n in names}
    settings = Settings(rtol=RTOL, atol=ATOL, threads=1, max_steps=_MOST_STEPS)
    result = simulate(
        model,
        until,
        points=points,
        outputs=list(outputs.values()),
        settings=settings,
    )
    if result.failures():
        (outcome,) = result.failures()
        raise InputError(f"{outcome.name}: {outcome.advice}")
    return {name: result[output][0] for name, output in outputs.items()}


def _roadrunner(path: Path, names: list[str], until: float, points: int) -> Courses:
    module = importlib.import_module("roadrunner")
    module.Logger.setLevel(module.Logger.LOG_FATAL)
    engine = module.RoadRunner(str(path))
    species = {
        *engine.model.getFloatingSpeciesIds(),
        *engine.model.getBoundarySpeciesIds(),
    }
    engine.timeCourseSelections = [f"[{n}]" if n in species else n for n in names]
    integrator = engine.getIntegrator()
    integrator.relative_tolerance = RTOL
    integrator.absolute_tolerance = ATOL
    integrator.maximum_num_steps = _MOST_STEPS
    table = np.array(engine.simulate(0.0, until, points + 1))
    return dict(zip(names, table.T, strict=True))


def _copasi(path: Path, names: list[str], until: float, points: int) -> Courses:
    basico = importlib.import_module("basico")
    model = basico.load_model(str(path))
    if model is None:
        raise InputError("COPASI does not read it.")
    try:
        table = basico.run_time_course(
            start_time=0,
            duration=until,
            intervals=points,
            automatic=False,
            method="deterministic",
            r_tol=RTOL,
            a_tol=ATOL,
            max_steps=_MOST_STEPS,
            use_sbml_id=True,
            model=model,
        )
    finally:
        basico.remove_datamodel(model)
    missing = [name for name in names if name not in table.columns]
    if missing or len(table) != points + 1:
        what = f"no course of {missing[0]}" if missing else "stopped before the end"
        raise InputError(f"COPASI: {what}.")
    return {name: table[name].to_numpy(dtype=float) for name in names}


ENGINES: Mapping[str, Callable[[Path, list[str], float, int], Courses]] = {
    "Oestra": _ours,
    "libRoadRunner": _roadrunner,
    "COPASI": _copasi,
}
"""Engines by name."""
