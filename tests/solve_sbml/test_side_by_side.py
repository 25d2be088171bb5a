"""Threads read, compile and run models, also where memory lies far apart."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from oestra.solve.sbml import read_model
from oestra.solve.simulation import simulate


def test_threads_read_and_run_models_of_their_own(tmp_path):
    def last(number):
        file = tmp_path / f"m{number}.ant"
        file.write_text(
            f"model m\n x = {number}; x' = -{number / 10}*x + sin(time)\nend"
        )
        return float(simulate(read_model(file), 1.0, points=1).courses[0, -1, 0])

    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(last, range(1, 17)))
    # Code that is linked from here on lies beyond the reach of what was linked before.
    far = np.zeros(2**29)
    assert [last(number) for number in range(1, 17)] == together
    assert far.size == 2**29
