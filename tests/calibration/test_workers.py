"""Workers end with their parent, quietly; a checkpoint belongs to its start."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from oestra.calibration.checkpoint import State, read_state, write_state
from oestra.calibration.fit import _check_start
from oestra.core.errors import InputError

INTERRUPTED = """
import time
from oestra.calibration.workers import worker_pool
if __name__ == "__main__":
    print("started", flush=True)
    with worker_pool(2) as pool:
        for one in [pool.submit(time.sleep, 600) for _ in range(4)]:
            one.result()
"""


def test_ctrl_c_ends_workers_at_once_without_a_word_of_theirs(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(INTERRUPTED)
    run = subprocess.Popen(  # noqa: S603
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert run.stdout.readline() == "started\n"
    time.sleep(0.2)
    os.killpg(run.pid, signal.SIGINT)
    _, told = run.communicate(timeout=60)
    # What was being handled when the interrupt came may stand before it.
    assert told.count("\nKeyboardInterrupt") == 1
    assert "Process Spawn" not in told
    assert told.rstrip().endswith("KeyboardInterrupt")


def test_a_checkpoint_belongs_to_its_start(tmp_path):
    path, start = tmp_path / "fit.npz", np.array([0.0, 1.0])
    state = State(key="k", z=start + 1, residual=start, columns=np.eye(2), origin=start)
    write_state(state, path)
    known = read_state(path, "k")
    _check_start(known, start, path)
    with pytest.raises(InputError, match="another --start"):
        _check_start(known, start + 0.1, path)
    _check_start(None, start, path)
