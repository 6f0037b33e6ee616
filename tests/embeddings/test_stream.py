"""A network is lent for measuring and given back as it was."""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

from depthviz.embeddings import Probe, choose_probes, stream_embeddings
from depthviz.errors import ModelError, ProbeError
from tests.embeddings.networks import Wrapper, chain, traps

CPU = torch.device("cpu")
ENDS = (Probe("input"), Probe("softmax"))


def pictures(examples: int) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(examples, 3, 10, 10, generator=generator)


def partly_frozen() -> nn.Module:
    model = traps(inplace=True).train()
    model[3].eval()
    model[5].norm.eval()
    return model


def state(model: nn.Module) -> tuple[object, ...]:
    hooks = [
        len(module._forward_hooks) + len(module._forward_pre_hooks)
        for module in model.modules()
    ]
    return [module.training for module in model.modules()], hooks


def test_batches_give_what_the_network_gives(device: torch.device) -> None:
    model, inputs = traps(inplace=True).eval(), pictures(10)
    probes = choose_probes(model, inputs[:2])
    found = list(stream_embeddings(model, inputs.split(4), probes, device=device))
    assert [len(batch.logits) for batch in found] == [4, 4, 2]
    assert [list(batch.embeddings) for batch in found] == [
        [probe.name for probe in probes]
    ] * 3
    with torch.no_grad():
        logits = model(inputs)
    ours = torch.cat([batch.logits for batch in found])
    torch.testing.assert_close(ours, logits, rtol=1e-4, atol=1e-5)
    softmax = torch.cat([batch.embeddings["softmax"] for batch in found])
    assert torch.equal(softmax, ours.softmax(1))
    flat = torch.cat([batch.embeddings["input"] for batch in found])
    assert torch.equal(flat, inputs.flatten(1))
    assert ours.device == flat.device == CPU


def test_modes_and_hooks_are_as_before_at_the_end() -> None:
    model = partly_frozen()
    before = state(model)
    probes = [Probe("a", "0"), Probe("b", "5.relu", "input")]
    for _ in stream_embeddings(model, pictures(4).split(2), probes, device=CPU):
        assert not any(module.training for module in model.modules())
    assert state(model) == before


def test_modes_and_hooks_are_as_before_after_an_early_close() -> None:
    model = partly_frozen()
    before = state(model)
    stream = stream_embeddings(
        model, pictures(4).split(2), [Probe("a", "0")], device=CPU
    )
    next(stream)
    assert state(model) != before
    stream.close()
    assert state(model) == before


def test_modes_and_hooks_are_as_before_after_an_error_in_the_network() -> None:
    model = partly_frozen()
    before = state(model)
    wrong = torch.ones(2, 1, 10, 10)
    with pytest.raises(RuntimeError, match="channels"):
        list(stream_embeddings(model, [wrong], [Probe("a", "0")], device=CPU))
    assert state(model) == before


def test_modes_and_hooks_are_as_before_after_an_error_in_the_data() -> None:
    def broken() -> Iterator[Tensor]:
        yield pictures(2)
        raise OSError("the disk is gone")

    model = partly_frozen()
    before = state(model)
    with pytest.raises(OSError, match="the disk is gone"):
        list(stream_embeddings(model, broken(), [Probe("a", "0")], device=CPU))
    assert state(model) == before


def test_modes_and_hooks_are_as_before_after_a_refused_probe() -> None:
    model = partly_frozen()
    before = state(model)
    with pytest.raises(ProbeError):
        list(stream_embeddings(model, [pictures(2)], [Probe("a", "zz")], device=CPU))
    assert state(model) == before


def test_a_module_that_does_more_in_train_is_told_to() -> None:
    class Merging(nn.Linear):
        merged = False

        def train(self, mode: bool = True) -> "Merging":
            self.merged = not mode
            return super().train(mode)  # type: ignore[return-value]

    model = nn.Sequential(Merging(3, 3), nn.Linear(3, 2)).train()
    for _ in stream_embeddings(model, [torch.ones(1, 3)], ENDS, device=CPU):
        assert model[0].merged
    assert not model[0].merged


def test_a_module_that_ignores_train_keeps_its_mode() -> None:
    class Frozen(nn.BatchNorm1d):
        def train(self, mode: bool = True) -> "Frozen":
            return super().train(False)  # type: ignore[return-value]

    model = nn.Sequential(Frozen(3), nn.Linear(3, 2))
    assert model[0].training
    list(stream_embeddings(model, [torch.ones(1, 3)], ENDS, device=CPU))
    assert model[0].training


def test_the_network_is_moved_there_and_back() -> None:
    moves: list[torch.device] = []

    class Traveler(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.ones(2))

        def to(self, device: torch.device) -> "Traveler":  # type: ignore[override]
            moves.append(device)
            return self

        def forward(self, x: Tensor) -> Tensor:
            if len(x) == 1:
                raise RuntimeError("lost on the way")
            return self.weight.expand(len(x), 2)

    away = torch.device("meta")
    list(stream_embeddings(Traveler(), [torch.ones(3, 1)], ENDS, device=away))
    assert moves == [away, CPU]
    with pytest.raises(RuntimeError, match="lost on the way"):
        list(stream_embeddings(Traveler(), [torch.ones(1, 1)], ENDS, device=away))
    assert moves == [away, CPU] * 2


