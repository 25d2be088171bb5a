"""Running commands in this process."""

import json

import pytest

from oestra.cli import main


@pytest.fixture
def succeed(capsys):
    """Return a function that runs a command and returns what it printed."""

    def run(*words):
        status = main([str(word) for word in words])
        out, err = capsys.readouterr()
        assert status == 0, err
        return out

    return run


@pytest.fixture
def succeed_json(succeed):
    """Return a function that runs a command with --json and reads its one object."""

    def run(*words):
        record = json.loads(succeed(*words, "--json"))
        assert isinstance(record, dict)
        return record

    return run


@pytest.fixture
def fail(capsys):
    """Return a function that runs a command that must fail with one sentence."""

    def run(*words):
        status = main([str(word) for word in words])
        out, err = capsys.readouterr()
        assert status == 2
        assert out == ""
        assert "Traceback" not in err
        assert err.count("\n") == 1
        assert err.endswith(".\n")
        return err

    return run
