"""The Explorer without a browser: selection, pulls, and the page it writes."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import depthviz as dv
from depthviz.errors import DataError
from depthviz.widgets.payload.chunks import Chunks
from depthviz.widgets.payload.pack import Pack
from tests.studies import tiny_study


@pytest.fixture
def explorer(monkeypatch: pytest.MonkeyPatch) -> dv.Explorer:
    explorer = dv.explore(tiny_study())
    explorer.sent = []  # type: ignore[attr-defined]
    monkeypatch.setattr(
        explorer,
        "send",
        lambda message, buffers=None: explorer.sent.append((message, buffers)),  # type: ignore[attr-defined]
    )
    return explorer


def pull(explorer: dv.Explorer, message: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    explorer._handle_custom_msg(message, [])
    [answer] = explorer.sent  # type: ignore[attr-defined]
    explorer.sent.clear()  # type: ignore[attr-defined]
    return answer


def test_selection_round_trips_in_the_order_of_the_study(explorer: dv.Explorer) -> None:
    ids = explorer.study.frame().index
    explorer.selection = [ids[70], ids[3], ids[79]]
    assert explorer.selection == [ids[3], ids[70], ids[79]]
    assert explorer.selected.index.tolist() == [ids[3], ids[70], ids[79]]
    explorer.selection = []
    assert explorer.selected.empty


def test_selection_from_the_browser_arrives_as_rows(explorer: dv.Explorer) -> None:
    mask = np.zeros(80, bool)
    mask[[0, 9]] = True
    data = memoryview(np.packbits(mask, bitorder="little").tobytes())
    explorer.set_state({"_selection": data})
    frame = explorer.study.frame()
    assert explorer.selected.equals(frame.iloc[[0, 9]])


def test_unknown_ids_are_refused_and_change_nothing(explorer: dv.Explorer) -> None:
    explorer.selection = [explorer.study.frame().index[1]]
    with pytest.raises(DataError, match=r"Unknown example 'nobody' \(1 of 2 ids"):
        explorer.selection = [explorer.study.frame().index[1], "nobody"]
    assert len(explorer.selection) == 1


def test_a_mask_or_rows_select_as_ids_do(explorer: dv.Explorer) -> None:
    frame = explorer.study.frame()
    deep = frame["depth"] > frame["depth"].median()
    explorer.selection = deep
    assert explorer.selected.equals(frame[deep])
    explorer.selection = frame.iloc[:3]
    assert explorer.selected.equals(frame.iloc[:3])
    explorer.selection = frame.index.to_numpy()[5:7]
    assert explorer.selected.equals(frame.iloc[5:7])


@pytest.mark.parametrize("nonsense", [7, "example", None])
def test_what_is_no_list_is_refused(explorer: dv.Explorer, nonsense: object) -> None:
    with pytest.raises(DataError, match="Examples are chosen by ids"):
        explorer.selection = nonsense  # type: ignore[assignment]


def test_ui_state_round_trips(explorer: dv.Explorer) -> None:
    explorer.ui_state = {"probe": 2, "filters": {"label": [1]}}
    assert explorer.ui_state == {"probe": 2, "filters": {"label": [1]}}


def test_a_pull_is_answered_from_its_offset(explorer: dv.Explorer) -> None:
    message, [piece] = pull(
        explorer, {"type": "pull", "id": 7, "name": "column/depth", "offset": 8}
    )
    asked = {"id": 7, "name": "column/depth", "offset": 8}
    assert message == {"type": "chunk", "total": 4 * 80, **asked}
    depth = explorer.study.frame()["depth"].to_numpy()
    np.testing.assert_array_equal(np.frombuffer(piece, "<f4"), depth[2:])


def test_no_piece_is_larger_than_four_mebibytes(explorer: dv.Explorer) -> None:
    large = Chunks({"map": bytes(9 * 2**20)}, {})
    explorer._pack = Pack(explorer._pack.manifest, large)
    request = {"type": "pull", "id": 1, "name": "map"}
    sizes = [
        len(pull(explorer, {**request, "offset": offset})[1][0])
        for offset in (0, 4 * 2**20, 8 * 2**20)
    ]
    assert sizes == [4 * 2**20, 4 * 2**20, 2**20]


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        ({"name": "../secret", "offset": 0}, "Unknown chunk '../secret'."),
        ({"name": ["map"], "offset": 0}, "Unknown chunk ['map']."),
        ({"name": "votes", "offset": -1}, "none is at -1"),
        ({"name": "votes", "offset": "0"}, "none is at '0'"),
        ({"name": "votes"}, "none is at None"),
    ],
)
def test_a_senseless_pull_is_refused_with_the_reason(
    explorer: dv.Explorer, request_: dict[str, Any], reason: str
) -> None:
    message, _ = pull(explorer, {"type": "pull", "id": 3, **request_})
    assert (message["type"], message["id"]) == ("refused", 3)
    assert reason in message["reason"]


def test_a_study_that_is_gone_from_its_folder_is_said_to_the_page(
    tmp_path: Path, explorer: dv.Explorer
) -> None:
    path = tiny_study().save(tmp_path / "study.zarr")
    view = dv.explore(dv.open_study(path))
    explorer._pack = view._pack
    path.rename(tmp_path / "elsewhere.zarr")
    request = {"type": "pull", "id": 3, "name": "neighbors/0", "offset": 0}
    message, _ = pull(explorer, request)
    assert message["type"] == "refused"
    assert "was replaced, moved or removed" in message["reason"]


def test_other_messages_are_left_alone(explorer: dv.Explorer) -> None:
    explorer._handle_custom_msg({"type": "eval", "code": "1/0"}, [])
    explorer._handle_custom_msg("nonsense", [])
    assert explorer.sent == []  # type: ignore[attr-defined]


def test_a_saved_study_is_shown_and_reported_without_torch(tmp_path: Path) -> None:
    path = tiny_study().save(tmp_path / "study.zarr")
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "import depthviz as dv\n"
        f"study = dv.open_study({str(path)!r})\n"
        "explorer = dv.explore(study)\n"
        "explorer.selection = study.frame().index[:3]\n"
        f"dv.report(study, {str(tmp_path / 'report.html')!r})\n"
        "print(len(explorer.selected))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.stdout == "3\n", done.stderr


def test_to_html_refuses_a_folder(explorer: dv.Explorer, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="got the folder"):
        explorer.to_html(tmp_path)
