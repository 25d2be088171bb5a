"""Very many patients through one arm: parts side by side, straight to files."""

from collections.abc import Callable

from oestra.core.partial import complete_file
from oestra.trial.arm_folder import ArmFolder
from oestra.trial.arm_part import part_file
from oestra.work.each import Workers, in_order

__all__ = ["follow_arm"]

Done = Callable[[int, int], None]


def follow_arm(
    folder: ArmFolder, *, workers: Workers = 1, progress: Done | None = None
) -> int:
    """Simulate the parts that a folder lacks, and write each as it is done.

    Memory does not grow with the number of patients. An interrupt leaves all parts
    that are done.

    Parameters
    ----------
    folder : ArmFolder
        Where to write; opened.
    workers : int or Executor
        Threads, or who does the work; no result depends on it.
    progress : callable, optional
        Called with patients done and all.

    Returns
    -------
    int
        Patients that were there before.
    """
    ahead = [part for part in folder.parts() if not folder.holds(part)]
    before = done = folder.patients - sum(part.count for part in ahead)
    tell = progress or (lambda _done, _all: None)
    tell(done, folder.patients)
    with in_order(workers, part_file, ((part,) for part in ahead)) as files:
        for part, data in zip(ahead, files, strict=True):
            with complete_file(folder.place(part)) as file:
                file.write(data)
            done += part.count
            tell(done, folder.patients)
    return before
