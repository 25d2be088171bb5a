"""Threads beside each other leave the solver one thread each, and change no result."""

from concurrent.futures import Future
from contextlib import suppress
from threading import Event

import numpy as np
import pytest

from oestra.solve import in_threads
from oestra.solve.workers import threads_here


def test_several_threads_keep_the_solver_to_one_each():
    with in_threads(2) as pool:
        assert list(pool.map(lambda _: threads_here(), range(4))) == [1, 1, 1, 1]
    assert threads_here() is None


def test_a_single_thread_leaves_the_cores_to_the_solver():
    with in_threads(1) as pool:
        assert pool.submit(threads_here).result() is None


def test_results_come_in_order():
    with in_threads(3) as pool:
        found = list(pool.map(lambda n: float(np.sqrt(n)), [1, 4, 9]))
    assert found == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("count", [1, 2])
def test_an_interrupt_drops_what_has_not_begun(count):
    never = Event()
    waiting: list[Future[bool]] = []
    with suppress(KeyboardInterrupt), in_threads(count) as pool:
        waiting += [pool.submit(never.wait, 2.0) for _ in range(100)]
        raise KeyboardInterrupt
    assert sum(future.cancelled() for future in waiting) >= 100 - count
