"""States, selections and pulls that no page of ours sends, at random.

Each state goes in as a browser's would; then everything that Python does with a state
is done. It holds if nothing raises but errors of our own, and every pull is answered.
"""

import ast
import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import depthviz as dv
from depthviz.errors import DepthvizError
from tests.benchmarks.faults.found import Found
from tests.studies import ensemble_study

__all__ = ["forged"]

KEYS = ["probe", "color", "sort", "reversed", "selected_only", "focus", "filters"]
KEYS += ["boundaries", "size", "histograms", "", "__proto__"]
COLUMNS = ["label", "depth", "group", "split", "example_id", "confidence", "none"]
PARTS = ["from", "to", "contains", "missing", "x"]
PLAIN: list[Any] = [
    *(None, True, False, 0, 1, -1, 2**63, 10**400, 0.5, 1e308, -1e308),
    *(float("nan"), float("inf"), "", "cat", "a" * 100_000, "(a+)+$", "\u2028", "\0"),
]
DEEPEST = 3


def forged(count: int, seed: int) -> Found:
    """Try states and pulls.

    Args:
        count: Number of states, and of pulls.
        seed: Decides them.

    Returns:
        States and pulls that were tried, and a line for each that did not hold.
    """
    drawn = random.Random(seed)  # repeated by its seed
    explorer = dv.explore(dv.Study(ensemble_study().dataset.copy()))  # keeps views
    sent: list[Any] = []
    explorer.send = lambda content, buffers=None: sent.append(content)  # type: ignore[method-assign]
    notes = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(count):
            state = _state(drawn)
            notes += _try(explorer, state, Path(folder), draw=drawn.random() < 0.1)[:1]
            pull = {
                "type": "pull",
                "id": 1,
                "name": _name(drawn),
                "offset": _any(drawn),
            }
            sent.clear()
            explorer._handle_custom_msg(pull, [])
            if not sent:
                notes.append(f"no answer to {pull!s:.80}")
    explorer.close()
    return Found(2 * count, notes)


def _try(explorer: dv.Explorer, state: Any, folder: Path, *, draw: bool) -> list[str]:
    uses: dict[str, Callable[[], Any]] = {
        "state": lambda: explorer.set_state({"_ui_state": state}),
        "shown": lambda: explorer.shown,
        "filters": lambda: explorer.filters,
        "code": lambda: ast.parse(explorer.code()),
        "view": lambda: (explorer.save_view("v"), explorer.restore_view("v")),
    }
    if draw:
        uses["still picture"] = lambda: explorer.to_png(folder / "still.png")
        uses["page"] = lambda: explorer.to_html(folder / "page.html")
    notes = []
    for name, use in uses.items():
        try:
            use()
        except DepthvizError:
            continue
        except Exception as error:
            notes.append(f"{name} of {state!s:.60}: {error!r:.80}")
    return notes


def _state(drawn: random.Random) -> dict[str, Any]:
    keys = drawn.sample(KEYS, drawn.randint(1, 4))
    state = {key: _any(drawn) for key in keys}
    if "filters" in state:
        columns = drawn.sample(COLUMNS, drawn.randint(1, 3))
        state["filters"] = {column: _any(drawn) for column in columns}
    if "boundaries" in state and drawn.random() < 0.5:
        state["boundaries"] = [_any(drawn, DEEPEST) for _ in range(4)]
    return state


def _any(drawn: random.Random, depth: int = 0) -> Any:
    """Draw a value that JSON has, or nearly."""
    kind = drawn.random()
    if depth >= DEEPEST or kind < 0.5:
        return drawn.choice(PLAIN)
    if kind < 0.75:
        return [_any(drawn, depth + 1) for _ in range(drawn.randint(0, 4))]
    keys = drawn.sample(PARTS, drawn.randint(0, 3))
    return {key: _any(drawn, depth + 1) for key in keys}


def _name(drawn: random.Random) -> Any:
    names = ["tile/0", "tile/" + "9" * 5000, "tile/00", "column/depth", "../../x"]
    return drawn.choice([*names, _any(drawn)])
