"""Workers that see what a test replaced."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from oestra.calibration import fit, parallel, refit


@pytest.fixture
def in_threads(monkeypatch):
    """Let threads take the place of processes."""

    @contextmanager
    def workers(count):
        with ThreadPoolExecutor(count) as pool:
            yield pool

    for module in (fit, parallel, refit):
        monkeypatch.setattr(module, "worker_pool", workers)
