"""A client of the page, in this process."""

import pytest
from starlette.testclient import TestClient

from oestra.web.app import application


@pytest.fixture(scope="session")
def page():
    with TestClient(application(), base_url="http://localhost") as client:
        yield client
