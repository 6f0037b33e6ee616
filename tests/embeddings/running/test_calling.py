"""How networks are called with nests, and what is left out."""

import pytest
import torch
from torch import Tensor, nn

from depthviz.embeddings import Probe, choose_probes
from depthviz.embeddings.running.calling import call_network, takes, unused_names
from depthviz.errors import ModelError, ProbeError


class Two(nn.Module):
    """Takes two inputs."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(4, 8), nn.Linear(5, 8)
        self.head = nn.Linear(8, 3)

    def forward(self, x: Tensor, y: Tensor, *, scale: Tensor | None = None) -> Tensor:
        hidden = torch.relu(self.one(x) + self.two(y))
        return self.head(hidden if scale is None else hidden * scale)


class Any_(nn.Module):  # noqa: N801 - stands for networks that take any names
    """Takes any names."""

    def forward(self, **named: Tensor) -> list[str]:
        return list(named)


X, Y = torch.ones(2, 4), torch.ones(2, 5)


def test_names_and_order_give_the_same():
    network = Two()
    expected = network(X, Y)
    assert torch.equal(call_network(network, {"y": Y, "x": X}), expected)
    assert torch.equal(call_network(network, (X, Y)), expected)
    assert torch.equal(call_network(network, [X, Y]), expected)


def test_names_that_forward_does_not_take_are_left_out():
    batch = {"x": X, "idx": torch.ones(2), "y": Y}
    assert unused_names(Two(), batch) == ("idx",)
    assert call_network(Two(), batch).shape == (2, 3)
    assert call_network(Any_(), batch) == ["x", "idx", "y"]
    assert takes(torch.compile(Two()), "scale")
    assert not takes(Any_(), "x")


def test_a_forward_of_ones_own_finds_the_same_probes():
    network, batch = Two(), {"pair": torch.cat([X, Y], 1)}

    def forward(model: nn.Module, given: dict[str, Tensor]) -> object:
        return model(given["pair"][:, :4], given["pair"][:, 4:])

    by_hand = choose_probes(network, batch, forward=forward)
    assert by_hand == choose_probes(network, (X, Y))
    assert by_hand[-1] == Probe("softmax")
    assert by_hand[0].name != "input"


def test_what_fits_no_call_is_refused_with_the_remedy():
    with pytest.raises(ModelError, match=r"'x' of shape \(2, 4\), float32: .*forward="):
        choose_probes(Two(), {"x": X})


def test_items_that_are_batches_are_seen():
    batch = {"x": torch.ones(2, 1, 4), "y": torch.ones(2, 1, 3)}
    with pytest.raises(
        ModelError, match="a batch of one example: leave out return_ten"
    ):
        choose_probes(Two(), batch)


def test_several_inputs_have_no_probe_of_their_own():
    with pytest.raises(ProbeError, match="inputs that are one tensor"):
        choose_probes(Two(), (X, Y), ["input", "one"])
