"""Comparison with libRoadRunner: speed at equal error, both measured in one run.

The peer integrates the same SBML with CVODE [1]_. An engine's error is the largest
deviation of a lane's states from Rodas5P at a relative tolerance of 1e-9, at thirteen
readouts and relative to the state's largest value; the 99th percentile over lanes
counts. Each engine runs at its loosest tolerance that keeps this error below 1e-4, and
Oestra with the faster of its two methods.

References
----------
.. [1] Welsh C, Xu J, Smith L, et al. (2023). libRoadRunner 2.0: a high performance SBML
   simulation and analysis library. Bioinformatics 39:btac770.
   doi:10.1093/bioinformatics/btac770.
"""

import importlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import libsbml
import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.solve.compile import compile_model
from oestra.solve.kernel import Kernel
from oestra.solve.model import OdeModel
from oestra.solve.pulses import Kinetics, dose_names, pulsed
from oestra.solve.schedule import Schedule
from oestra.solve.tableau import TABLEAUS

__all__ = ["Comparison", "Doses", "compare"]

Floats = NDArray[np.float64]
READOUTS = 13
REFERENCE_RTOL = 1e-9
GOAL = 1e-4
"""Error both engines must keep."""
PEER_RTOLS = tuple(float(rtol) for rtol in np.logspace(-4.0, -7.0, 19))
PEER_ATOL = 1e-9
OUR_RTOLS = tuple(float(rtol) for rtol in np.logspace(-3.0, -6.0, 31))
FLOOR = 1e-3
"""Added to the size of a state, so that what is nearly zero does not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doses:
    """Repeated doses of some inputs.

    Parameters
    ----------
    kinetics : mapping of str to Kinetics
        Scalar kinetics of each input, a parameter of the model.
    amounts : mapping of str to float
        Dose of each.
    interval : float
        Time between doses.
    """

    kinetics: Mapping[str, Kinetics]
    amounts: Mapping[str, float]
    interval: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Speed and error of both engines on the same lanes.

    Parameters
    ----------
    ratio : float or None
        Peer's processor time per lane over ours; None if it could not be measured.
    reason : str
        Why it could not, empty otherwise.
    error_p99, peer_error_p99 : float or None
        99th percentile of the error over the lanes both ran.
    seconds, peer_seconds : float or None
        Processor time per lane on one core.
    rtol : float or None
        Our relative tolerance.
    peer_failed : int
        Lanes the peer gave up.
    """

    ratio: float | None
    reason: str = ""
    error_p99: float | None = None
    peer_error_p99: float | None = None
    seconds: float | None = None
    peer_seconds: float | None = None
    rtol: float | None = None
    peer_failed: int = 0


def compare(
    model: OdeModel,
    sbml: str,
    p: Floats,
    *,
    end: float = 730.0,
    peer_lanes: int = 16,
    doses: Doses | None = None,
) -> Comparison:
    """Run an ensemble here and with libRoadRunner.

    Parameters
    ----------
    model : OdeModel
        The model.
    sbml : str
        The same model as SBML; its states start from the same values.
    p : ndarray, shape (lanes, m)
        Parameters.
    end : float
        Length of the run.
    peer_lanes : int
        How many of the lanes the peer runs.
    doses : Doses, optional
        Doses to be resolved one by one; none for constant parameters.

    Returns
    -------
    Comparison
        Ratio and errors; a reason instead where the peer is not installed.
    """
    try:
        peer = _Peer(_installed(), sbml, model, doses)
    except InputError as error:
        return Comparison(ratio=None, reason=str(error))
    ours = _Ours(model, p, end, doses)
    few = slice(0, peer_lanes)
    reference = ours.run(REFERENCE_RTOL, few)[1]
    theirs = _peer_match(peer, p[few], end, reference)
    if theirs is None:
        return Comparison(ratio=None, reason="libRoadRunner kept no lane to 1e-4.")
    peer_seconds, peer_error, kept = theirs
    fair = [ours.match(method, few, reference) for method in TABLEAUS]
    timed = [
        (min(ours.run(rtol, method=method)[0] for _ in range(3)) / len(p), rtol, error)
        for method, (rtol, error) in zip(TABLEAUS, fair, strict=True)
        if error <= GOAL
    ]
    if not timed:
        return Comparison(ratio=None, reason="No tolerance kept the error to 1e-4.")
    seconds, rtol, error = min(timed)
    return Comparison(
        ratio=peer_seconds / seconds,
        error_p99=error,
        peer_error_p99=peer_error,
        seconds=seconds,
        peer_seconds=peer_seconds,
        rtol=rtol,
        peer_failed=len(reference) - kept,
    )


def _peer_match(
    peer: "_Peer", p: Floats, end: float, reference: Floats
) -> tuple[float, float, int] | None:
    """Return the peer's time per lane, its error, and how many lanes it finished."""
    for rtol in PEER_RTOLS:
        began = time.process_time()
        paths = [peer.run(row, end, rtol) for row in p]
        seconds = (time.process_time() - began) / len(paths)
        kept = [k for k, path in enumerate(paths) if path is not None]
        if kept:
            found = np.stack([path for path in paths if path is not None])
            error = _p99(found, reference[kept])
            if error <= GOAL:
                return seconds, error, len(kept)
    return None


def _p99(found: Floats, reference: Floats) -> float:
    size = np.max(np.abs(reference), axis=1, keepdims=True) + FLOOR
    errors = np.abs(found - reference) / size
    return float(np.quantile(np.max(errors, axis=(1, 2)), 0.99))


def _installed() -> ModuleType:
    try:
        return importlib.import_module("roadrunner")
    except ImportError as error:
        raise InputError(
            "libRoadRunner is not installed; install oestra[peers] to compare."
        ) from error