@pytest.mark.gpu
def test_the_network_goes_home_from_the_gpu(device: torch.device) -> None:
    model = chain()
    weight = model[3].weight
    for _ in stream_embeddings(model, [pictures(1)[:, :, :8, :8]], ENDS, device=device):
        assert weight.device.type == device.type
    assert model[3].weight is weight
    assert weight.device == CPU


def test_statistics_and_gradients_are_left_alone() -> None:
    model = traps(inplace=True).train()
    mean = model[3].running_mean.clone()
    [batch] = stream_embeddings(
        model, [pictures(3)], [Probe("a", "3"), *ENDS], device=CPU
    )
    assert torch.equal(model[3].running_mean, mean)
    assert not batch.logits.requires_grad
    assert not any(rows.requires_grad for rows in batch.embeddings.values())


def test_gradients_stay_on_between_the_batches() -> None:
    stream = stream_embeddings(
        traps(inplace=True), pictures(4).split(2), ENDS, device=CPU
    )
    for _ in stream:
        assert torch.is_grad_enabled()


def test_a_network_that_writes_into_its_input_does_not_change_the_data() -> None:
    inputs = -torch.ones(2, 3)
    model = nn.Sequential(nn.ReLU(inplace=True), nn.Linear(3, 2))
    [batch] = stream_embeddings(model, [inputs], ENDS, device=CPU)
    assert (inputs == -1).all()
    assert (batch.embeddings["input"] == -1).all()


TYPES = (torch.float32, torch.float64, torch.bfloat16)


@pytest.mark.parametrize("given", TYPES)
@pytest.mark.parametrize("own", TYPES)
def test_floats_reach_the_network_in_its_own_type(
    own: torch.dtype, given: torch.dtype
) -> None:
    inputs = torch.linspace(-2, 2, 12).view(4, 3).to(given)
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2)).to(own)
    probes = choose_probes(model, inputs[:2])
    assert [probe.name for probe in probes] == ["input", "dense1", "softmax"]
    [batch] = stream_embeddings(model, [inputs], probes, device=CPU)
    with torch.no_grad():
        assert torch.equal(batch.logits, model(inputs.to(own)).float())
    assert torch.equal(batch.embeddings["input"], inputs.float())
    assert {rows.dtype for rows in batch.embeddings.values()} == {torch.float32}


def test_whole_numbers_reach_the_network_as_they_are() -> None:
    model = nn.Sequential(nn.Embedding(9, 4), nn.Flatten(), nn.Linear(8, 2))
    tokens = torch.tensor([[1, 2], [8, 0]])
    probes = choose_probes(model, tokens)
    [batch] = stream_embeddings(model, [tokens], probes, device=CPU)
    with torch.no_grad():
        assert torch.equal(batch.logits, model(tokens))


@pytest.mark.parametrize(
    ("model", "inputs", "message"),
    [
        (
            nn.Linear(5, 2),
            torch.ones(2, 3),
            r"shape \(2, 3\), float32: .* multiplied \(2x3 and 5x2\)\.$",
        ),
        (
            nn.Conv2d(3, 2, 1),
            torch.ones(2, 1, 8, 8).double(),
            r"shape \(2, 1, 8, 8\), float64: .* 1 channels .*\. Arrays .* convert",
        ),
        (nn.BatchNorm2d(3), torch.ones(2, 8, 8), "expected 4D input .got 3D input"),
        (nn.Embedding(3, 2), torch.tensor([[3]]), r"\(1, 1\), int64: index out of"),
    ],
)
def test_inputs_that_the_network_cannot_take_are_told_at_first(
    model: nn.Module, inputs: Tensor, message: str
) -> None:
    with pytest.raises(ModelError, match=message) as error:
        choose_probes(model, inputs)
    assert error.value.__cause__ is not None


def test_compiled_code_is_passed_by() -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("compiled code ran, so hooks may not have")

    inner = nn.Sequential(nn.Linear(3, 4), nn.ReLU(inplace=True), nn.Linear(4, 2))
    plain = next(
        stream_embeddings(inner, [torch.ones(1, 3)], [Probe("a", "0")], device=CPU)
    )
    for model in (
        torch.compile(inner, backend=refuse),
        Wrapper(torch.compile(inner, backend=refuse)),
        nn.DataParallel(inner),
    ):
        probes = choose_probes(model, torch.ones(1, 3))
        [batch] = stream_embeddings(model, [torch.ones(1, 3)], probes, device=CPU)
        assert torch.equal(batch.embeddings["dense1"], plain.embeddings["a"])
    inner.compile(backend=refuse)
    [batch] = stream_embeddings(
        inner, [torch.ones(1, 3)], [Probe("a", "0")], device=CPU
    )
    assert torch.equal(batch.embeddings["a"], plain.embeddings["a"])


def test_logits_of_every_batch_are_checked() -> None:
    model = Wrapper(nn.Linear(3, 2), lambda x: x if len(x) > 1 else x[0])
    batches = [torch.ones(2, 3), torch.ones(1, 3)]
    with pytest.raises(ModelError, match=r"\(1, classes\).* shape \(2,\)"):
        list(stream_embeddings(model, batches, ENDS, device=CPU))
