"""A library as ``oestra library new`` writes it, and one whose files are changed."""

import pytest

from oestra.core.library import Library
from oestra.own_library.example import write_example


@pytest.fixture
def mine(tmp_path):
    """Return the folder of a fresh example library."""
    folder = tmp_path / "mine"
    write_example(folder)
    return folder


@pytest.fixture(scope="session")
def example(tmp_path_factory):
    """Return the library of an example that no test changes."""
    folder = tmp_path_factory.mktemp("library") / "example"
    write_example(folder)
    return Library((folder,))


@pytest.fixture
def edit():
    """Return a function that changes texts of a file, each of which it must hold."""

    def change(file, *pairs):
        text = file.read_text("utf-8")
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new, 1)
        file.write_text(text, "utf-8")

    return change
