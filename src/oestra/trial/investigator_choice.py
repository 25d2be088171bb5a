"""Which of the treatments of an arm the investigator chooses for each patient.

The choice is made for everybody before randomization, so that the arms can be compared
among the patients for whom one treatment was chosen.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.trial.criterion import evaluate
from oestra.trial.design import Arm, TrialDesign

__all__ = ["choice_members", "choice_names", "chosen", "with_option"]


def chosen(
    design: TrialDesign,
    arm: Arm,
    table: pd.DataFrame,
    patient: NDArray[np.int64],
    streams: Streams,
) -> NDArray[np.int64]:
    """Draw the treatment that is chosen for each patient.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    arm : Arm
        An arm with a choice.
    table : DataFrame, n rows
        The patients' rows of the decisions table.
    patient : ndarray of int, shape (n,)
        Numbers that key the draws.
    streams : Streams
        Source of chance of the trial.

    Returns
    -------
    ndarray of int, shape (n,)
        Number of the option. Where a patient cannot take some of them, the shares of
        the others grow in proportion.
    """
    share = np.stack(
        [
            option.percent * np.ones(len(table))
            if option.where is None
            else option.percent * evaluate(option.where, table, design.definitions)
            for option in arm.choice
        ]
    )
    edges = np.cumsum(share, axis=0)
    level = streams.uniform(Stream.CHOICE.of(arm.id), patient)[:, 0] * edges[-1]
    return (edges <= level).sum(axis=0)


def with_option(arm: Arm, number: int) -> Arm:
    """Return an arm as those of its patients take it for whom one option is chosen.

    Parameters
    ----------
    arm : Arm
        An arm with a choice.
    number : int
        Number of the option.
    """
    option = arm.choice[number]
    return arm.model_copy(
        update={
            "choice": (),
            "regimen": option.regimen,
            "duration": option.duration,
            "phases": option.phases,
        }
    )


def choice_names(design: TrialDesign) -> tuple[str, ...]:
    """Return the names of the results by choice, such as ``"TPC: fulvestrant"``."""
    return tuple(
        f"{arm.id}: {option.id}" for arm in design.arms for option in arm.choice
    )


def choice_members(
    design: TrialDesign, baseline: pd.DataFrame, streams: Streams
) -> dict[str, NDArray[np.bool_]]:
    """Tell for whom each treatment was chosen, whatever arm she is in.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    baseline : DataFrame, n rows
        Rows of the decisions table of the patients in order of their numbers from 0.
    streams : Streams
        Source of chance of the trial.

    Returns
    -------
    dict of str to ndarray of bool, shape (n,)
        By the names of `choice_names`.
    """
    found: dict[str, NDArray[np.bool_]] = {}
    for arm in design.arms:
        if arm.choice:
            patient = np.arange(len(baseline))
            number = chosen(design, arm, baseline, patient, streams)
            for index, option in enumerate(arm.choice):
                found[f"{arm.id}: {option.id}"] = number == index
    return found
