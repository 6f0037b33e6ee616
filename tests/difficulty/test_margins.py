"""Margins in the logits and in the input, against geometry and finite differences."""

import copy
import math

import pytest
import torch
from torch import Tensor, nn

from depthviz.difficulty import input_margin, output_margin
from depthviz.errors import DataError, ModelError, ShapeError


def small(*, seed: int = 0) -> nn.Sequential:
    """A convolutional network whose batch norms have seen data."""
    generator = torch.Generator().manual_seed(seed)
    model = nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1),
        nn.BatchNorm2d(4),
        nn.ReLU(inplace=True),
        nn.Dropout(0.5),
        nn.Flatten(),
        nn.Linear(4 * 5 * 5, 3),
    ).double()
    for each in model.parameters():
        each.data = torch.randn(each.shape, generator=generator).double()
    with torch.no_grad():
        model(torch.randn(16, 2, 5, 5, generator=generator).double() * 3 + 1)
    return model


def images(count: int = 4, *, seed: int = 1) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(count, 2, 5, 5, generator=generator, dtype=torch.float64)


def test_of_a_linear_network_it_is_the_distance_to_the_nearest_plane(
    device: torch.device,
) -> None:
    generator = torch.Generator().manual_seed(3)
    weight, points = (torch.randn(n, 6, generator=generator) for n in (4, 20))
    model = nn.Linear(6, 4, bias=False).to(device)
    model.weight.data = weight.to(device)
    found = input_margin(model, points.to(device))
    for point, margin in zip(points, found.tolist(), strict=True):
        a, b = (weight @ point).topk(2).indices
        normal = weight[a] - weight[b]
        expected = float(normal @ point / normal.norm())
        assert margin == pytest.approx(expected, rel=1e-4)
        there = point - normal * margin / normal.norm()
        assert (weight[a] @ there).item() == pytest.approx(
            (weight[b] @ there).item(), abs=1e-4
        )


def test_the_slope_is_that_of_finite_differences() -> None:
    model, batch = small(), images()
    found = input_margin(model, batch)
    model.eval()
    for one, margin in zip(batch, found.tolist(), strict=True):
        with torch.no_grad():
            logits = model(one[None])[0]
            a, b = logits.topk(2).indices
            steps = 1e-6 * torch.eye(one.numel()).double().view(-1, *one.shape)
            ahead, behind = model(one + steps), model(one - steps)
        slope = ((ahead - behind)[:, a] - (ahead - behind)[:, b]) / 2e-6
        expected = (logits[a] - logits[b]) / slope.norm()
        assert margin == pytest.approx(expected.item(), rel=1e-5)


def test_examples_of_a_batch_do_not_touch_each_other() -> None:
    model, batch = small(), images(6)
    alone = torch.cat([input_margin(model, one[None]) for one in batch])
    torch.testing.assert_close(input_margin(model, batch), alone)
    torch.testing.assert_close(input_margin(model, batch.flip(0)).flip(0), alone)


def test_the_network_is_left_as_it_was() -> None:
    model, batch = small(), images()
    model.train()
    model[1].eval()
    model[0].bias.requires_grad_(False)
    model[5].weight.grad = torch.ones_like(model[5].weight)
    before = copy.deepcopy(model)
    kept = batch.clone()
    input_margin(model, batch)
    assert torch.equal(batch, kept)
    assert batch.grad is None
    assert not batch.requires_grad
    for old, new in zip(before.modules(), model.modules(), strict=True):
        assert old.training == new.training
    for (name, old), new in zip(
        before.named_parameters(), model.parameters(), strict=True
    ):
        assert old.requires_grad == new.requires_grad, name
        assert (new.grad is None) == (name != "5.weight")
    assert bool((model[5].weight.grad == 1).all())
    for name, old in before.state_dict().items():
        assert torch.equal(old, model.state_dict()[name]), name


def test_it_works_where_gradients_are_off() -> None:
    model, batch = small(), images()
    expected = input_margin(model, batch)
    with torch.no_grad():
        assert torch.equal(input_margin(model, batch), expected)
    with torch.inference_mode():
        assert torch.equal(input_margin(model, batch.clone()), expected)
    assert not expected.requires_grad


def test_a_network_may_write_into_its_input() -> None:
    model = nn.Sequential(nn.ReLU(inplace=True), nn.Flatten(), nn.Linear(50, 3))
    batch = images().float()
    kept = batch.clone()
    assert input_margin(model, batch).isfinite().all()
    assert torch.equal(batch, kept)


class Flat(nn.Module):
    """Logits that the input does not change, by as much as is asked."""

    def __init__(self, gap: float) -> None:
        super().__init__()
        self.gap = gap

    def forward(self, inputs: Tensor) -> Tensor:
        return 0 * inputs[:, :2] + torch.tensor([self.gap, 0.0])


