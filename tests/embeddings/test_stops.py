"""A Stop at any line of what lends a network leaves the network as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from depthviz.difficulty import input_margin
from depthviz.embeddings import Probe, choose_probes
from depthviz.embeddings.choice import find_probes
from depthviz.embeddings.steadiness import check_steadiness
from depthviz.embeddings.stream import embedding_sizes
from depthviz.machine.seeds import drawing, kept_random_state
from depthviz.neighbors import nearest_neighbors
from tests.machine.stops import Line, lines_of, state_of, stop_at

CPU = torch.device("cpu")
PROBES = [Probe("input"), Probe("inner", "1"), Probe("softmax")]


class Counting(nn.Module):
    """Has a buffer that each forward pass changes."""

    count: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("count", torch.zeros(1))

    def forward(self, inputs: Tensor) -> Tensor:
        self.count += 1
        return inputs


def network() -> nn.Sequential:
    made = nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 3), Counting())
    made[1].eval()
    return made.requires_grad_(True)


def draw() -> None:
    with drawing(3):
        torch.rand(1)
    with kept_random_state(CPU):
        torch.rand(1)


CALLS: dict[str, Callable[[nn.Module, Tensor], object]] = {
    "sizes": lambda made, rows: embedding_sizes(made, rows, PROBES, device=CPU),
    "choice": choose_probes,
    "named": lambda made, rows: find_probes(made, rows, ["1"]),
    "steadiness": lambda made, rows: check_steadiness(made, rows, device=CPU),
    "margin": input_margin,
    "search": lambda _, rows: nearest_neighbors(rows, rows, k=2),
    "random": lambda _, __: draw(),
}


# A Stop that comes as Python closes a generator expression is lost to Python itself.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", list(CALLS))
def test_a_stop_at_any_line_leaves_everything_as_it_was(name: str) -> None:
    made, rows = network(), torch.rand(6, 4)
    torch.set_float32_matmul_precision("medium")
    try:
        with torch.device("meta"), torch.autocast("cpu", dtype=torch.bfloat16):
            check_all_lines(lambda: CALLS[name](made, rows), made)
    finally:
        torch.set_float32_matmul_precision("highest")


def check_all_lines(call: Callable[[], object], made: nn.Module) -> None:
    call()
    before, stopped, changed = facts(made), 0, []
    for number, (line, times) in enumerate(lines_of(call).items()):
        if number % 5 and not {"machine", "embeddings"} & set(folders_of(line)):
            continue
        for turn in {1, times}:  # a `with` is passed again as it is left
            error = stop_at(line, call, turn=turn)  # kept, as a notebook keeps it
            stopped += error is not None
            if facts(made) != before:
                changed.append(f"{line[0].co_qualname}:{line[1]}, time {turn}")
    del error
    assert not changed
    assert stopped > 10


def folders_of(line: Line) -> tuple[str, ...]:
    return Path(line[0].co_filename).parts


def facts(made: nn.Module) -> list[object]:
    wanted = [each.requires_grad for each in made.parameters()]
    buffers = [float(each) for each in made.buffers()]
    return [*state_of(made), wanted, buffers, torch.is_autocast_enabled("cpu")]
