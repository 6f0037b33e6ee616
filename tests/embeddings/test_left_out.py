"""Batches of two sizes show where the examples are; what is left out is said."""

import warnings
from collections.abc import Callable
from functools import partial

import pytest
import torch
from torch import Tensor, nn

from depthviz.embeddings import Probe, choose_probes, stream_embeddings
from depthviz.embeddings.choice import find_probes
from depthviz.embeddings.structure import Wanted
from depthviz.errors import ModelError

STEPS = 8  # as many as the examples of a first look


class Text(nn.Module):
    """Embeds tokens, runs something over them, and reads its last step."""

    def __init__(self, inner: nn.Module, *, first: bool) -> None:
        super().__init__()
        self.embed, self.inner, self.head = nn.Embedding(9, 4), inner, nn.Linear(4, 3)
        self.first = first

    def forward(self, tokens: Tensor) -> Tensor:
        found = self.inner(self.embed(tokens.t() if self.first else tokens))
        states = found[0] if isinstance(found, tuple) else found
        return self.head(states[-1] if self.first else states[:, -1])


class Flattened(nn.Module):
    """Lays the steps of all examples in one dimension meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.embed, self.inner, self.head = (
            nn.Embedding(9, 4),
            nn.Linear(4, 4),
            nn.Linear(4, 3),
        )

    def forward(self, tokens: Tensor) -> Tensor:
        steps = self.inner(self.embed(tokens).flatten(0, 1))
        return self.head(steps.unflatten(0, tokens.shape).mean(1))


class Around(nn.Module):
    """An ordinary network around some module."""

    def __init__(self, block: nn.Module) -> None:
        super().__init__()
        self.stem, self.block, self.head = nn.Linear(4, 4), block, nn.Linear(4, 3)

    def forward(self, rows: Tensor) -> Tensor:
        found = self.block(self.stem(rows))
        return self.head(found["relu"] if isinstance(found, dict) else found)


class Two(nn.Module):
    def forward(self, rows: Tensor) -> dict[str, Tensor]:
        return {"relu": rows.relu(), "abs": rows.abs()}


@pytest.fixture
def tokens() -> Tensor:
    return torch.randint(9, (8, STEPS), generator=torch.Generator().manual_seed(0))


def scripted(module: nn.Module) -> nn.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch.jit is going out of use
        return torch.jit.script(module)


@pytest.mark.parametrize(
    "inner",
    [
        partial(nn.LSTM, 4, 4),
        partial(nn.GRU, 4, 4),
        partial(nn.TransformerEncoderLayer, 4, 2, 8),
    ],
    ids=["LSTM", "GRU", "transformer"],
)
@pytest.mark.parametrize("named", ["auto", ["embed", "inner"]], ids=str)
def test_steps_never_pass_for_examples(
    inner: Callable[..., nn.Module], named: Wanted | list[str], tokens: Tensor
) -> None:
    model = Text(inner(batch_first=False), first=True).eval()
    other = Text(inner(batch_first=True), first=False).eval()
    other.load_state_dict(model.state_dict())
    assert torch.allclose(model(tokens), other(tokens))
    here, there = (
        next(
            stream_embeddings(
                network,
                [tokens],
                choose_probes(network, tokens, named),
                device=torch.device("cpu"),
            )
        ).embeddings
        for network in (model, other)
    )
    assert list(here) == list(there) == ["embed", "inner", "softmax"]
    for name, rows in here.items():
        assert torch.allclose(rows, there[name])


def test_examples_that_stand_second_are_found_and_noted(tokens: Tensor) -> None:
    model = Text(nn.GRU(4, 4), first=True)
    probes, left_out, *_ = find_probes(model, tokens, ["inner"])
    assert [each.batch_first for each in probes] == [False, True]
    assert left_out is None


def test_with_examples_first_the_layer_is_read(tokens: Tensor) -> None:
    model = Text(nn.GRU(4, 4, batch_first=True), first=False)
    probes, left_out, *_ = find_probes(model, tokens)
    assert [probe.name for probe in probes] == ["embed", "inner", "softmax"]
    assert left_out is None


def test_tokens_have_an_input_probe_where_it_is_asked_for(tokens: Tensor) -> None:
    model = Text(nn.GRU(4, 4, batch_first=True), first=False)
    assert choose_probes(model, tokens, ["embed"])[0].name == "embed"
    for asked in ("input", Probe("input")):
        assert choose_probes(model, tokens, [asked, "embed"])[0].name == "input"


def test_steps_in_one_dimension_with_examples_are_left_out_aloud(
    tokens: Tensor,
) -> None:
    probes, left_out, *_ = find_probes(Flattened(), tokens)
    assert [probe.name for probe in probes] == ["embed", "softmax"]
    assert "'inner' returns (64, 4), 8 rows for each example" in str(left_out)
    with pytest.raises(ModelError, match=r"8 rows here: .*reshape"):
        choose_probes(Flattened(), tokens, ["inner"])


def test_a_module_of_two_tensors_is_left_out_aloud() -> None:
    probes, left_out, *_ = find_probes(Around(Two()), torch.randn(8, 4))
    assert [probe.name for probe in probes] == ["input", "stem", "softmax"]
    assert "'block' returns a dict of" in str(left_out)


def test_torchscript_inside_is_left_out_aloud_and_refused_by_name() -> None:
    model = Around(scripted(nn.Linear(4, 4)))
    probes, left_out, *_ = find_probes(model, torch.randn(8, 4))
    assert "block" not in [probe.name for probe in probes]
    assert "'block' is TorchScript" in str(left_out)
    with pytest.raises(ModelError, match="'block' is TorchScript"):
        choose_probes(model, torch.randn(8, 4), ["stem", "block"])


def test_a_network_of_torchscript_is_refused_unless_its_ends_are_named() -> None:
    model = scripted(nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 3)))
    with pytest.raises(ModelError, match="The network is TorchScript"):
        choose_probes(model, torch.randn(8, 4))
    ends = choose_probes(model, torch.randn(8, 4), ["input", "softmax"])
    assert [probe.name for probe in ends] == ["input", "softmax"]


def test_a_network_for_one_batch_size_is_refused() -> None:
    class Fixed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(4, 3)

        def forward(self, rows: Tensor) -> Tensor:
            return self.layer(rows).view(8, 3)

    with pytest.raises(ModelError, match="must take batches of any size"):
        choose_probes(Fixed(), torch.randn(8, 4))
