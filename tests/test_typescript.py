"""The widget's TypeScript passes its own checks and tests."""

import importlib.util
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

JS = Path(__file__).parents[1] / "js"


def build_hook() -> ModuleType:
    """Load the package build's hook, which knows how to find Node."""
    found = importlib.util.spec_from_file_location("build_hook", JS / "hatch_build.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def npm() -> Callable[..., None]:
    hook = build_hook()
    node, command = hook.machine_node() or hook.packaged_node()
    path = f"{node.parent}{os.pathsep}{os.environ['PATH']}"

    def run(*words: str) -> None:
        done = subprocess.run(
            [*command, *words],
            cwd=JS,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (done.stdout + done.stderr)[-5000:]

    run("ci", "--ignore-scripts", "--no-audit", "--no-fund")
    return run


@pytest.mark.parametrize("script", ["check", "test"])
def test_npm_script_passes(npm: Callable[..., None], script: str) -> None:
    npm("run", script)


def test_the_lock_file_names_no_host() -> None:
    lock = (JS / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