class _Ours:
    """The ensemble in this engine, on one thread."""

    def __init__(
        self, model: OdeModel, p: Floats, end: float, doses: Doses | None
    ) -> None:
        self.options: dict[str, Any] = {"threads": 1, "max_steps": 10_000_000}
        self.options["at"] = np.linspace(0.0, end, READOUTS)
        jumps = {}
        names = model.states
        if doses is None:
            self.options |= {"t0": 0.0, "t1": end}
        else:
            inputs = {name: len(k.rates) for name, k in doses.kinetics.items()}
            model, jumps = pulsed(model, inputs)
            p = _with_kinetics(model, p, doses)
            count = round(end / doses.interval)
            amounts = [doses.amounts[name] for name in inputs]
            self.options["schedule"] = Schedule(
                times=np.linspace(0.0, end, count + 1),
                names=dose_names(list(inputs)),
                values=np.tile(amounts, (count, 1)),
            )
        self.kernel: Kernel = compile_model(model, names, jumps=jumps)
        self.p = p
        self.y = np.tile(model.initial, (len(p), 1))

    def run(
        self, rtol: float, lanes: slice = slice(None), method: str = "rodas5p"
    ) -> tuple[float, Floats]:
        """Return the processor time and the readouts."""
        began = time.process_time()
        result = self.kernel.advance(
            self.y[lanes],
            self.p[lanes],
            rtol=rtol,
            atol=rtol * 1e-3,
            method=method,
            **self.options,
        )
        return time.process_time() - began, result.outputs

    def match(
        self, method: str, lanes: slice, reference: Floats
    ) -> tuple[float, float]:
        """Return the loosest tolerance that keeps the error, and that error."""
        error = float("inf")
        for rtol in OUR_RTOLS:
            error = _p99(self.run(rtol, lanes, method)[1], reference)
            if error <= GOAL:
                return rtol, error
        return OUR_RTOLS[-1], error


def _with_kinetics(model: OdeModel, p: Floats, doses: Doses) -> Floats:
    wide = np.tile(model.values, (len(p), 1))
    wide[:, : p.shape[1]] = p
    for name, kinetics in doses.kinetics.items():
        wide[:, model.parameters.index(name)] = 0.0
        for key, value in kinetics.parameters(name).items():
            wide[:, model.parameters.index(key)] = value
    return wide


class _Peer:
    """The model in libRoadRunner, with CVODE."""

    def __init__(
        self, module: ModuleType, sbml: str, model: OdeModel, doses: Doses | None
    ) -> None:
        self.doses = doses
        self.engine = module.RoadRunner(_with_curves(sbml, doses) if doses else sbml)
        species = set(self.engine.model.getFloatingSpeciesIds())
        self.engine.timeCourseSelections = [
            f"[{name}]" if name in species else name for name in model.states
        ]
        settable = set(self.engine.model.getGlobalParameterIds())
        settable -= set(doses.kinetics if doses else ())
        self.columns = [
            (k, name) for k, name in enumerate(model.parameters) if name in settable
        ]
        integrator = self.engine.getIntegrator()
        # A vector of absolute tolerances: with a single one CVODE fails on some cells.
        integrator.absolute_tolerance = [PEER_ATOL] * len(model.states)
        integrator.maximum_num_steps = 10_000_000

    def run(self, p: Floats, end: float, rtol: float) -> Floats | None:
        """Return the readouts of one lane, None if the peer gives up."""
        self.engine.resetAll()
        self.engine.getIntegrator().relative_tolerance = rtol
        for k, name in self.columns:
            self.engine[name] = p[k]
        try:
            if self.doses is None:
                return np.array(self.engine.simulate(0.0, end, READOUTS))
            return self._run_doses(self.doses, end)
        except RuntimeError:
            return None

    def _run_doses(self, doses: Doses, end: float) -> Floats:
        readouts = np.linspace(0.0, end, READOUTS)
        rows: list[Floats] = []
        amplitudes = {name: 0.0 * k.weights for name, k in doses.kinetics.items()}
        for k in range(round(end / doses.interval)):
            start, stop = k * doses.interval, (k + 1) * doses.interval
            for name, kinetics in doses.kinetics.items():
                decay = np.exp(-kinetics.rates * doses.interval)
                fresh = kinetics.weights * doses.amounts[name]
                amplitudes[name] = amplitudes[name] * decay + fresh
                for term, value in enumerate(amplitudes[name]):
                    self.engine[f"{name}_a{term}"] = value
            self.engine["last_dose"] = start
            inside = readouts[(readouts > start) & (readouts <= stop)]
            times = np.unique([start, *inside, stop])
            path = np.array(self.engine.simulate(times=list(times)))
            if k == 0:
                rows.append(path[0])
            rows += [path[list(times).index(t)] for t in inside]
        return np.array(rows)


def _with_curves(sbml: str, doses: Doses) -> str:
    """Turn inputs of an SBML model into sums of exponentials since the last dose."""
    document = libsbml.readSBMLFromString(sbml)
    model = document.getModel()

    def number(name: str, value: float) -> None:
        new = model.createParameter()
        new.setId(name)
        new.setConstant(False)
        new.setValue(value)

    number("last_dose", 0.0)
    for name, kinetics in doses.kinetics.items():
        parts = []
        for k, rate in enumerate(kinetics.rates):
            number(f"{name}_a{k}", 0.0)
            parts.append(f"{name}_a{k} * exp(-{float(rate)!r} * (time - last_dose))")
        model.getParameter(name).setConstant(False)
        rule = model.createAssignmentRule()
        rule.setVariable(name)
        rule.setMath(libsbml.parseL3Formula(" + ".join(parts)))
    return libsbml.writeSBMLToString(document)
