"""What chance makes of a course: new lesions, symptoms, death."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from oestra.core.parameter_set import ParameterSet
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.course.death import background_death, fatal_log_cells
from oestra.course.integrate import Trajectory
from oestra.tumor.spread import new_lesion_risk

__all__ = ["Course", "Follow"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The course of n patients under a regimen, before its events are drawn.

    Parameters
    ----------
    parameters : ParameterSet
        The model's parameters.
    ids : ndarray of int, shape (n,)
        Patient numbers, which key their draws.
    days : ndarray, shape (T,)
        Output days from randomization, 0 first.
    log_volume : ndarray of float32, shape (n, L, T)
        Natural log of lesion volume in mm³, ``-inf`` where there is no lesion; on day
        0 that of the baseline scan, read some weeks before.
    site : ndarray of int8, shape (n, L)
        Position in ``list(Site)``, -1 where there is no lesion.
    measurable : ndarray of bool, shape (n, L)
        Lesions that can be measured at baseline.
    total : ndarray, shape (n, T)
        Log of all cells.
    ki67 : ndarray, shape (n, T)
        Share of cycling cells in percent.
    fdg_uptake : ndarray, shape (n, T)
        Uptake of FDG by a volume of tumor, in units of its own: cells times their
        glucose transporters over volume. 0 where there is no volume.
    clone_log_cells : ndarray of float32, shape (n, clones, T)
        Natural logs of clones' cell numbers, ``-inf`` for none.
    audit : dict
        Lanes integrated and lanes lost.
    kept : Trajectory or None
        States of the clones, where they were asked for.
    """

    parameters: ParameterSet
    ids: NDArray[np.int64]
    days: Array
    log_volume: NDArray[np.float32]
    site: NDArray[np.int8]
    measurable: NDArray[np.bool_]
    total: Array
    ki67: Array
    fdg_uptake: Array
    clone_log_cells: NDArray[np.float32]
    audit: dict[str, int]
    kept: Trajectory | None = None

    def realize(self, streams: Streams) -> "Follow":
        """Return what happens to these patients with one draw of chance.

        Parameters
        ----------
        streams : Streams
            Source of chance; a patient has the same draws in every arm.

        Returns
        -------
        Follow
            Courses with their events.
        """
        known = {each.name: getattr(self, each.name) for each in fields(Course)}
        new_lesion = self._new_lesion_day(streams)
        return Follow(
            **known,
            new_lesion_day=new_lesion,
            symptom_day=self._symptom_day(new_lesion, streams),
            death_day=self._death_day(streams),
        )

    def _new_lesion_day(self, streams: Streams) -> Array:
        total, days = self.total, self.days
        risk = new_lesion_risk(
            total[:, :-1], total[:, 1:], np.diff(days), self.parameters
        )
        none = np.zeros((len(total), 1))
        cumulative = np.concatenate([none, np.cumsum(risk, axis=1)], axis=1)
        threshold = streams.exponential(Stream.NEW_LESION, self.ids)[:, 0]
        return _hazard_day(days, cumulative, threshold)

    def _symptom_day(self, new_lesion: Array, streams: Streams) -> Array:
        """Return when progression is felt: much growth, or a new lesion that hurts."""
        p, days = self.parameters, self.days
        nadir = np.minimum.accumulate(self.total, axis=1)
        with np.errstate(invalid="ignore"):
            felt = np.nan_to_num(self.total - nadir) > p["symptom_log_growth"]
        grown = np.where(felt.any(axis=1), days[felt.argmax(axis=1)], np.inf)
        u = streams.uniform(Stream.SYMPTOM, self.ids, 2)
        delay = -np.log(u[:, 1]) * p["symptom_noise_days"]
        declared = np.where(u[:, 0] < p["symptom_share"], new_lesion + delay, np.inf)
        return np.minimum(grown, declared)

    def _death_day(self, streams: Streams) -> Array:
        days = self.days
        other = background_death(self.ids, self.parameters, streams)
        fatal = self.total > fatal_log_cells(self.parameters)
        burden = np.where(fatal.any(axis=1), days[fatal.argmax(axis=1)], np.inf)
        return np.minimum(np.where(other <= days[-1], other, np.inf), burden)


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow(Course):
    """A course and what happened in it.

    Parameters
    ----------
    new_lesion_day, symptom_day, death_day : ndarray, shape (n,)
        First new lesion, first symptom of progression, death; ``inf`` for none.
    """

    new_lesion_day: Array
    symptom_day: Array
    death_day: Array


def _hazard_day(days: Array, cumulative: Array, threshold: Array) -> Array:
    """Return when a cumulative hazard passes a threshold, between output days."""
    passed = cumulative >= threshold[:, None]
    hit = passed.any(axis=1)
    index = np.maximum(passed.argmax(axis=1), 1)
    rows = np.arange(len(threshold))
    before, after = cumulative[rows, index - 1], cumulative[rows, index]
    share = (threshold - before) / np.maximum(after - before, 1e-300)
    day = days[index - 1] + np.clip(share, 0.0, 1.0) * (days[index] - days[index - 1])
    return np.where(hit, day, np.inf)
