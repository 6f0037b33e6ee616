"""The widget's TypeScript passes its own checks and tests."""

import pytest

from tests.node import JS, install, npm


@pytest.fixture(scope="module")
def _packages() -> None:
    install()


@pytest.mark.usefixtures("_packages")
@pytest.mark.parametrize("script", ["check", "test"])
def test_npm_script_passes(script: str) -> None:
    npm("run", script)


def test_the_lock_file_names_no_host() -> None:
    lock = (JS / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
