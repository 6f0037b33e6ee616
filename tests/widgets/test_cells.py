"""In a kernel a view ends with the cell that displayed it, and what it held with it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from tests.paths import ROOT
from tests.studies import tiny_study

SET_UP = """
import gc, sys
sys.path.insert(0, {root!r})
import depthviz as dv
from comm import get_comm_manager
from IPython.display import display

def alive():
    gc.collect()
    kinds = [type(each).__name__ for each in gc.get_objects()]
    names = "Explorer", "ExampleGrid", "LiveChart"
    return dict(
        views=sum(kinds.count(name) for name in names),
        studies=kinds.count("Study"),
        comms=len(get_comm_manager().comms),
    )

dv.open_study({study!r})
before = alive()
"""
CHART = "explorer.chart('depth_histogram')"
OPEN = "dv.explore(dv.open_study({study!r}))"


class Kernel:
    """A kernel and the cells that are run in it."""

    def __init__(self, client: BlockingKernelClient, study: Path) -> None:
        self._client, self.study = client, study

    def run(self, code: str, *, cell: str | None = None) -> dict[str, Any]:
        """Run a cell; return what it printed as JSON, if anything."""
        printed: list[str] = []
        code = code.replace("{study!r}", repr(str(self.study)))
        message = self._client.session.msg(
            "execute_request",
            {
                "code": code,
                "silent": False,
                "store_history": True,
                "user_expressions": {},
                "allow_stdin": False,
                "stop_on_error": True,
            },
            metadata={} if cell is None else {"cellId": cell},
        )
        self._client.shell_channel.send(message)
        while True:
            reply = self._client.get_iopub_msg(timeout=120)
            if reply["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            content = reply["content"]
            assert reply["msg_type"] != "error", content
            if reply["msg_type"] == "stream" and content["name"] == "stdout":
                printed.append(content["text"])
            if content.get("execution_state") == "idle":
                found: dict[str, Any] = json.loads("".join(printed) or "{}")
                return found

    def grown(self) -> dict[str, int]:
        """Count what is alive beyond the beginning, by kind."""
        code = "import json; now = alive(); print(json.dumps("
        return self.run(code + "{kind: now[kind] - before[kind] for kind in now}))")


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    study = tiny_study().save(tmp_path_factory.mktemp("cells") / "study.zarr")
    manager = KernelManager()
    manager.start_kernel()
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=120)
        kernel = Kernel(client, study)
        kernel.run(SET_UP.replace("{root!r}", repr(str(ROOT))))
        yield kernel
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.fixture(autouse=True)
def _clean(kernel: Kernel) -> Iterator[None]:
    yield
    for cell in ("one", "two", "three"):
        kernel.run("explorer = kept = None", cell=cell)
    kernel.run("explorer = kept = None")


@pytest.mark.parametrize("cell", ["one", None], ids=["named", "without a name"])
@pytest.mark.parametrize(
    "code",
    [
        OPEN,
        f"explorer = {OPEN}; display(explorer)",
        f"display({OPEN}); display(dv.ExampleGrid(dv.open_study({{study!r}})))",
    ],
    ids=["result", "variable", "two views"],
)
def test_a_cell_that_runs_again_keeps_one_of_each(
    kernel: Kernel, cell: str | None, code: str
) -> None:
    kernel.run(code, cell=cell)
    once = kernel.grown()
    assert once["views"] > 0
    for _ in range(4):
        kernel.run(code, cell=cell)
    assert kernel.grown() == once


@pytest.mark.parametrize(
    "code", [CHART, f"chart = {CHART}; display(chart)"], ids=["result", "variable"]
)
def test_a_chart_that_is_made_again_ends_the_one_before(
    kernel: Kernel, code: str
) -> None:
    before = kernel.grown()["views"]
    kernel.run(f"explorer = {OPEN}; display(explorer)", cell="one")
    kernel.run(code, cell="two")
    once = kernel.grown()
    assert once["views"] == before + 2
    for _ in range(3):
        kernel.run(code, cell="two")
    assert kernel.grown() == once
    kernel.run("chart = None", cell="two")
    kernel.run("explorer.selection = explorer.selection", cell="three")
    assert kernel.grown()["views"] == before + 1


def test_a_cell_that_displays_it_no_more_lets_it_go(kernel: Kernel) -> None:
    before = kernel.grown()
    kernel.run(OPEN, cell="one")
    kernel.run("1 + 1", cell="one")
    assert kernel.grown() == before


def test_all_views_of_one_run_stay(kernel: Kernel) -> None:
    before = kernel.grown()["views"]
    kernel.run(f"for _ in range(3): display({OPEN})", cell="one")
    assert kernel.grown()["views"] == before + 3


def test_what_another_cell_displays_stays(kernel: Kernel) -> None:
    kernel.run(f"explorer = {OPEN}", cell="one")
    kernel.run("explorer", cell="two")
    kernel.run("display(explorer)", cell="three")
    opened = "import json; print(json.dumps({'open': explorer.comm is not None}))"
    kernel.run("pass", cell="two")
    assert kernel.run(opened) == {"open": True}
    kernel.run("pass", cell="three")
    assert kernel.run(opened) == {"open": False}


@pytest.mark.parametrize(
    "hold",
    [
        "box = widgets.HBox([explorer]); display(box)",
        "out = widgets.Output(); display(out)\nwith out: display(explorer)",
    ],
    ids=["box", "output"],
)
def test_what_another_widget_shows_stays(kernel: Kernel, hold: str) -> None:
    kernel.run(f"explorer = {OPEN}; display(explorer)", cell="one")
    kernel.run(f"import ipywidgets as widgets\n{hold}", cell="two")
    kernel.run("pass" if "out" in hold else "explorer;", cell="two")
    if "box" in hold:
        kernel.run("pass", cell="one")
    opened = "import json; print(json.dumps({'open': explorer.comm is not None}))"
    assert kernel.run(opened) == {"open": True}
    kernel.run("box = out = None; widgets.Widget.close_all()")


def test_what_was_closed_opens_again_with_its_state(kernel: Kernel) -> None:
    kernel.run(f"explorer = {OPEN}", cell="one")
    kernel.run("explorer.selection = [2]; explorer", cell="two")
    kernel.run("pass", cell="two")
    kernel.run("explorer.filters = {'label': [0]}", cell="two")
    kernel.run("explorer", cell="three")
    found = kernel.run(
        "import json; print(json.dumps({'open': explorer.comm is not None,"
        "'selection': explorer.selection, 'filters': list(explorer.filters)}))"
    )
    assert found == {"open": True, "selection": [2], "filters": ["label"]}


def test_a_view_whose_place_is_gone_ends_with_the_next(kernel: Kernel) -> None:
    before = kernel.grown()
    gone = "explorer._handle_custom_msg({'type': 'gone'}, [])"
    for number in range(4):
        kernel.run(f"explorer = {OPEN}; display(explorer)\n{gone}", cell=f"g{number}")
    kernel.run("explorer = None")
    found = kernel.grown()
    assert found["views"] == before["views"] + 1
    assert found["studies"] == before["studies"] + 1


def test_a_view_that_is_shown_again_stays(kernel: Kernel) -> None:
    kernel.run(f"kept = {OPEN}; display(kept)", cell="one")
    kernel.run("kept._handle_custom_msg({'type': 'gone'}, [])")
    pull = "{'type': 'pull', 'id': 1, 'name': 'column/label', 'offset': 0}"
    kernel.run(f"kept._handle_custom_msg({pull}, [])")
    kernel.run(f"explorer = {OPEN}; display(explorer)", cell="two")
    kernel.run("explorer._handle_custom_msg({'type': 'gone'}, [])")
    opened = "import json; print(json.dumps({'open': kept.comm is not None}))"
    assert kernel.run(opened) == {"open": True}
