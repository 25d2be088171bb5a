"""Who is to do the work: what a command was told, opened where the work begins."""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from oestra.core.errors import InputError

if TYPE_CHECKING:
    from oestra.work.crew import Hands
    from oestra.work.each import Workers

__all__ = ["ALL_PROCESSORS", "Plan"]

_WORTH = 8.0
"""Seconds of work that are worth starting processes for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who does the work of a command.

    Parameters
    ----------
    workers : int, optional
        Processes of this machine; all processors by default.
    cluster : str, optional
        Address of a Dask scheduler, or ``local:N``.
    slurm : str, optional
        Options of Slurm, or ``default``.
    store : str, optional
        Folder or address where results of tasks are kept and found again.

    Raises
    ------
    InputError
        If more than one is named.
    """

    workers: int | None = None
    cluster: str | None = None
    slurm: str | None = None
    store: str | None = None

    def __post_init__(self) -> None:
        """Refuse two kinds of workers."""
        named = [
            f"--{name}"
            for name in ("workers", "cluster", "slurm")
            if getattr(self, name) is not None
        ]
        if len(named) > 1:
            raise InputError(f"{' and '.join(named)} cannot be given together.")

    @property
    def count(self) -> int:
        """Workers of this machine."""
        return self.workers or os.cpu_count() or 1

    def _alone(self, seconds: float) -> bool:
        """Tell whether threads of this process do the work."""
        apart = self.cluster is not None or self.slurm is not None
        small = self.count == 1 or seconds < _WORTH
        return self.store is None and not apart and small

    def begin(self, *, seconds: float, prepare: str) -> None:
        """Let what worker processes will need be loaded while this one loads its own.

        Parameters
        ----------
        seconds, prepare
            As `open` will be given them.
        """
        apart = self.cluster is not None or self.slurm is not None
        if apart or self._alone(seconds):
            return
        from oestra.work.processes import load_beside  # noqa: PLC0415 - slow to load

        load_beside(prepare)

    @contextmanager
    def open(
        self,
        *,
        seconds: float = float("inf"),
        prepare: str = "",
        warn: Callable[[str], None] = lambda _text: None,
    ) -> "Generator[Workers]":
        """Yield threads or an executor while the block runs.

        Parameters
        ----------
        seconds : float
            Processor time the work takes, roughly; little is done by threads.
        prepare : str
            Module that worker processes load meanwhile.
        warn : callable
            Takes what a person should know.

        Yields
        ------
        int or Executor
            Who does the work.

        Raises
        ------
        InputError
            If nobody answers there, or the store cannot be written.
        """
        if self._alone(seconds):
            yield self.count
            return
        from oestra.work.crew import Crew  # noqa: PLC0415 - slow to load
        from oestra.work.store import open_store  # noqa: PLC0415 - slow to load

        store = None if self.store is None else open_store(self.store)
        with Crew(self._hands(prepare, warn), store, warn) as crew:
            yield crew

    def _hands(self, prepare: str, warn: Callable[[str], None]) -> "Hands":
        if self.cluster is not None:
            from oestra.work.cluster import Cluster  # noqa: PLC0415 - an extra

            return Cluster(self.cluster)
        if self.slurm is not None:
            from oestra.work.slurm import Slurm  # noqa: PLC0415 - an extra
            from oestra.work.slurm_options import slurm_options  # noqa: PLC0415

            return Slurm(Path("oestra-slurm"), slurm_options(self.slurm), warn)
        from oestra.work.processes import Processes  # noqa: PLC0415 - slow to load

        return Processes(self.count, prepare)


ALL_PROCESSORS = Plan()
"""Every processor of this machine, and no store."""
