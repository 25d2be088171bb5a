"""Work apart from who does it: tasks, where their results are kept, and who runs them.

Everything long is a sequence of tasks, given to an executor of `concurrent.futures`:
threads, processes of this machine, a Dask cluster or Slurm. Which one, changes no byte.
"""

from oestra.work.crew import Crew
from oestra.work.each import Workers, in_order, runs_apart
from oestra.work.plan import Plan

__all__ = ["Crew", "Plan", "Workers", "in_order", "runs_apart"]
