"""The job generated code is given, as it lies in memory."""

import ctypes

__all__ = ["INTEGERS", "POINTERS", "Job"]

POINTERS = (
    "y", "p", "step", "boundaries", "values", "columns", "points", "tolerance", "next",
    "y_out", "p_out", "step_out", "outcome", "steps", "rejected", "reached", "record",
    "turns", "turned", "weights", "luck",
)  # fmt: skip
INTEGERS = (
    "lanes", "segments", "changes", "count", "boundary_stride", "value_stride",
    "point_stride", "max_steps", "jumps", "changed",
)  # fmt: skip
_REALS = ("relative",)


class Job(ctypes.Structure):
    """One call of the generated code: addresses, counts and tolerances.

    ``boundaries`` (lanes or 1, segments + 1) are the times between which parameters
    are constant; ``values`` (lanes or 1, segments, changes) overwrite the parameters
    named by ``columns`` at the start of each. ``points`` (lanes or 1, count) are the
    times at which outputs are written to ``record``. ``next`` counts the lanes taken,
    shared by all threads. ``luck`` (lanes) keys the order of events of equal priority.
    """

    _fields_ = [
        *((name, ctypes.c_void_p) for name in POINTERS),
        *((name, ctypes.c_int64) for name in INTEGERS),
        *((name, ctypes.c_double) for name in _REALS),
    ]
