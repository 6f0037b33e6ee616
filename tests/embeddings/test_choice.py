"""Where "auto" puts the probes."""

import subprocess
import sys
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from depthviz.embeddings import Probe, choose_probes, describe_probes
from depthviz.embeddings.stream import embedding_sizes
from depthviz.errors import FeatureError, ModelError
from tests.embeddings.chosen import CHAIN, PICTURES, SMALL, names, places, resnet
from tests.embeddings.networks import Blocks, Residual, Wrapper, chain


@pytest.mark.parametrize(("kind", "blocks"), [("resnet18", 8), ("resnet50", 16)])
def test_resnet_probes_stand_after_the_stem_and_after_each_addition(
    kind: str, blocks: int
) -> None:
    probes = choose_probes(resnet(kind), PICTURES)
    assert names(probes) == ["stem", *(f"block{i}" for i in range(1, blocks + 1))]
    assert probes[1] == Probe("stem", "bn1")
    assert probes[2] == Probe("block1", "layer1.0.relu", "input")
    assert len(probes) == blocks + 3


class Flattening(nn.Module):
    """Flattens the input by a module, then has blocks that are no Sequential."""

    def __init__(self) -> None:
        super().__init__()
        self.flat, self.pass_by = nn.Flatten(), nn.Dropout()
        self.hidden, self.last = nn.Linear(192, 8), nn.Linear(8, 3)

    def forward(self, inputs: Tensor) -> Tensor:
        logits: Tensor = self.last(self.hidden(self.pass_by(self.flat(inputs))).relu())
        return logits


def test_a_flatten_of_the_input_is_no_probe_of_its_own() -> None:
    assert names(choose_probes(Flattening(), SMALL)) == ["hidden"]
    named = choose_probes(Flattening(), SMALL, ["flat", "hidden"])
    assert names(named) == ["flat", "hidden"]


def test_a_resnet_in_a_wrapper_is_found() -> None:
    model = nn.Sequential(
        nn.Flatten(), nn.Unflatten(1, (3, 32, 32)), resnet("resnet18")
    )
    probes = choose_probes(model, PICTURES)
    assert probes[2] == Probe("block1", "2.layer1.0.relu", "input")


def test_a_resnet_whose_blocks_end_otherwise_is_read_after_its_blocks() -> None:
    model = resnet("resnet18")
    for block in [*model.layer1, *model.layer4]:
        block.relu = nn.LeakyReLU()
    assert names(choose_probes(model, PICTURES)) == [
        "bn1",
        *(f"layer{layer}.{block}" for layer in range(1, 5) for block in range(2)),
        "avgpool",
    ]


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [("vgg16", "features.0", "features.28"), ("vgg16_bn", "features.1", "features.41")],
)
def test_vgg_probes_stand_at_each_convolution_before_its_relu(
    kind: str, first: str, last: str
) -> None:
    probes = choose_probes(resnet(kind, init_weights=False), PICTURES)
    assert names(probes) == [f"conv{i}" for i in range(1, 14)]
    assert (places(probes)[0], places(probes)[-1]) == (first, last)


def test_a_sequential_has_a_probe_at_each_layer_before_its_nonlinearity() -> None:
    probes = choose_probes(chain(), SMALL)
    assert names(probes) == CHAIN
    assert places(probes) == ["0.1", "1.0", "5"]


@pytest.mark.parametrize(
    "wrap",
    [
        Wrapper,
        lambda inner: Wrapper(Wrapper(inner)),
        lambda inner: Wrapper(inner, lambda x: x.log_softmax(1)),
        lambda inner: nn.Sequential(nn.Identity(), inner),
        nn.DataParallel,
        torch.compile,
    ],
)
def test_a_sequential_in_a_thin_wrapper_is_found(
    wrap: Callable[[nn.Module], nn.Module],
) -> None:
    assert names(choose_probes(wrap(chain()), SMALL)) == CHAIN


def test_a_last_dense_layer_that_is_not_the_logits_has_a_probe() -> None:
    inner = nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 3))
    model = Wrapper(inner, lambda x: x @ torch.eye(3)[:, :2])
    assert names(choose_probes(model, torch.randn(2, 4))) == ["dense1", "dense2"]


