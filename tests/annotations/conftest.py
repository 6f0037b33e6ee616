"""Stores of both kinds, so that one contract is tested over both."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.annotations.postgres import Server, running_server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running_server() as started:
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes the place of a store that holds nothing yet."""
    if request.param == "sqlite":
        return lambda: str(tmp_path / f"{uuid.uuid4().hex}.annotations.sqlite")
    server: Server = request.getfixturevalue("server")
    return server.new_database


@pytest.fixture
def place(new_place: Callable[[], str]) -> str:
    return new_place()
