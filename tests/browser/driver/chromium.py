"""Finds a Chromium or Chrome, or installs Debian's where that is allowed."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from filelock import FileLock

FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class NoBrowserError(Exception):
    """There is no browser and none can be installed."""


def find_chromium() -> str:
    """Return the path of a Chromium; as root, install Debian's where there is none."""
    with FileLock(Path(tempfile.gettempdir(), "depthviz-chromium.lock")):
        found = _look()
        if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
            _install()
            found = _look()
    if found is None:
        raise NoBrowserError(
            "The browser tests need Chromium or Chrome on the PATH. Install it with: "
            "sudo apt-get update && sudo apt-get install -y chromium"
        )
    return found


def _look() -> str | None:
    return next(filter(None, map(shutil.which, _NAMES)), None)


def _install() -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
        subprocess.run(
            ["apt-get", *words], env=environment, check=False, capture_output=True
        )