def test_a_shared_layer_has_one_probe_at_its_last_call() -> None:
    shared = nn.Linear(4, 4)
    model = nn.Sequential(
        shared, nn.ReLU(), nn.Linear(4, 4), nn.ReLU(), shared, nn.Linear(4, 2)
    )
    assert places(choose_probes(model, torch.randn(2, 4))) == ["2", "4"]


def test_a_norm_after_a_shared_relu_is_not_that_of_the_layer_before() -> None:
    relu = nn.ReLU()
    model = nn.Sequential(
        nn.Linear(4, 4),
        relu,
        nn.Linear(4, 4),
        relu,
        nn.BatchNorm1d(4),
        nn.Linear(4, 2),
    )
    assert places(choose_probes(model, torch.randn(2, 4))) == ["0", "2"]


def test_any_other_network_has_probes_at_its_top_level_blocks() -> None:
    probes = choose_probes(Blocks(), torch.randn(2, 6))
    assert places(probes) == ["stem", "blocks.0", "blocks.1", "blocks.2", "relu"]


def test_a_sequential_of_blocks_has_a_probe_at_each_block() -> None:
    model = nn.Sequential(
        nn.Conv2d(3, 4, 1), Residual(4, inplace=True), nn.Flatten(), nn.Linear(256, 2)
    )
    assert places(choose_probes(model, SMALL)) == ["0", "1"]


def test_a_single_dense_layer_has_only_the_ends() -> None:
    assert choose_probes(nn.Linear(6, 3), torch.randn(2, 6)) == (
        Probe("input"),
        Probe("softmax"),
    )


def test_a_block_with_a_reserved_name_gets_another() -> None:
    class Attention(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.softmax = nn.Softmax(1)
            self.head = nn.Linear(6, 3)

        def forward(self, x: Tensor) -> Tensor:
            return self.head(x * self.softmax(x))

    probes = choose_probes(Attention(), torch.randn(2, 6))
    assert probes[1:-1] == (Probe("module softmax", "softmax"),)


@pytest.mark.parametrize(
    ("after", "message"),
    [
        (lambda x: x.softmax(1), "returns probabilities"),
        (lambda x: (x, x), r"it returned a tuple of \(a tensor of shape \(2, 5\), "),
        (lambda x: {"scores": x}, r"it returned a dict of \('scores': a tensor"),
        (
            lambda x: x[:, :1],
            r"at least 2 classes; it returned a tensor of shape \(2, 1",
        ),
        (lambda x: x[:, :, None], r"logits of shape \(2, classes\)"),
        (lambda x: None, "it returned None"),
    ],
)
def test_what_are_no_logits_is_refused_with_what_came(
    after: Callable[[Tensor], object], message: str
) -> None:
    with pytest.raises(ModelError, match=message):
        choose_probes(Wrapper(chain(), after), SMALL)


def test_an_output_with_logits_is_read() -> None:
    class Output:
        def __init__(self, logits: Tensor) -> None:
            self.logits = logits

    model = Wrapper(chain(), Output)
    assert names(choose_probes(model, SMALL)) == CHAIN
    sizes = embedding_sizes(
        model, SMALL, choose_probes(model, SMALL), device=torch.device("cpu")
    )
    assert sizes == {"input": 192, "conv1": 144, "conv2": 96, "dense1": 7, "softmax": 5}


def test_no_examples_choose_no_probes() -> None:
    with pytest.raises(FeatureError, match="at least one example"):
        choose_probes(chain(), SMALL[:0])


def test_the_choice_is_told_in_one_line() -> None:
    told = describe_probes(choose_probes(chain(), SMALL))
    assert told == "5 probes: input, conv1 (0.1), conv2 (1.0), dense1 (5), softmax"


def test_choosing_leaves_the_network_and_the_batch_alone() -> None:
    model, batch = (
        nn.Sequential(nn.ReLU(inplace=True), nn.Linear(4, 2)),
        -torch.ones(2, 4),
    )
    choose_probes(model, batch)
    assert (batch == -1).all()
    assert model.training
    assert not any(module._forward_hooks for module in model.modules())


def test_torchvision_is_not_imported() -> None:
    script = """
import sys, torch
from depthviz.embeddings import choose_probes
choose_probes(torch.nn.Sequential(torch.nn.Linear(2, 2)), torch.randn(1, 2))
sys.exit("torchvision" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
