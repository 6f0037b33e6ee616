"""A JupyterLab server of any Python environment, and the kernel behind a notebook."""

import contextlib
import json
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jupyter_client.blocking.client import BlockingKernelClient
from playwright.sync_api import Page

START_LIMIT = 120
RUN_LIMIT = 300


@dataclass(frozen=True)
class Lab:
    """A running server: its address, its notebooks' folder, its kernels' folder."""

    url: str
    token: str
    folder: Path
    runtime: Path

    def open(self, page: Page, notebook: str) -> None:
        """Open a notebook of the folder and wait until its kernel is idle."""
        page.goto(f"{self.url}lab/tree/{notebook}?token={self.token}&reset")
        page.wait_for_function(
            "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.isReady",
            timeout=START_LIMIT * 1000,
        )

    def run_all(self, page: Page) -> None:
        """Ask for all cells to be run; do not wait."""
        page.evaluate(
            "() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }"
        )

    def wait_until_idle(self, page: Page) -> None:
        """Wait until every code cell of the notebook has run."""
        page.wait_for_function(
            "() => { const cells = window.jupyterapp.shell.currentWidget.content.model"
            ".cells; return Array.from(cells).filter(cell => cell.type === 'code')"
            ".every(cell => cell.executionCount !== null) }",
            timeout=RUN_LIMIT * 1000,
        )

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


@contextlib.contextmanager
def serve(python: str, folder: Path) -> Iterator[Lab]:
    """Start JupyterLab of the given Python in a folder; stop it at the end."""
    state = folder / ".jupyter-state"
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
    command = [python, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0"]
    command += ["--expose-app-in-browser", "--LabApp.news_url=''"]
    with open(state / "log", "w") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=log
        )
        try:
            yield _wait(process, folder, runtime, state / "log")
        finally:
            process.terminate()
            process.wait(timeout=30)


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
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")
