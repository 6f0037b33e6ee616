"""Activations are those of the moment when the module ran."""

import pytest
import torch
from torch import Tensor, nn

from depthviz.embeddings import Batch, Probe, stream_embeddings
from depthviz.errors import ModelError
from tests.embeddings.networks import Wrapper, traps

INSIDE = [
    Probe("after convolution", "0"),
    Probe("after norm", "3"),
    Probe("after addition", "5.relu", "input"),
    Probe("block", "5"),
    Probe("into head", "8", "input"),
]


def look(model: nn.Module, inputs: Tensor, *probes: Probe) -> Batch:
    [batch] = stream_embeddings(model, [inputs], probes, device=torch.device("cpu"))
    return batch


def test_an_in_place_relu_does_not_overwrite_what_came_before_it() -> None:
    inputs = torch.randn(6, 3, 10, 10, generator=torch.Generator().manual_seed(1))
    trapped = look(traps(inplace=True), inputs, *INSIDE)
    plain = look(traps(inplace=False), inputs, *INSIDE)
    assert torch.equal(trapped.logits, plain.logits)
    for probe in INSIDE:
        assert torch.equal(trapped.embeddings[probe.name], plain.embeddings[probe.name])
    for probe in INSIDE[:3]:
        assert (trapped.embeddings[probe.name] < 0).any()
    sums = trapped.embeddings["after addition"]
    assert torch.equal(sums.relu(), trapped.embeddings["block"])


def test_the_last_call_of_a_shared_module_counts() -> None:
    shared = nn.Linear(3, 3)
    model = nn.Sequential(shared, nn.Tanh(), shared, nn.Linear(3, 2))
    inputs = torch.randn(4, 3)
    seen = look(model, inputs, Probe("shared", "0"), Probe("into", "0", "input"))
    with torch.no_grad():
        once = shared(inputs).tanh()
        assert torch.equal(seen.embeddings["shared"], shared(once))
        assert torch.equal(seen.embeddings["into"], once)


def test_activations_are_flattened_in_logical_order() -> None:
    inputs = torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last)
    model = nn.Sequential(nn.Identity(), nn.Flatten(), nn.Linear(60, 2))
    seen = look(model, inputs, Probe("input"), Probe("same", "0"))
    assert torch.equal(seen.embeddings["same"], inputs.reshape(2, 60))
    assert torch.equal(seen.embeddings["input"], inputs.reshape(2, 60))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_every_number_type_comes_out_as_float32(dtype: torch.dtype) -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2)).to(dtype)
    seen = look(model, torch.ones(2, 3, dtype=dtype), Probe("a", "0"), Probe("softmax"))
    assert {rows.dtype for rows in seen.embeddings.values()} == {torch.float32}
    assert seen.logits.dtype == torch.float32


def test_keyword_inputs_of_a_module_are_seen() -> None:
    class Named(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(3, 2)

        def forward(self, x: Tensor) -> Tensor:
            return self.layer(input=2 * x)

    seen = look(Named(), torch.ones(1, 3), Probe("doubled", "layer", "input"))
    assert seen.embeddings["doubled"].tolist() == [[2, 2, 2]]


def test_a_tuple_with_one_tensor_is_that_tensor() -> None:
    model = Wrapper(nn.LSTM(3, 4, batch_first=True), lambda out: out[0][:, -1])
    seen = look(model, torch.ones(2, 5, 3), Probe("states", "inner"))
    assert seen.embeddings["states"].shape == (2, 20)


@pytest.mark.parametrize(
    "layer", [nn.GRU(3, 4, batch_first=True), nn.RNN(3, 4, batch_first=True)], ids=str
)
def test_a_recurrent_layer_is_read_at_its_outputs(layer: nn.Module) -> None:
    model = Wrapper(layer, lambda out: out[0][:, -1])
    seen = look(model, torch.ones(2, 5, 3), Probe("states", "inner"))
    with torch.no_grad():
        assert torch.equal(
            seen.embeddings["states"], layer(torch.ones(2, 5, 3))[0].flatten(1)
        )


class Pair(nn.Module):
    """Returns two tensors, by name where that is asked for."""

    def __init__(self, *, named: bool) -> None:
        super().__init__()
        self.layer, self.named = nn.Linear(3, 4), named

    def forward(self, rows: Tensor) -> object:
        out, first = self.layer(rows), rows[:, 0]
        return {"new": out, "old": first} if self.named else (out, first)


def test_of_a_tuple_the_first_tensor_is_read() -> None:
    model = Wrapper(Pair(named=False), lambda out: out[0][:, -1])
    seen = look(model, torch.ones(2, 5, 3), Probe("states", "inner"))
    assert seen.embeddings["states"].shape == (2, 20)


def test_a_mapping_of_two_tensors_is_refused_with_what_came() -> None:
    model = Wrapper(Pair(named=True), lambda out: out["new"][:, -1])
    expected = (
        r"'states'.* a dict of \('new': a tensor of shape \(2, 5, 4\), 'old': a t"
    )
    with pytest.raises(ModelError, match=expected):
        look(model, torch.ones(2, 5, 3), Probe("states", "inner"))


def test_a_module_without_a_row_for_each_example_is_refused() -> None:
    model = nn.Sequential(
        nn.Flatten(0, 1), nn.Linear(3, 2), nn.Unflatten(0, (2, 5)), nn.Flatten()
    )
    with pytest.raises(
        ModelError, match=r"'tokens'.* has shape \(10, 2\) for 2 examples.* 5 rows"
    ):
        look(model, torch.ones(2, 5, 3), Probe("tokens", "1"))


def test_a_probe_that_says_the_wrong_dimension_is_refused_with_the_remedy() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.Flatten())
    with pytest.raises(ModelError, match=r"second dimension .*batch_first=False\. "):
        look(model, torch.ones(2, 5, 3), Probe("0", batch_first=False))


def test_a_module_that_does_not_run_is_refused() -> None:
    model = Wrapper(nn.Linear(3, 2))
    model.spare = nn.Linear(3, 2)
    with pytest.raises(ModelError, match="the module 'spare' did not run"):
        look(model, torch.ones(2, 3), Probe("unused", "spare"))
