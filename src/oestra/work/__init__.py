"""Work apart from who does it: tasks, where their results are kept, and who runs them.

Everything long is a sequence of tasks, given to an executor of `concurrent.futures`:
threads, processes of this machine, a Dask cluster or Slurm (`work.plan`). Which one,
changes no byte. Tasks are named by their input and found again (`work.crew`).
"""