@pytest.mark.parametrize(
    ("gap", "margin"), [(2.0, math.inf), (0.0, 0.0), (math.nan, math.nan)]
)
def test_where_the_input_changes_nothing_the_other_class_is_infinitely_far(
    gap: float, margin: float
) -> None:
    found = input_margin(Flat(gap), torch.ones(3, 2)).tolist()
    assert found == pytest.approx([margin] * 3, nan_ok=True)


@pytest.mark.parametrize("factor", [0.5, 8.0])
def test_the_scale_of_the_logits_cancels_and_that_of_the_input_remains(
    factor: float,
) -> None:
    model = small()
    batch = images()
    expected = input_margin(model, batch)
    model[5].weight.data *= factor
    model[5].bias.data *= factor
    torch.testing.assert_close(input_margin(model, batch), expected)
    model[0].weight.data /= factor
    torch.testing.assert_close(input_margin(model, factor * batch), factor * expected)


def test_types_and_wrappers_of_the_network_are_taken() -> None:
    model = small().float()
    found = input_margin(nn.DataParallel(model), images())
    assert found.dtype == torch.float32
    exact = input_margin(small(), images()).float()
    torch.testing.assert_close(found, exact)
    assert input_margin(model.half(), images()).dtype == torch.float32
    assert input_margin(small(), images(0)).shape == (0,)


class Scaled(nn.Module):
    """Logits, and so their gradient, many powers of two away from one."""

    def __init__(self, power: int) -> None:
        super().__init__()
        self.factor = 2.0**power
        self.rows = nn.Linear(2, 2, bias=False)
        self.rows.weight.data = torch.eye(2)

    def forward(self, inputs: Tensor) -> Tensor:
        return self.rows(inputs * self.factor) * self.factor


@pytest.mark.parametrize("power", [-40, -13, 12, 50])
@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float32])
def test_no_slope_is_too_small_or_too_large_for_a_type(
    kind: torch.dtype, power: int
) -> None:
    model = Scaled(power).to(kind)
    found = input_margin(model, torch.tensor([[5.0, 1.0], [1.0, 1.0]], dtype=kind))
    assert found.tolist() == pytest.approx([4 / math.sqrt(2), 0.0])
    assert model.rows.weight.dtype == kind


def test_a_half_network_has_the_margins_of_its_parameters_in_float() -> None:
    half = small().half()
    before = copy.deepcopy(half.state_dict())
    found = input_margin(half, images())
    torch.testing.assert_close(
        found, input_margin(copy.deepcopy(half).float(), images())
    )
    assert all(
        torch.equal(before[name], now) for name, now in half.state_dict().items()
    )


def test_ambient_autocast_changes_nothing(device: torch.device) -> None:
    model, batch = small().float().to(device), images().float().to(device)
    expected = input_margin(model, batch)
    with torch.autocast(device.type, dtype=torch.bfloat16):
        assert torch.equal(input_margin(model, batch), expected)


def test_parameters_made_in_inference_mode_are_copied() -> None:
    model, batch = small(), images()
    with torch.inference_mode():
        made = copy.deepcopy(model)
        for each in made.modules():
            for name, value in [*each.named_parameters(recurse=False)]:
                setattr(each, name, nn.Parameter(value.clone()))
            for name, value in [*each.named_buffers(recurse=False)]:
                setattr(each, name, value.clone())
    assert all(each.is_inference() for each in made.parameters())
    torch.testing.assert_close(input_margin(made, batch), input_margin(model, batch))
    assert all(each.requires_grad for each in made.parameters())


def test_an_example_may_be_one_number() -> None:
    model = nn.Sequential(nn.Unflatten(0, (-1, 1)), nn.Linear(1, 2, bias=False))
    model[1].weight.data = torch.tensor([[3.0], [1.0]])
    assert input_margin(model, torch.tensor([5.0, -2.0])).tolist() == [5, 2]


def test_output_margins_are_those_of_sorting() -> None:
    logits = torch.randn(50, 7, generator=torch.Generator().manual_seed(0))
    ranked = logits.sort(1, descending=True).values
    assert torch.equal(output_margin(logits), ranked[:, 0] - ranked[:, 1])
    assert torch.equal(output_margin(logits.flip(1)), output_margin(logits))
    assert output_margin(torch.tensor([[1.0, math.nan, 0.0]])).isnan().all()


def test_margins_of_what_has_none_are_refused() -> None:
    with pytest.raises(ShapeError, match=r"logits must have shape \(N, C\)"):
        output_margin(torch.zeros(3))
    with pytest.raises(ShapeError, match="at least two classes"):
        output_margin(torch.zeros(3, 1))
    with pytest.raises(DataError, match=r"inputs of floats, got torch\.int64"):
        input_margin(nn.Embedding(5, 2), torch.tensor([1]))
    with pytest.raises(ModelError, match="must return logits of shape"):
        input_margin(nn.Conv2d(2, 3, 1), images().float())

    class Cut(nn.Linear):
        def forward(self, inputs: Tensor) -> Tensor:
            return super().forward(inputs).detach()

    with pytest.raises(ModelError, match="no gradient with respect to the inputs"):
        input_margin(Cut(2, 2), torch.ones(1, 2))
