"""Tasks that worker processes can import, and a run of a small trial."""

import os
import sys

import pytest

TASKS = '''
"""Tasks of the tests."""
import os
import signal
import time
from pathlib import Path


def square(number):
    return number * number


def slowly(number, seconds):
    time.sleep(seconds)
    return number


def counted(folder, number):
    Path(folder, f"{number}-{time.monotonic_ns()}").write_text("")
    return number + 1


def dies_once(folder, number):
    mark = Path(folder, f"died-{number}")
    if number == 2 and not mark.exists():
        mark.write_text("")
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def dies(number):
    os.kill(os.getpid(), signal.SIGKILL)


def refuses(number):
    from oestra.core.errors import InputError

    raise InputError(f"No {number}.")


def process(number):
    return os.getpid()


def variable(name):
    return os.environ.get(name)


def size_of(part, number):
    return len(part.data) + number
'''


@pytest.fixture(scope="session")
def tasks(tmp_path_factory):
    """Return a module that this process and its workers can import."""
    folder = tmp_path_factory.mktemp("tasks")
    (folder / "oestra_tasks.py").write_text(TASKS)
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(folder)
    sys.path.insert(0, str(folder))
    try:
        import oestra_tasks  # noqa: PLC0415 - written just now

        yield oestra_tasks
    finally:
        sys.path.remove(str(folder))
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before
