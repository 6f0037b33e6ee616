"""A Jupyter server of any Python environment, and the kernel behind a notebook."""

import contextlib
import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from playwright.sync_api import Page

START_LIMIT = 120
LIMIT = 300_000
_STATE = ".jupyter-state"

_CODE_CELLS = (
    "Array.from(window.jupyterapp.shell.currentWidget.content.model.cells)"
    ".filter(cell => cell.type === 'code')"
)
_ALL_RAN = f"{_CODE_CELLS}.every(cell => cell.executionCount !== null)"
_ERRORS = (
    f"{_CODE_CELLS}.flatMap(cell => cell.outputs.toJSON())"
    ".filter(output => output.output_type === 'error')"
    ".map(output => `${output.ename}: ${output.evalue}`)"
)


@dataclass(frozen=True)
class Lab:
    """A running server: its address, its notebooks' folder, its kernels' folder."""

    url: str
    token: str
    folder: Path
    runtime: Path
    path: str = "lab/tree"

    def open(self, page: Page, notebook: str) -> None:
        """Open a notebook of the folder and wait until its kernel is idle."""
        page.goto(f"{self.url}{self.path}/{notebook}?token={self.token}&reset")
        page.wait_for_function(
            "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.isReady",
            timeout=START_LIMIT * 1000,
        )

    def run_all(self, page: Page) -> None:
        """Run all cells to the end; fail with what a cell says if it fails."""
        page.evaluate(
            "() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }"
        )
        page.wait_for_function(f"({_ALL_RAN}) || ({_ERRORS}).length > 0", timeout=LIMIT)
        assert page.evaluate(_ERRORS) == []

    def ask(self, code: str) -> str:
        """Run code in the one kernel of this server; return what it prints."""
        files = sorted(self.runtime.glob("kernel-*.json"))
        assert len(files) == 1, f"expected one kernel, found {files}"
        client = BlockingKernelClient(connection_file=str(files[0]))
        client.load_connection_file()
        client.start_channels()
        printed: list[str] = []
        try:
            client.wait_for_ready(timeout=60)
            reply = client.execute_interactive(
                code,
                timeout=60,
                output_hook=lambda message: printed.append(
                    message["content"].get("text", "")
                ),
            )
        finally:
            client.stop_channels()
        assert reply["content"]["status"] == "ok", reply["content"]
        return "".join(printed)

    def forget(self) -> None:
        """End every kernel and drop all settings, as if the server were new."""
        for kind in ("sessions", "kernels"):
            for one in json.loads(self._request("GET", f"api/{kind}")):
                self._request("DELETE", f"api/{kind}/{one['id']}")
        for name in ("settings", "workspaces"):
            shutil.rmtree(self.folder / _STATE / name, ignore_errors=True)
        _decline_news(self.folder / _STATE / "settings")

    def _request(self, method: str, path: str) -> Any:
        header = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(self.url + path, headers=header, method=method)
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.read()


@contextlib.contextmanager
def serve(
    python: str, folder: Path, *, app: str = "jupyterlab", path: str = "lab/tree"
) -> Iterator[Lab]:
    """Start an app of the given Python in a folder; stop it at the end."""
    state = folder / _STATE
    runtime = state / "runtime"
    runtime.mkdir(parents=True)
    environment = {
        **os.environ,
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "JUPYTER_CONFIG_DIR": str(state / "config"),
        "JUPYTER_DATA_DIR": str(state / "data"),
        "JUPYTERLAB_SETTINGS_DIR": str(state / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(state / "workspaces"),
        "IPYTHONDIR": str(state / "ipython"),
        "PYTHONWARNINGS": "default",
    }
    command = [python, "-m", app, "--no-browser", "--allow-root", "--port=0"]
    command += ["--expose-app-in-browser"]
    _decline_news(state / "settings")
    with open(state / "log", "w") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=log
        )
        try:
            yield replace(_wait(process, folder, runtime, state / "log"), path=path)
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Let the server end its kernels; a busy machine may take too long for that."""
    process.terminate()
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _decline_news(settings: Path) -> None:
    """Answer the question that would otherwise cover the notebook."""
    file = settings / "@jupyterlab/apputils-extension/notification.jupyterlab-settings"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))


def _wait(
    process: subprocess.Popen[bytes], folder: Path, runtime: Path, log: Path
) -> Lab:
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit and process.poll() is None:
        for file in runtime.glob("jpserver-*.json"):
            with contextlib.suppress(json.JSONDecodeError):
                server = json.loads(file.read_text())
                return Lab(server["url"], server["token"], folder, runtime)
        time.sleep(0.1)
    raise RuntimeError(f"The server did not start:\n{log.read_text()[-3000:]}")
