"""The paper's networks: their probes, their weights, and that they learn."""

import subprocess
import sys
from functools import partial

import pytest
import torch
from torch import nn

from depthviz.embeddings import choose_probes
from depthviz.embeddings.capture import Capture
from depthviz.errors import DependencyError
from depthviz.models import mlp, resnet18, small_cnn, vgg16

pytest.importorskip("torchvision")

BUILDERS = {
    "mlp": partial(mlp, in_features=3 * 32 * 32, width=64),
    "vgg16": vgg16,
    "resnet18": resnet18,
    "small_cnn": partial(small_cnn, in_channels=3, width=4),
}
INNER = {
    "mlp": [f"dense{number}" for number in range(1, 8)],
    "vgg16": [f"conv{number}" for number in range(1, 14)],
    "resnet18": ["stem", *(f"block{number}" for number in range(1, 9))],
    "small_cnn": ["conv1", "conv2", "conv3", "conv4", "dense1"],
}


@pytest.fixture(params=BUILDERS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def pictures() -> torch.Tensor:
    return torch.rand(4, 3, 32, 32, generator=torch.Generator().manual_seed(0))


def test_the_automatic_probes_are_those_of_the_paper(name, pictures):
    probes = choose_probes(BUILDERS[name](seed=0), pictures, "auto")
    assert [probe.name for probe in probes] == ["input", *INNER[name], "softmax"]


def test_no_probe_stands_behind_a_relu(name, pictures):
    network = BUILDERS[name](seed=0).eval()
    probes = choose_probes(network, pictures, "auto")[1:-1]
    with Capture(network, probes, torch.device("cpu")) as capture:
        network(pictures)
        rows = capture.take(len(pictures))
    assert len(rows) == len(INNER[name])
    assert all((values < 0).any() for values in rows.values())


def test_what_a_vgg_probe_sees_goes_into_the_relu_unchanged(pictures):
    network = vgg16(seed=0).eval()
    seen = {}
    for relu in (part for part in network.features if isinstance(part, nn.ReLU)):
        relu.register_forward_pre_hook(
            lambda part, inputs: seen.update({part: inputs[0].flatten(1).clone()})
        )
    probes = choose_probes(network, pictures, "auto")[1:-1]
    with Capture(network, probes, torch.device("cpu")) as capture:
        network(pictures)
        rows = list(capture.take(len(pictures)).values())
    assert len(rows) == len(seen) == 13
    assert all(map(torch.equal, rows, seen.values()))


def test_one_step_trains_every_weight(name, pictures):
    network = BUILDERS[name](seed=0).train()
    before = [weight.detach().clone() for weight in network.parameters()]
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
    labels = torch.tensor([0, 1, 2, 3])
    loss = nn.functional.cross_entropy(network(pictures), labels)
    loss.backward()
    optimizer.step()
    assert loss.isfinite()
    # The bias of a convolution before a normalization changes nothing but that.
    weights = zip(network.parameters(), before, strict=True)
    assert all(not torch.equal(a, b) for a, b in weights if b.ndim > 1)


def test_a_seed_decides_the_weights_and_leaves_the_global_random_state_alone(name):
    before = torch.random.get_rng_state()
    one, same, other = (BUILDERS[name](seed=seed) for seed in (1, 1, 2))
    assert torch.equal(torch.random.get_rng_state(), before)
    pairs = list(zip(one.parameters(), same.parameters(), strict=True))
    assert all(torch.equal(a, b) for a, b in pairs)
    assert not torch.equal(first(one), first(other))


def test_without_a_seed_the_global_random_state_decides_the_weights(name):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        one, other = BUILDERS[name](), BUILDERS[name]()
        torch.manual_seed(5)
        again = BUILDERS[name]()
    pairs = zip(one.parameters(), again.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)
    assert not torch.equal(first(one), first(other))


@pytest.mark.parametrize("build", [vgg16, resnet18])
def test_channels_classes_and_sizes_are_free(build):
    network = build(in_channels=1, num_classes=7, seed=0).eval()
    for size in (16, 28, 32):
        assert network(torch.rand(2, 1, size, size)).shape == (2, 7)


def test_the_resnet_keeps_the_resolution_of_a_small_picture(pictures):
    network = resnet18(seed=0).eval()
    sizes = []
    for layer in (network.layer1, network.layer4):
        layer.register_forward_hook(lambda _, __, out: sizes.append(out.shape[1:]))
    network(pictures)
    assert sizes == [(64, 32, 32), (512, 4, 4)]
    assert sum(weight.numel() for weight in network.parameters()) == 11_173_962


def test_the_convolutions_are_those_of_torchvisions_vgg():
    from torchvision.models import vgg16_bn

    with torch.device("meta"):
        theirs = vgg16_bn(init_weights=False).features.state_dict()
    ours = vgg16(seed=0).features.state_dict()
    assert {name: values.shape for name, values in ours.items()} == {
        name: values.shape for name, values in theirs.items()
    }


def test_weights_of_a_layer_keep_the_size_of_what_goes_through():
    network = mlp(in_features=200, width=400, seed=0)
    rows = torch.randn(50, 200, generator=torch.Generator().manual_seed(1))
    for layer in network[:-1]:
        rows = layer(rows)
    assert 0.5 < rows.square().mean() < 2


@pytest.mark.parametrize("build", [vgg16, resnet18])
def test_without_torchvision_the_error_tells_how_to_install_it(build, monkeypatch):
    for module in ("", ".models", ".models.resnet", ".models.vgg"):
        monkeypatch.setitem(sys.modules, f"torchvision{module}", None)
    with pytest.raises(DependencyError, match="pip install torchvision"):
        build(seed=0)


def test_torchvision_is_not_imported_before_a_network_is_built():
    code = "import sys, depthviz.models; print('torchvision' in sys.modules)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def first(network: nn.Module) -> torch.Tensor:
    return next(network.parameters())


@pytest.mark.parametrize("build", [mlp, resnet18, small_cnn, vgg16])
def test_the_old_keyword_gives_the_new_one(build):
    name = build.__name__
    message = f"The argument 'classes' of {name} is now 'num_classes'"
    with pytest.raises(TypeError, match=message):
        build(classes=7)
