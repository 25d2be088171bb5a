"""Step-size control: the predictive controller of Gustafsson.

The next step follows from the last error and from the trend between the last two
accepted steps, which saves rejections where stiffness sets in.

References
----------
.. [1] Gustafsson K (1994). Control-theoretic techniques for stepsize selection in
   implicit Runge-Kutta methods. ACM Transactions on Mathematical Software 20:496-517.
   doi:10.1145/198429.198437.
.. [2] Hairer E, Wanner G (1996). Solving Ordinary Differential Equations II, section
   IV.8.
"""

from dataclasses import dataclass

from oestra.solve.elementary import exponential2, logarithm2
from oestra.solve.vector import Value, Vector

__all__ = ["Control", "next_step"]

SAFETY = 0.9
SHRINK, GROW = 1.0 / 6.0, 10.0
LEAST_LOG_ERROR = -6.64  # an error of 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """What the controller knows about a step.

    Parameters
    ----------
    error : Value
        Scaled error of the step just tried; above one it is rejected.
    used : Value
        Its size.
    last_error, last_step : Value
        Base-2 logarithm of the error, and size, of the accepted step before; size zero
        if there was none.
    accepted : Value
        Mask of the lanes whose step is accepted.
    """

    error: Value
    used: Value
    last_error: Value
    last_step: Value
    accepted: Value


def next_step(v: Vector, order: int, control: Control) -> tuple[Value, Value]:
    """Emit the size of the next step.

    Parameters
    ----------
    v : Vector
        Where code is appended.
    order : int
        Order of the method.
    control : Control
        The step just tried.

    Returns
    -------
    size : Value
        Step sizes; a tenth of the last one where the error is not a number.
    log_error : Value
        Base-2 logarithm of the error, to be remembered if the step is accepted.
    """
    rate = v.number(-1.0 / order)
    log_error = logarithm2(v, v.max(control.error, v.number(1e-10)))
    factor = v.mul(v.number(SAFETY), exponential2(v, v.mul(log_error, rate)))
    # (h / h_last) (error_last / error^2)^(1/order): the trend continues.
    log_last = v.max(control.last_error, v.number(LEAST_LOG_ERROR))
    change = v.sub(v.add(log_error, log_error), log_last)
    trend = v.mul(v.number(SAFETY), exponential2(v, v.mul(change, rate)))
    safe = v.max(control.last_step, v.number(1e-300))
    trend = v.mul(trend, v.div(control.used, safe))
    known = v.compare(">", control.last_step, v.number(0.0))
    trend = v.select(known, trend, factor)
    factor = v.select(control.accepted, v.min(trend, factor), factor)
    factor = v.max(v.min(factor, v.number(GROW)), v.number(SHRINK))
    finite = v.compare("<", control.error, v.number(float("inf")))
    size = v.mul(control.used, v.select(finite, factor, v.number(0.1)))
    return size, log_error
