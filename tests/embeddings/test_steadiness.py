"""A network whose logits are no function of the example is refused."""

import random
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from depthviz.embeddings.steadiness import check_steadiness
from depthviz.errors import ModelError

CPU = torch.device("cpu")
Between = Callable[["Network", Tensor], Tensor]


class Network(nn.Module):
    """Two layers with something between them."""

    def __init__(self, between: Between) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(8, 16), nn.Linear(16, 3)
        self.norm = nn.BatchNorm1d(16)
        self.drop = nn.Dropout(0.5)
        self.between = between
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, rows: Tensor) -> Tensor:
        return self.last(self.between(self, self.first(rows).relu()))


def counted(network: Network, hidden: Tensor) -> Tensor:
    network.calls += 1
    return hidden * network.calls


def noisy(_: Network, hidden: Tensor) -> Tensor:
    noise = np.random.standard_normal(hidden.shape)
    return hidden + torch.from_numpy(noise).float()


def sometimes_skipped(_: Network, hidden: Tensor) -> Tensor:
    return hidden if torch.rand(()) < 0.9 else 0 * hidden


def dropped_in_any_mode(network: Network, hidden: Tensor) -> Tensor:
    network.drop.train()
    return network.drop(hidden)


def normed_in_any_mode(network: Network, hidden: Tensor) -> Tensor:
    network.norm.train()
    return network.norm(hidden)


RANDOM: dict[str, Between] = {
    "functional dropout": lambda _, hidden: functional.dropout(hidden, 0.1),
    "sometimes skipped": sometimes_skipped,
    "noise of numpy": noisy,
    "Python's random": lambda _, hidden: hidden * random.random(),
    "sampled": lambda _, hidden: functional.gumbel_softmax(hidden, hard=True),
    "counted calls": counted,
    "dropout in any mode": dropped_in_any_mode,
}
OF_THE_BATCH: dict[str, Between] = {
    "centered": lambda _, hidden: hidden - hidden.mean(0),
    "scaled by the largest": lambda _, hidden: hidden / hidden.max(),
    "summed up": lambda _, hidden: hidden.cumsum(0),
    "batch norm in any mode": normed_in_any_mode,
    "softmax over examples": lambda _, hidden: hidden.softmax(0),
}
STEADY: dict[str, Between] = {
    "nothing": lambda _, hidden: hidden,
    "modules in evaluation mode": lambda net, hidden: net.drop(net.norm(hidden)),
    "rounding": lambda _, hidden: hidden + 1e-7 * torch.randn_like(hidden),
    "half precision": lambda net, hidden: hidden.bfloat16().float(),
}


def network_with(between: Between) -> Network:
    torch.manual_seed(0)
    return Network(between)


@pytest.fixture
def rows() -> Tensor:
    return torch.randn(8, 8, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("between", RANDOM.values(), ids=RANDOM)
def test_random_logits_are_refused(between: Between, rows: Tensor) -> None:
    with pytest.raises(ModelError, match=r"each time it runs: .*module '(last|drop)'"):
        check_steadiness(network_with(between), rows, device=CPU)


@pytest.mark.parametrize("between", OF_THE_BATCH.values(), ids=OF_THE_BATCH)
def test_logits_that_depend_on_the_batch_are_refused(
    between: Between, rows: Tensor
) -> None:
    with pytest.raises(ModelError, match=r"in its batch: .*module '(last|norm)'"):
        check_steadiness(network_with(between), rows, device=CPU)


@pytest.mark.parametrize("between", STEADY.values(), ids=STEADY)
def test_other_networks_pass(between: Between, rows: Tensor) -> None:
    check_steadiness(network_with(between), rows, device=CPU)


def test_a_network_of_half_precision_may_round_by_batch_size(rows: Tensor) -> None:
    wide = nn.Sequential(nn.Linear(8, 4096), nn.ReLU(), nn.Linear(4096, 3)).bfloat16()
    check_steadiness(wide, rows, device=CPU)


def test_the_module_that_does_it_is_named(rows: Tensor) -> None:
    norm = nn.BatchNorm1d(8, track_running_stats=False)
    with pytest.raises(ModelError, match=r"first to differ is module '0' \(BatchNorm1"):
        check_steadiness(nn.Sequential(norm, nn.Linear(8, 3)), rows, device=CPU)


def test_what_a_forward_does_after_its_last_module_is_said(rows: Tensor) -> None:
    class Ends(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(8, 3)

        def forward(self, rows: Tensor) -> Tensor:
            return self.layer(rows) - rows.mean()

    with pytest.raises(ModelError, match="in the forward of Ends after the last"):
        check_steadiness(Ends(), rows, device=CPU)


def test_masked_logits_are_compared_where_they_are_numbers(rows: Tensor) -> None:
    class Masked(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(8, 3)

        def forward(self, rows: Tensor) -> Tensor:
            hidden = torch.tensor([False, False, True])
            return self.layer(rows).masked_fill(hidden, -torch.inf)

    check_steadiness(Masked(), rows, device=CPU)


@pytest.mark.parametrize(
    "between", [*RANDOM.values(), *OF_THE_BATCH.values()], ids=[*RANDOM, *OF_THE_BATCH]
)
def test_a_refused_network_is_as_before(between: Between, rows: Tensor) -> None:
    network = network_with(between)
    network.last.train()
    network.first.eval()
    modes = [module.training for module in network.modules()]
    values = {name: each.clone() for name, each in network.state_dict().items()}
    with pytest.raises(ModelError):
        check_steadiness(network, rows, device=CPU)
    assert [module.training for module in network.modules()] == modes
    assert all(map(torch.equal, values.values(), network.state_dict().values()))
    assert not any(module._forward_hooks for module in network.modules())
