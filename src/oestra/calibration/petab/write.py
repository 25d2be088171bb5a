"""The files of a PEtab problem, version 2."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from oestra.calibration.petab.problem import PetabProblem
from oestra.calibration.petab.written import Observable, Written

__all__ = ["write_petab"]

_MODEL, _SBML, _PROBLEM = "oestra_cell", "model.xml", "problem.yaml"
_TABLES = ("parameters", "observables", "measurements", "conditions", "experiments")


def write_petab(problem: PetabProblem, folder: Path) -> None:
    """Write a problem into a folder.

    Parameters
    ----------
    problem : PetabProblem
        The problem.
    folder : Path
        Where; it exists. Gets ``problem.yaml``, ``model.xml`` and a table each of
        parameters, observables, measurements, conditions and experiments.
    """
    (folder / _SBML).write_text(problem.model, encoding="utf-8")
    rows = {
        "parameters": _parameters(problem),
        "observables": _observables(problem),
        "measurements": _measurements(problem),
        "conditions": _conditions(problem),
        "experiments": _experiments(problem),
    }
    for name, table in rows.items():
        text = "\n".join("\t".join(row) for row in table) + "\n"
        (folder / f"{name}.tsv").write_text(text, encoding="utf-8")
    (folder / _PROBLEM).write_text(_yaml(), encoding="utf-8")


def _yaml() -> str:
    lines = ["format_version: 2.0.0", "model_files:", f"  {_MODEL}:"]
    lines += [f"    location: {_SBML}", "    language: sbml"]
    for name in _TABLES:
        lines += [f"{name.removesuffix('s')}_files:", f"- {name}.tsv"]
    return "\n".join(lines) + "\n"


_Rows = Iterable[Sequence[str]]


def _parameters(problem: PetabProblem) -> _Rows:
    yield (
        "parameterId",
        "parameterName",
        "lowerBound",
        "upperBound",
        "nominalValue",
        "estimate",
        "priorDistribution",
        "priorParameters",
    )
    for one in problem.parameters:
        numbers = [repr(float(x)) for x in (one.low, one.high, one.nominal)]
        prior = ";".join(repr(float(x)) for x in one.of)
        yield (one.id, one.name, *numbers, "true", one.prior, prior)


def _bound_of(one: Observable) -> str:
    return f"bound_{one.id}"


def _error_of(one: Observable) -> str:
    return f"sd_{one.id}"


def _observables(problem: PetabProblem) -> _Rows:
    yield (
        "observableId",
        "observableName",
        "observableFormula",
        "observablePlaceholders",
        "noiseFormula",
        "noisePlaceholders",
        "noiseDistribution",
    )
    bounded = {w.observable.id for _, w in problem.measurements if w.bound is not None}
    found = {w.observable.id: w.observable for _, w in problem.measurements}
    for name, one in sorted(found.items()):
        bound = _bound_of(one) if name in bounded else ""
        formula = one.formula.replace(", bound)", f", {bound})")
        kind = "log-normal" if one.log else "normal"
        error = _error_of(one)
        yield (name, one.name, formula, bound, error, error, kind)


def _measurements(problem: PetabProblem) -> _Rows:
    yield (
        "observableId",
        "experimentId",
        "measurement",
        "time",
        "observableParameters",
        "noiseParameters",
        "datasetId",
    )
    for experiment, one in problem.measurements:
        yield _measurement(experiment, one)


def _measurement(experiment: str, one: Written) -> Sequence[str]:
    bound = "" if one.bound is None else repr(float(one.bound))
    number, time, error = (repr(float(x)) for x in (one.value, one.days, one.error))
    return (one.observable.id, experiment, number, time, bound, error, one.id)


def _conditions(problem: PetabProblem) -> _Rows:
    yield ("conditionId", "targetId", "targetValue")
    for name, values in problem.conditions.items():
        for target, value in values.items():
            yield (name, target, value)


def _experiments(problem: PetabProblem) -> _Rows:
    yield ("experimentId", "time", "conditionId")
    for name, periods in problem.experiments.items():
        for period in periods:
            for condition in period.conditions:
                yield (name, repr(float(period.day)), condition)
