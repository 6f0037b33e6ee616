"""npm in the widget's folder, of the machine's Node or of the packaged one."""

import importlib.util
import os
import subprocess
from types import ModuleType

from tests.paths import ROOT

JS = ROOT / "js"


def build_hook() -> ModuleType:
    """Load the package build's hook, which knows how to find Node."""
    found = importlib.util.spec_from_file_location("build_hook", JS / "hatch_build.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def npm(*words: str) -> None:
    """Run npm with these words; fail with what it says if it fails."""
    hook = build_hook()
    node, command = hook.machine_node() or hook.packaged_node()
    done = subprocess.run(
        [*command, *words],
        cwd=JS,
        env={**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-5000:]


def install() -> None:
    """Install the development packages as the lock file names them."""
    npm("ci", "--ignore-scripts", "--no-audit", "--no-fund")
