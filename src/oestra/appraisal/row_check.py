"""Try rows of the review's biology on the model, with each mechanism and without."""

import math
from collections.abc import Sequence

from oestra.appraisal.row_verdict import RowNumber, RowResult
from oestra.claims.cells import Experiment, conduct
from oestra.claims.claim_expression import evaluate
from oestra.claims.measure import MEASURES
from oestra.claims.readings import Readings
from oestra.claims.row import KnockOut, Row, RowCheck
from oestra.core.errors import InputError, OestraError
from oestra.core.parameter_set import ParameterSet
from oestra.core.progress import Progress
from oestra.model.parameters import best_parameters
from oestra.work.each import Workers, in_order

__all__ = ["try_row", "try_rows"]


def try_row(row: Row, parameters: ParameterSet | None = None) -> RowResult:
    """Try a row.

    Parameters
    ----------
    row : Row
        The row.
    parameters : ParameterSet, optional
        Parameters of the model, by default those that ship.

    Returns
    -------
    RowResult
        Its numbers with all mechanisms and without. A number that cannot be had is
        none, and says why.

    Raises
    ------
    InputError
        If the row speaks of what does not exist.
    """
    room = _Room(row, parameters or best_parameters())
    return RowResult(row=row, numbers=tuple(room.number(one) for one in row.checks))


def try_rows(
    rows: Sequence[Row],
    parameters: ParameterSet | None = None,
    *,
    workers: Workers = 2,
    progress: Progress = lambda *_: None,
) -> tuple[RowResult, ...]:
    """Try rows, several at a time.

    Parameters
    ----------
    rows : sequence of Row
        The rows.
    parameters : ParameterSet, optional
        Parameters of the model, by default those that ship.
    workers : int or Executor
        Processes to start, or who does the work; the result does not depend on it.
    progress : callable
        Told which was tried, how many are done and of how many.

    Returns
    -------
    tuple of RowResult
        In their order.
    """
    chosen = parameters or best_parameters()
    found: list[RowResult] = []
    calls = [(row, chosen) for row in rows]
    with in_order(workers, try_row, calls) as results:
        for result in results:
            found.append(result)
            progress(f"Trying row {result.row.number}", len(found), len(rows))
    return tuple(found)


class _Room:
    """Where the runs of one row are carried out, each once for each knock-out."""

    def __init__(self, row: Row, parameters: ParameterSet) -> None:
        self.row, self.parameters = row, parameters
        self.done: dict[str, Experiment] = {}

    def number(self, check: RowCheck) -> RowNumber:
        knockout = self.row.knockout(check)
        measured, reason = self.value(check, None)
        without, reason_without = self.value(check, knockout)
        return RowNumber(
            check=check,
            knockout=knockout,
            measured=measured,
            without=without,
            reason=reason,
            reason_without=reason_without,
        )

    def value(
        self, check: RowCheck, knockout: KnockOut | None
    ) -> tuple[float | None, str]:
        """Return a number, or None and why there is none."""

        def read(name: str, readout: str) -> Readings:
            return self.experiment(name, knockout).read(readout, f"{name}.{readout}")

        try:
            value = evaluate(check.value, read=read, functions=MEASURES)
        except InputError:
            # The file is wrong, not the model.
            raise
        except OestraError as error:
            return None, str(error)
        return (None, "not estimable") if math.isnan(value) else (value, "")

    def experiment(self, name: str, knockout: KnockOut | None) -> Experiment:
        run = self.row.run(name)
        run = run if knockout is None else knockout.of(run)
        key = run.model_dump_json()
        if key not in self.done:
            self.done[key] = conduct(run, self.parameters)
        return self.done[key]
