"""npm in the widget's folder, of the machine's Node or of the packaged one.

`python -m tests.node run check` installs the development packages and runs a script.
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType

from filelock import FileLock

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
    """Install the packages that the lock file names, unless they are there.

    `npm ci` begins with an empty folder, so one process at a time may do it, and none
    that finds the mark of an installation that is whole.
    """
    name = hashlib.sha256(str(JS).encode()).hexdigest()[:16]
    with FileLock(Path(tempfile.gettempdir(), f"depthviz-npm-{name}.lock")):
        lock = hashlib.sha256((JS / "package-lock.json").read_bytes()).hexdigest()
        mark = JS / "node_modules" / f".whole-{lock[:16]}"
        if not mark.exists():
            npm("ci", "--ignore-scripts", "--no-audit", "--no-fund")
            mark.touch()


if __name__ == "__main__":
    install()
    npm(*sys.argv[1:])
